"""From a posted form to answers and back to inputs: what was typed is kept as typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from xunshui.register import Column, Field, FieldType, Section
from xunshui.site.filing import AnswerMistake

SPARE_ROWS = 2
"""Empty rows offered below a table, so that a row can be added without JavaScript."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One box of the page: its name in the form, what it holds and what is wrong with it."""

    name: str
    label: str
    value: Any
    type: str
    unit: str = ""
    choices: Sequence[Any] = ()
    mistake: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A field as it stands on the page: one box, a box a year, or rows of boxes."""

    field: Field
    boxes: tuple[Input, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[Input, ...], ...] = ()
    mistakes: tuple[str, ...] = ()


def answers_posted(section: Section, post: QueryDict, years: Sequence[int]) -> dict[str, Any]:
    """Return the answers of a section as they were typed; what was left empty is absent."""
    found = {
        field.id: _posted(field, field.id, post, years) for field in section.fields if field.type != "file"
    }
    return {key: value for key, value in found.items() if value not in (None, "", {}, [])}


def shown_fields(
    section: Section, answers: Mapping[str, Any], mistakes: Sequence[AnswerMistake], years: Sequence[int]
) -> list[Shown]:
    """Return the fields of a section with their boxes filled in and their mistakes beside them."""
    return [_shown(field, answers.get(field.id), mistakes, years) for field in section.fields]


def grouped(fields: Sequence[Shown]) -> list[tuple[bool, list[Shown]]]:
    """Return the fields in runs: neighbours asked by year stand in one table, whatever else alone."""
    runs: list[tuple[bool, list[Shown]]] = []
    for shown in fields:
        by_year = shown.field.per_year
        if by_year and runs and runs[-1][0]:
            runs[-1][1].append(shown)
        else:
            runs.append((by_year, [shown]))
    return runs


def _posted(field: Field | Column, name: str, post: QueryDict, years: Sequence[int]) -> Any:
    if isinstance(field, Field) and field.type is FieldType.TABLE:
        return _posted_rows(field, post, years)
    if field.per_year:
        typed = {str(year): post.get(f"{name}.{year}", "").strip() for year in years}
        return {year: text for year, text in typed.items() if text}
    text = post.get(name, "").replace("\r\n", "\n").strip()
    if field.type == "yes_no":
        return {"yes": True, "no": False}.get(text)
    return text


def _posted_rows(field: Field, post: QueryDict, years: Sequence[int]) -> list[dict[str, Any]]:
    numbers = {
        int(key.split(".")[1])
        for key in post
        if key.startswith(f"{field.id}.") and key.split(".")[1].isdecimal() and len(key.split(".")[1]) < 5
    }
    rows = [_posted_row(field, number, post, years) for number in sorted(numbers)]
    return [row for row in rows if row]


def _posted_row(field: Field, number: int, post: QueryDict, years: Sequence[int]) -> dict[str, Any]:
    cells = {
        column.id: _posted(column, f"{field.id}.{number}.{column.id}", post, years)
        for column in field.columns
    }
    return {key: value for key, value in cells.items() if value not in (None, "", {})}


def _shown(field: Field, answer: Any, mistakes: Sequence[AnswerMistake], years: Sequence[int]) -> Shown:
    own = [row for row in mistakes if row.field == field.id]
    if field.type == "table":
        return _shown_table(field, answer if isinstance(answer, list) else [], own, years)
    told = tuple(dict.fromkeys(_text(row) for row in own))
    return Shown(field=field, boxes=_boxes(field, field.id, answer, years), mistakes=told)


def _shown_table(
    field: Field, answer: list[dict[str, Any]], mistakes: Sequence[AnswerMistake], years: Sequence[int]
) -> Shown:
    rows = [*answer, *({} for _ in range(SPARE_ROWS))]
    shown = tuple(
        tuple(
            box
            for column in field.columns
            for box in _boxes(column, f"{field.id}.{number}.{column.id}", row.get(column.id), years)
        )
        for number, row in enumerate(rows)
    )
    heads = tuple(
        head
        for column in field.columns
        for head in ([f"{year}年{column.title}" for year in years] if column.per_year else [column.title])
    )
    told = tuple(
        f"第 {row.row + 1} 行：{_text(row)}" if row.row is not None else _text(row) for row in mistakes
    )
    return Shown(field=field, heads=heads, rows=shown, mistakes=told)


def _boxes(field: Field | Column, name: str, answer: Any, years: Sequence[int]) -> tuple[Input, ...]:
    if not field.per_year:
        return (_box(field, name, field.title, answer),)
    told = answer if isinstance(answer, dict) else {}
    return tuple(
        _box(field, f"{name}.{year}", f"{year}年{field.title}", told.get(str(year))) for year in years
    )


def _box(field: Field | Column, name: str, label: str, value: Any) -> Input:
    shown = {True: "yes", False: "no"}.get(value, value) if field.type == "yes_no" else value
    return Input(
        name=name,
        label=label,
        value="" if shown is None else shown,
        type=field.type,
        unit=field.unit,
        choices=field.choices,
    )


def _text(mistake: AnswerMistake) -> str:
    return f"{mistake.problem}；{mistake.accepted}" if mistake.accepted else mistake.problem
