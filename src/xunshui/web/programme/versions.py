"""The answers of a version in words, and what changed from one submitted version to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xunshui.register import Field, FieldType, Form
from xunshui.web.programme.models import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One answer as it is read: section, field, words."""

    section: str
    field: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An answer that reads otherwise in the newer version."""

    section: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionStep:
    """A submitted version with what it changed against the one before it."""

    version: Submission
    changes: tuple[Change, ...]
    first: bool


def lines_of(form: Form, answers: dict[str, Any]) -> Iterator[AnswerLine]:
    """Yield every answer that is filled in, in the order of the form."""
    for section in form.sections:
        told = answers.get(section.id, {})
        for field in section.fields:
            for label, text in _read(field, told.get(field.id)):
                if text:
                    yield AnswerLine(section=section.title, field=label, text=text)


def history_of(form: Form, versions: list[Submission]) -> list[VersionStep]:
    """Return the versions, newest first, each beside the one before it."""
    ordered = sorted(versions, key=lambda row: row.no)
    steps = [
        VersionStep(
            version=row, changes=() if before is None else changes(form, before, row), first=not before
        )
        for before, row in zip([None, *ordered], ordered, strict=False)
    ]
    return steps[::-1]


def changes(form: Form, before: Submission, after: Submission) -> tuple[Change, ...]:
    """Return the answers that differ between two versions."""
    old = {(line.section, line.field): line.text for line in lines_of(form, before.answers)}
    new = {(line.section, line.field): line.text for line in lines_of(form, after.answers)}
    return tuple(
        Change(section=key[0], field=key[1], before=old.get(key, ""), after=new.get(key, ""))
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    )


def _read(field: Field, value: Any) -> Iterator[tuple[str, str]]:
    """Yield label and words; a field of several years or rows has one pair for each."""
    unit = f"（{field.unit}）" if field.unit else ""
    if value is None or value == "":
        return
    if field.type is FieldType.TABLE:
        for place, row in enumerate(value, start=1):
            titles = {column.id: column.title for column in field.columns}
            told = [f"{titles.get(key, key)} {_words(text)}" for key, text in row.items() if text]
            yield f"{field.title} {place}", "；".join(told)
    elif isinstance(value, dict):
        for year, figure in value.items():
            yield f"{field.title} {year}{unit}", _words(figure)
    else:
        yield f"{field.title}{unit}", _words(_chosen(field, value))


def _chosen(field: Field, value: Any) -> Any:
    return next((choice.title for choice in field.choices if choice.id == value), value)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "、".join(f"{key} {text}" for key, text in value.items() if text not in ("", None))
    if isinstance(value, list):
        return "、".join(_words(row) for row in value)
    return "" if value is None else str(value)
