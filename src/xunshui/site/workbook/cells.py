"""What a person typed in a cell, as the model's validator takes it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NoReturn

from xunshui.site.columns import Attribute
from xunshui.site.kinds import OUTSIDE
from xunshui.site.labels import LABELS
from xunshui.site.mistakes import shown
from xunshui.site.workbook.grid import ExcelError, Percentage, Uncomputed, is_blank
from xunshui.site.workbook.layout import OUTSIDE_WORD, is_code, value_type

LONGEST_EXACT_INTEGER = 10**15
"""Excel keeps 15 digits; a longer number in a column of text has lost its end."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NARROW: dict[int, int | str] = {
    **_FULL_WIDTH,
    0x3000: " ",
    0x2212: "-",
    0x00A0: " ",
    0x2009: " ",
    0x202F: " ",
}
_NARROW_ALPHANUMERIC = {code: plain for code, plain in _FULL_WIDTH.items() if chr(plain).isalnum()}
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3}|(?: \d{3}))+(?:\.\d+)?")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
_ESCAPED_CONTROL = re.compile(r"_x00[01][0-9A-Fa-f]_")
_MISSING_WORDS = frozenset({"-", "--", "—", "——", "/", "缺测"})
_YES_NO = {
    **dict.fromkeys(("是", "true", "1", "yes", "y", "√"), True),
    **dict.fromkeys(("否", "false", "0", "no", "n", "×"), False),
}
_ERRORS = {
    "#DIV/0!": "除数为零",
    "#REF!": "引用的单元格已删除",
    "#VALUE!": "公式中有不是数字的内容，或日期超出范围",
    "#N/A": "查找不到",
    "#NAME?": "公式名称有误",
    "#NUM!": "数值超出范围",
    "#NULL!": "区域引用有误",
}


class Unreadable(ValueError):
    """A cell that cannot be taken as it stands: what is wrong, and what would be accepted."""

    def __init__(self, problem: str, accepted: str) -> None:
        """Keep both halves of the message."""
        super().__init__(problem)
        self.problem = problem
        self.accepted = accepted


def narrow(text: str) -> str:
    """Return text with full-width figures, letters and signs as plain ones, trimmed.

    >>> narrow(" １，２３４．５　")
    '1,234.5'
    """
    return text.translate(_NARROW).strip()


def computed(cell: object) -> object:
    """Return what stands in a cell, or raise `Unreadable` where a formula left no value."""
    if isinstance(cell, Uncomputed):
        formula = shown(cell.formula.removeprefix("="))
        raise Unreadable(
            f"公式“={formula}”没有保存计算结果", "用 Excel 或 WPS 打开，重新计算后保存，或直接填写数值"
        )
    if isinstance(cell, ExcelError):
        cause = _ERRORS.get(cell.code, "公式出错")
        raise Unreadable(f"单元格是错误值 {cell.code}（{cause}）", "改正公式，或直接填写；缺测留空")
    return cell


def raw_value(cell: object, attribute: Attribute, *, identifier: bool = False) -> Any:
    """Return a cell as the validator takes it, None for a blank one."""
    cell = computed(cell)
    if is_blank(cell):
        return None
    if is_code(attribute):
        return _code(cell, value_type(attribute))
    reader = _READERS.get(value_type(attribute))
    if reader is not None:
        return reader(cell, attribute)
    return identifier_of(cell) if identifier else text_of(cell)


def identifier_of(cell: object) -> str:
    """Return an id as text: 101.0 is "101", ＣＴ１ is "CT1"."""
    return text_of(cell).translate(_NARROW_ALPHANUMERIC)


def end_of(cell: object) -> str:
    """Return the end of a stream: a unit's id, or the word for outside as the model has it."""
    text = identifier_of(cell)
    return OUTSIDE if text == OUTSIDE_WORD else text


