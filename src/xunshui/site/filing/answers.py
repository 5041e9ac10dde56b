"""Check answers against their form: every mistake at once, each with its place and what would be accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xunshui.quantities import NotANumber, decimal_of
from xunshui.register import Column, Field, FieldType, Form, Section
from xunshui.site.credit_code import check_character
from xunshui.site.mistakes import shown

Answers = Mapping[str, Mapping[str, Any]]
MOST_ROWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMistake:
    """One thing wrong in the answers; `row` counts a table's rows from 0."""

    section: str
    field: str
    title: str
    problem: str
    accepted: str = ""
    row: int | None = None
    year: str = ""

    def __str__(self) -> str:
        """Say it in one line."""
        place = self.title + (f" 第 {self.row + 1} 行" if self.row is not None else "")
        place += f" {self.year} 年" if self.year else ""
        return f"{place}：{self.problem}" + (f"；可填：{self.accepted}" if self.accepted else "")


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What is wrong with one value, before it is known where it stands."""

    problem: str
    accepted: str = ""


def check_answers(
    form: Form, answers: Answers, *, kind: str, years: Sequence[int], draft: bool = False
) -> tuple[AnswerMistake, ...]:
    """Return every mistake in the answers; a draft may lack what is required but not hold what cannot be read."""
    return tuple(
        mistake
        for section in form.sections_for(kind)
        for mistake in _in_section(section, answers.get(section.id, {}), years, draft)
    )


def _in_section(
    section: Section, answers: Mapping[str, Any], years: Sequence[int], draft: bool
) -> Iterator[AnswerMistake]:
    for field in section.fields:
        if field.type is not FieldType.FILE:
            yield from _in_field(section, field, answers.get(field.id), years, draft)
    for unknown in answers.keys() - {field.id for field in section.fields}:
        yield AnswerMistake(
            section=section.id,
            field=unknown,
            title=shown(unknown),
            problem="表样里没有这一栏",
            accepted="、".join(field.id for field in section.fields[:12]),
        )


def _in_field(
    section: Section, field: Field, value: Any, years: Sequence[int], draft: bool
) -> Iterator[AnswerMistake]:
    def told(wrong: _Wrong, row: int | None = None, year: str = "", title: str = "") -> AnswerMistake:
        return AnswerMistake(
            section=section.id,
            field=field.id,
            title=title or field.title,
            problem=wrong.problem,
            accepted=wrong.accepted,
            row=row,
            year=year,
        )

    if value in (None, "", [], {}):
        if field.required and not draft:
            yield told(_Wrong("还没有填写"))
    elif field.type is FieldType.TABLE:
        for row, column, wrong in _in_rows(field, value, years, draft):
            yield told(wrong, row, title=f"{field.title}·{column}" if column else "")
    else:
        for year, wrong in _in_value(field, value, years, draft):
            yield told(wrong, year=year)
        if field.max_length and isinstance(value, str) and len(value) > field.max_length:
            yield told(_Wrong(f"{len(value)} 字，超过 {field.max_length} 字"))
        bad_code = _credit_code(value) if field.id == "credit_code" and isinstance(value, str) else None
        if bad_code is not None:
            yield told(bad_code)


def _in_rows(
    field: Field, rows: Any, years: Sequence[int], draft: bool
) -> Iterator[tuple[int | None, str, _Wrong]]:
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        yield None, "", _Wrong(f"应为最多 {MOST_ROWS} 行的表")
        return
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            yield number, "", _Wrong("应为一行表格")
            continue
        for column in field.columns:
            value = row.get(column.id)
            if value in (None, "", {}):
                if column.required and not draft:
                    yield number, column.title, _Wrong("还没有填写")
                continue
            for year, wrong in _in_value(column, value, years, draft=True):
                yield number, f"{column.title}{year}", wrong


def _in_value(
    field: Field | Column, value: Any, years: Sequence[int], draft: bool
) -> Iterator[tuple[str, _Wrong]]:
    if not field.per_year:
        if wrong := _read(field, value):
            yield "", wrong
        return
    if not isinstance(value, Mapping):
        yield "", _Wrong("应按年份填写", "、".join(map(str, years)))
        return
    for year in map(str, years):
        typed = value.get(year)
        if typed in (None, ""):
            if field.required and not draft:
                yield year, _Wrong("还没有填写", "没有此类水量填 0")
        elif wrong := _read(field, typed):
            yield year, wrong


def _read(field: Field | Column, value: Any) -> _Wrong | None:
    return _READERS[field.type](field, value)


def _text(field: Field | Column, value: Any) -> _Wrong | None:
    return None if isinstance(value, str) else _Wrong("应为文字")


def _decimal(field: Field | Column, value: Any) -> _Wrong | None:
    try:
        number = decimal_of(value)
    except NotANumber as error:
        return _Wrong(f"“{shown(value)}”{error}", "数字，如 1234.5")
    return None if number >= 0 else _Wrong(f"“{shown(value)}”不能小于 0", "0 或正数")


def _integer(field: Field | Column, value: Any) -> _Wrong | None:
    wrong = _decimal(field, value)
    if wrong is None and decimal_of(value) != decimal_of(value).to_integral_value():
        return _Wrong(f"“{shown(value)}”不是整数", "整数，如 120")
    return wrong


def _date(field: Field | Column, value: Any) -> _Wrong | None:
    try:
        dt.date.fromisoformat(str(value))
    except ValueError:
        return _Wrong(f"“{shown(value)}”不是日期", "如 2023-12-31")
    return None


def _choice(field: Field | Column, value: Any) -> _Wrong | None:
    if any(choice.id == value for choice in field.choices):
        return None
    return _Wrong(f"“{shown(value)}”不在可选范围", "、".join(choice.title for choice in field.choices))


def _yes_no(field: Field | Column, value: Any) -> _Wrong | None:
    return None if isinstance(value, bool) else _Wrong(f"“{shown(value)}”应为是或否", "是、否")


def _nothing(field: Field | Column, value: Any) -> _Wrong | None:
    return None


_READERS: dict[FieldType, Callable[[Field | Column, Any], _Wrong | None]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.DECIMAL: _decimal,
    FieldType.INTEGER: _integer,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.YES_NO: _yes_no,
    FieldType.FILE: _nothing,
    FieldType.TABLE: _nothing,
}


def _credit_code(code: str) -> _Wrong | None:
    expected = check_character(code[:17]) if len(code) == 18 else None
    if expected is None:
        return _Wrong("应为 18 位数字和大写字母（不含 I、O、S、V、Z）")
    return None if code[17] == expected else _Wrong(f"校验位不符，前 17 位对应的末位是“{expected}”")


def number_in(value: Any) -> Decimal | None:
    """Return a typed figure as a decimal, or None where it is none: a draft may hold anything."""
    try:
        return decimal_of(value) if value not in (None, "") else None
    except NotANumber:
        return None
