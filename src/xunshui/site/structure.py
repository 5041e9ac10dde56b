"""From raw tables to a site: types, required fields and code lists, with every mistake in the user's words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from xunshui.quantities import NotANumber
from xunshui.site.columns import accepted_keys
from xunshui.site.labels import label_choices
from xunshui.site.mistakes import Loc, Mistake, shown
from xunshui.site.model import Site

Raw = dict[str, Any]


@cache
def adapter() -> TypeAdapter[Site]:
    """Return the validator of the model, built once."""
    return TypeAdapter(Site)


def site_of_raw(raw: object) -> tuple[Site | None, list[Mistake]]:
    """Return the site, or None with what is wrong in its structure."""
    try:
        return adapter().validate_python(raw), []
    except ValidationError as error:
        found = {(_loc(detail), detail["type"]): detail for detail in error.errors()}
        return None, [_mistake(detail) for detail in found.values()]
    except RecursionError:
        return None, [Mistake(loc=(), problem="嵌套过深")]


def _loc(detail: ErrorDetails) -> Loc:
    return tuple(step for step in detail["loc"] if not str(step).startswith(("function-", "constrained-")))


def _mistake(detail: ErrorDetails) -> Mistake:
    loc = _loc(detail)
    problem, accepted = _in_words(detail, loc)
    return Mistake(loc=loc, problem=problem, accepted=accepted)


_PLAIN = {
    "missing": ("缺少必填项", ""),
    "missing_argument": ("缺少必填项", ""),
    "string_type": ("应为文字", ""),
    "string_unicode": ("含有无法识别的字符", ""),
    "string_too_short": ("不能为空", ""),
    "dataclass_type": ("应为一组属性（JSON 对象）", "{ … }"),
    "tuple_type": ("应为列表", "[ … ]"),
    "mapping_type": ("应按时期填写", '{"2023": 数值}'),
    "dict_type": ("应按时期填写", '{"2023": 数值}'),
    "none_required": ("应留空", ""),
}
_SHAPES = {
    "bool": ("应为是或否", "是、否（JSON 中为 true、false）"),
    "date": ("不是日期", "如 2023-12-31"),
    "int": ("应为整数", ""),
}


def _in_words(detail: ErrorDetails, loc: Loc) -> tuple[str, str]:
    kind, typed = detail["type"], shown(detail["input"])
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"不认识的属性“{shown(loc[-1])}”", _known_attributes(loc)
    if kind in ("enum", "literal_error"):
        return f"“{typed}”不在可选范围", label_choices(str(detail["ctx"]["expected"]))
    if kind == "greater_than_equal":
        return f"“{typed}”不能小于 {detail['ctx']['ge']}", ""
    if kind == "string_too_long":
        return f"超过 {detail['ctx']['max_length']} 个字", ""
    if kind == "value_error":
        error = detail["ctx"]["error"]
        return f"“{typed}”{error}", "数字，如 1234.5" if isinstance(error, NotANumber) else ""
    for shape, (problem, accepted) in _SHAPES.items():
        if kind.startswith(shape):
            return f"“{typed}”{problem}", accepted
    return f"“{typed}”：{detail['msg']}", ""


def _known_attributes(loc: Loc) -> str:
    tables = [step for step in loc[:-1] if isinstance(step, str) and step != "members"]
    return "、".join(accepted_keys(Site, tables[0] if tables else None))


def salvage(raw: object, mistakes: list[Mistake]) -> tuple[Site | None, dict[str, list[int]]]:
    """Return what is left of the site without its broken rows, so that references can be checked too.

    The second value gives, for every table, the row each remaining element had in the file.
    """
    if not isinstance(raw, Mapping):
        return None, {}
    broken: dict[str, set[int]] = {}
    gone: set[str] = set()
    for mistake in mistakes:
        match mistake.loc:
            case (str(table), int(row), *_):
                broken.setdefault(table, set()).add(row)
            case (str(key), *_):
                gone.add(key)
    whole = {key: value for key, value in raw.items() if key not in gone}
    rows = {
        key: _kept(value, broken.get(key, set())) for key, value in whole.items() if isinstance(value, list)
    }
    kept = {key: [value[row] for row in rows[key]] if key in rows else value for key, value in whole.items()}
    site, _ = site_of_raw({**_PLACEHOLDERS, **kept})
    return site, cast("dict[str, list[int]]", rows)


def _kept(value: list[Any], broken: set[int]) -> list[int]:
    return [row for row in range(len(value)) if row not in broken]


# A site whose kind could not be read is taken for a park, the kind that may have every attribute.
_PLACEHOLDERS: Raw = {"id": "?", "name": "?", "kind": "park", "periods": [], "units": [], "streams": []}