def text_of(cell: object) -> str:
    """Return a cell's content as the text that a person sees in it."""
    if isinstance(cell, dt.date):
        raise Unreadable(f"Excel 已把内容变成日期 {cell:%Y-%m-%d}", "把单元格格式设为“文本”后重新输入")
    if isinstance(cell, Percentage):
        return f"{cell.value * 100:f}%"
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, (int, float)):
        return _text_of_number(cell)
    return _ESCAPED_CONTROL.sub("", str(cell)).strip()


def _text_of_number(number: float) -> str:
    if abs(number) >= LONGEST_EXACT_INTEGER:
        raise Unreadable(
            f"长编号“{shown(number)}”被当作数字，末几位已不可靠", "把单元格格式设为“文本”后重新输入"
        )
    return str(int(number)) if number == int(number) else repr(number)


def _number(cell: object, attribute: Attribute) -> object:
    if isinstance(cell, (dt.date, dt.time, dt.timedelta)):
        raise Unreadable(f"应为数字，单元格里是日期或时间 {cell}", "把单元格格式设为“常规”后重新输入")
    if isinstance(cell, Percentage):
        return cell.value * 100 if attribute.unit == "%" else cell.value
    if not isinstance(cell, str):
        return cell
    text = narrow(cell)
    if text in _MISSING_WORDS:
        return None
    if attribute.unit == "%":
        text = text.removesuffix("%").strip()
    if "," in text or " " in text:
        _check_thousands(text)
    return text


def _check_thousands(text: str) -> None:
    # 1,2345 or 1.234,5 would lose its meaning if the separators were simply dropped.
    if not _THOUSANDS.fullmatch(text):
        raise Unreadable(f"“{shown(text)}”中的逗号或空格不在千分位上", "如 12,345.6 或 12345.6")


def _day(cell: object, _: Attribute) -> object:
    if isinstance(cell, dt.date):
        return cell
    text = narrow(text_of(cell))
    found = _DAY.fullmatch(text)
    if found is None:
        _not_a_day(text)
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return dt.date(year, month, day)
    except ValueError:
        _not_a_day(text)


def _not_a_day(text: str) -> NoReturn:
    raise Unreadable(f"“{shown(text)}”不是日期", "如 2023-12-31")


def _yes_no(cell: object, _: Attribute) -> object:
    if isinstance(cell, bool):
        return cell
    text = text_of(cell)
    return _YES_NO.get(narrow(text).lower(), text)


def _whole_number(cell: object, _: Attribute) -> object:
    text = narrow(text_of(cell))
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else text


_READERS: Mapping[Any, Callable[[object, Attribute], object]] = {
    Decimal: _number,
    dt.date: _day,
    bool: _yes_no,
    int: _whole_number,
}


def _code(cell: object, codes: Any) -> str:
    text = text_of(cell)
    return _spellings(codes).get(narrow(text).casefold(), text)


@cache
def _spellings(codes: Any) -> Mapping[str, str]:
    """Return every accepted spelling of a code list: label, code, and both as messages print them."""
    return {
        narrow(spelling).casefold(): code.value
        for code, label in LABELS[codes].items()
        for spelling in (label, code.value, f"{label}({code.value})")
    }


_SEPARATORS = "、,，;；\\s"


def identifiers_of(cell: object, known: tuple[str, ...]) -> list[str]:
    """Return the ids of a list; an id of `known` that holds a blank or a comma itself stays whole.

    >>> identifiers_of("FM 101、FM-2，FM-3", ("FM 101", "FM-2"))
    ['FM 101', 'FM-2', 'FM-3']
    """
    return [identifier_of(found) for found in _id_pattern(known).findall(identifier_of(cell))]


@lru_cache(maxsize=16)
def _id_pattern(known: tuple[str, ...]) -> re.Pattern[str]:
    odd = sorted((name for name in known if re.search(f"[{_SEPARATORS}]", name)), key=len, reverse=True)
    whole = "".join(f"{re.escape(name)}(?![^{_SEPARATORS}])|" for name in odd)
    return re.compile(f"(?<![^{_SEPARATORS}])(?:{whole}[^{_SEPARATORS}]+)")
