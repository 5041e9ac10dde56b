"""Check answers against their form: every mistake at once, each with its place and what would be accepted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xunshui.quantities import NotANumber, decimal_of
from xunshui.register import Column, Field, FieldType, Form, Section
from xunshui.site.filing.meaning import Wrong, wrong_meaning
from xunshui.site.filing.to_site import COMPLIANT
from xunshui.site.filing.told import Answers, by_year, day_in, told
from xunshui.site.kinds import WaterKind
from xunshui.site.mistakes import choices, shown

MOST_ROWS = 200
LONGEST_TEXT = 4000
"""Characters of a text whose field sets no limit of its own: what a site's file holds."""
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMistake:
    """One thing wrong in the answers; `row` counts a table's rows from 0, `missing` tells a blank from a slip."""

    section: str
    field: str
    title: str
    problem: str
    accepted: str = ""
    row: int | None = None
    column: str = ""
    year: str = ""
    missing: bool = False

    def __str__(self) -> str:
        """Say it in one line."""
        place = self.title + (f" 第 {self.row + 1} 行" if self.row is not None else "")
        place += f" {self.year} 年" if self.year else ""
        return f"{place}：{self.problem}" + (f"；可填：{self.accepted}" if self.accepted else "")


def check_answers(
    form: Form, answers: Answers, *, kind: str, years: Sequence[int], draft: bool = False
) -> tuple[AnswerMistake, ...]:
    """Return every mistake in the answers; a draft may lack what is required but not hold what cannot be read."""
    asked = form.sections_for(kind)
    found = [
        *(
            mistake
            for section in asked
            for mistake in _in_section(section, answers.get(section.id, {}), years)
        ),
        *_unknown_sections(form, answers),
        *_beyond_discharge(form, answers, kind, years),
    ]
    return tuple(mistake for mistake in found if not (draft and mistake.missing))


def missing_required(
    form: Form, answers: Answers, *, kind: str, years: Sequence[int]
) -> tuple[AnswerMistake, ...]:
    """Return what is still to be filled in before the answers can be handed in."""
    return tuple(row for row in check_answers(form, answers, kind=kind, years=years) if row.missing)


def _in_section(section: Section, answers: object, years: Sequence[int]) -> Iterator[AnswerMistake]:
    if not isinstance(answers, Mapping):
        wrong = Wrong("应为一组栏目", choices(field.id for field in section.fields))
        yield _mistake(section, "", section.title, wrong)
        return
    for field in section.fields:
        if field.type is not FieldType.FILE:
            yield from _in_field(section, field, answers.get(field.id), years)
    for unknown in answers.keys() - {field.id for field in section.fields}:
        wrong = Wrong("表样里没有这一栏", choices(field.id for field in section.fields))
        yield _mistake(section, str(unknown), shown(unknown), wrong)


def _mistake(section: Section, field_id: str, title: str, wrong: Wrong, **more: Any) -> AnswerMistake:
    return AnswerMistake(
        section=section.id,
        field=field_id,
        title=title,
        problem=wrong.problem,
        accepted=wrong.accepted,
        missing=wrong.problem == _BLANK,
        **more,
    )


_BLANK = "还没有填写"


def _in_field(section: Section, field: Field, value: Any, years: Sequence[int]) -> Iterator[AnswerMistake]:
    if value in _EMPTY:
        if field.required:
            yield _mistake(section, field.id, field.title, Wrong(_BLANK))
    elif field.type is FieldType.TABLE:
        yield from _in_rows(section, field, value, years)
    else:
        for year, wrong in _in_value(field, value, years):
            yield _mistake(section, field.id, field.title, wrong, year=year)


def _in_rows(section: Section, field: Field, rows: Any, years: Sequence[int]) -> Iterator[AnswerMistake]:
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        yield _mistake(section, field.id, field.title, Wrong(f"应为最多 {MOST_ROWS} 行的表"))
        return
    for number, row in enumerate(rows):
        for column, year, wrong in _in_row(field, row, years):
            told_title = f"{field.title}·{column.title}" if column else field.title
            yield _mistake(
                section,
                field.id,
                told_title,
                wrong,
                row=number,
                column=column.id if column else "",
                year=year,
            )


