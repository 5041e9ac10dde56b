"""What answers tell, by what a field means rather than where it stands: an authority's own form orders them otherwise."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from xunshui.quantities import NotANumber, decimal_of
from xunshui.register import Field, Form, FormInvalid
from xunshui.site.kinds import WaterKind

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Answers = Mapping[str, Mapping[str, Any]]
"""Answers by section and field, as they were typed."""


def told(form: Form, answers: Answers, kind: str) -> dict[str, Any]:
    """Return the answers to the questions that an applicant of this kind is asked, by field."""
    return {
        field.id: answer
        for section in form.sections_for(kind)
        for field, answer in _answered(section.fields, answers.get(section.id))
    }


def _answered(fields: Sequence[Field], answers: object) -> Iterator[tuple[Field, Any]]:
    if not isinstance(answers, Mapping):
        return
    for field in fields:
        if answers.get(field.id) not in (None, "", [], {}):
            yield field, answers[field.id]


def arranged(form: Form, flat: Mapping[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """Return answers by section from answers by field; what the form does not ask is left out."""
    sections = {
        section.id: {field.id: flat[field.id] for field in section.fields if field.id in flat}
        for section in form.sections_for(kind)
    }
    return {section: answers for section, answers in sections.items() if answers}


def ledger_fields(form: Form, kind: str) -> tuple[tuple[Field, WaterKind], ...]:
    """Return the fields that are lines of the ledger, each with its kind of water.

    Raises `FormInvalid` where a form names a kind that does not exist.
    """
    fields = [field for section in form.sections_for(kind) for field in section.fields if field.water]
    unknown = [field for field in fields if field.water not in set(WaterKind)]
    if unknown:
        raise FormInvalid(
            f"表样 {form.id} 的栏目“{unknown[0].id}”：不认识水的类别“{unknown[0].water}”，可用：{'、'.join(WaterKind)}"
        )
    return tuple((field, WaterKind(field.water)) for field in fields)


def by_year(answer: Any, years: Sequence[int]) -> dict[str, Decimal]:
    """Return the figures of a yearly answer; a year without a readable one is missing, never zero."""
    if not isinstance(answer, Mapping):
        return {}
    figures = {str(year): number_in(answer.get(str(year))) for year in years}
    return {year: figure for year, figure in figures.items() if figure is not None}


def rows_of(answer: Any) -> list[Mapping[str, Any]]:
    """Return the rows of a table's answer, without those that nobody has filled in."""
    rows = answer if isinstance(answer, list) else []
    filled = [
        {key: value for key, value in row.items() if value not in (None, "", {})}
        for row in rows
        if isinstance(row, Mapping)
    ]
    return [row for row in filled if row]


def day_in(value: Any) -> dt.date | None:
    """Return a typed day, written like 2023-12-31, or None where it is none.

    >>> day_in("2023-12-31"), day_in("20231231")
    (datetime.date(2023, 12, 31), None)
    """
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def number_in(value: Any) -> Decimal | None:
    """Return a typed figure as a decimal, or None where it is none or below zero: a draft may hold anything."""
    try:
        figure = decimal_of(value) if value not in (None, "") else None
    except NotANumber:
        return None
    return None if figure is None or figure < 0 else figure