def _in_row(field: Field, row: Any, years: Sequence[int]) -> Iterator[tuple[Column | None, str, Wrong]]:
    if not isinstance(row, Mapping):
        yield None, "", Wrong("应为一行表格")
        return
    for column in field.columns:
        value = row.get(column.id)
        if value not in _EMPTY:
            for year, wrong in _in_value(column, value, years):
                yield column, year, wrong
        elif column.required:
            yield column, "", Wrong(_BLANK)
    for unknown in row.keys() - {column.id for column in field.columns}:
        yield None, "", Wrong(f"没有“{shown(unknown)}”这一列", choices(column.id for column in field.columns))


def _in_value(field: Field | Column, value: Any, years: Sequence[int]) -> Iterator[tuple[str, Wrong]]:
    if not field.per_year:
        if wrong := _read(field, value):
            yield "", wrong
        return
    asked = [str(year) for year in years]
    if not isinstance(value, Mapping):
        yield "", Wrong("应按年份填写", "、".join(asked))
        return
    for year in asked:
        typed = value.get(year)
        if typed not in _EMPTY:
            if wrong := _read(field, typed):
                yield year, wrong
        elif field.required:
            yield year, Wrong(_BLANK, "没有此类水量填 0")
    for other in value.keys() - set(asked):
        yield "", Wrong(f"不填“{shown(other)}”年", "、".join(asked))


def _read(field: Field | Column, value: Any) -> Wrong | None:
    return _READERS[field.type](field, value) or wrong_meaning(field.id, value)


def _text(field: Field | Column, value: Any) -> Wrong | None:
    if not isinstance(value, str):
        return Wrong("应为文字")
    longest = (field.max_length if isinstance(field, Field) else None) or LONGEST_TEXT
    if len(value) > longest:
        return Wrong(f"{len(value)} 字，超过 {longest} 字", f"不超过 {longest} 字")
    return Wrong("含有控制字符", "删去后重填") if _CONTROL.search(value) else None


def _decimal(field: Field | Column, value: Any) -> Wrong | None:
    try:
        number = decimal_of(value)
    except NotANumber as error:
        return Wrong(f"“{shown(value)}”{error}", "数字，如 1234.5")
    return None if number >= 0 else Wrong(f"“{shown(value)}”不能小于 0", "0 或正数")


def _integer(field: Field | Column, value: Any) -> Wrong | None:
    wrong = _decimal(field, value)
    if wrong is None and decimal_of(value) != decimal_of(value).to_integral_value():
        return Wrong(f"“{shown(value)}”不是整数", "整数，如 120")
    return wrong


def _date(field: Field | Column, value: Any) -> Wrong | None:
    return None if day_in(value) else Wrong(f"“{shown(value)}”不是日期", "如 2023-12-31")


def _choice(field: Field | Column, value: Any) -> Wrong | None:
    if any(choice.id == value for choice in field.choices):
        return None
    return Wrong(f"“{shown(value)}”不在可选范围", "、".join(choice.title for choice in field.choices))


def _yes_no(field: Field | Column, value: Any) -> Wrong | None:
    return None if isinstance(value, bool) else Wrong(f"“{shown(value)}”应为是或否", "是、否")


def _nothing(field: Field | Column, value: Any) -> Wrong | None:
    return None


_READERS: dict[FieldType, Callable[[Field | Column, Any], Wrong | None]] = {
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


def _unknown_sections(form: Form, answers: Answers) -> Iterator[AnswerMistake]:
    """Yield a mistake for each part of the answers that the form has no section for; other kinds' sections may stay."""
    for unknown in answers.keys() - {section.id for section in form.sections}:
        yield AnswerMistake(
            section=str(unknown),
            field="",
            title=shown(unknown),
            problem="表样里没有这一节",
            accepted=choices(section.id for section in form.sections),
        )


def _beyond_discharge(
    form: Form, answers: Answers, kind: str, years: Sequence[int]
) -> Iterator[AnswerMistake]:
    """Yield a mistake for each year in which more complied than was discharged."""
    flat = told(form, answers, kind)
    fields = [(section, field) for section in form.sections_for(kind) for field in section.fields]
    drained = next((field.id for _, field in fields if field.water == WaterKind.DISCHARGE), "")
    most, compliant = by_year(flat.get(drained), years), by_year(flat.get(COMPLIANT), years)
    beyond = [year for year in compliant.keys() & most.keys() if compliant[year] > most[year]]
    for section, field in fields:
        for year in sorted(beyond) if field.id == COMPLIANT else ():
            wrong = Wrong(f"达标水量 {compliant[year]} 大于排水量 {most[year]}", f"0–{most[year]}")
            yield _mistake(section, field.id, field.title, wrong, year=year)
