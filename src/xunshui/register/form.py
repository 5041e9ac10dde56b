"""Forms as dated rows: which sections and fields an application has, so that a real annex replaces ours without code.

A field's id says what it means (``credit_code``, ``plan_m3``), its section only where it stands: an authority's own
form may order the same fields otherwise. `water` makes a field a line of the ledger.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from xunshui.register.model import Grade, entry


class FieldType(StrEnum):
    """What is typed into a field."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    FILE = "file"
    TABLE = "table"


@entry
class Choice:
    """One option of a field."""

    id: str
    title: str


@entry
class Column:
    """One column of a table field."""

    id: str
    title: str
    type: FieldType = FieldType.TEXT
    unit: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    per_year: bool = False

    def __post_init__(self) -> None:
        """Refuse a choice of nothing."""
        _refuse_choice_of_nothing(self)


@entry
class Field:
    """One field of a form; `per_year` asks for a value for each of the last full years.

    `water` names the kind of water whose volume is asked for, `production` whether production used it.
    """

    id: str
    title: str
    type: FieldType = FieldType.TEXT
    unit: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    columns: tuple[Column, ...] = ()
    max_length: int | None = None
    per_year: bool = False
    note: str = ""
    water: str = ""
    production: bool = True
    source: str = "OWN"
    grade: Grade = Grade.D

    def __post_init__(self) -> None:
        """Refuse a choice of nothing and a table that could not be filled in."""
        _refuse_choice_of_nothing(self)
        if (self.type is FieldType.TABLE) != bool(self.columns):
            raise ValueError(f"栏目“{self.id}”：表格须有列，其他类型不能有列")
        _refuse_repeated("列", self.id, (column.id for column in self.columns))


@entry
class Section:
    """A part of a form; `kinds` are the kinds of applicants that fill it in, all where it names none."""

    id: str
    title: str
    note: str = ""
    kinds: tuple[str, ...] = ()
    fields: tuple[Field, ...]

    def __post_init__(self) -> None:
        """Refuse an id that two fields share: one answer would stand for both."""
        _refuse_repeated("栏目", self.id, (field.id for field in self.fields))

    def field(self, field_id: str) -> Field | None:
        """Return the field of that id, or None."""
        return next((field for field in self.fields if field.id == field_id), None)


@entry
class Form:
    """A form of a notice; `official` says whether it is the authority's own or derived by us."""

    id: str
    title: str
    notice: str
    version: str
    official: bool
    valid_from: dt.date
    note: str = ""
    sections: tuple[Section, ...]

    def __post_init__(self) -> None:
        """Refuse an id that two sections share."""
        _refuse_repeated("章节", self.id, (section.id for section in self.sections))

    def sections_for(self, kind: str) -> tuple[Section, ...]:
        """Return the sections that an applicant of this kind fills in."""
        return tuple(section for section in self.sections if not section.kinds or kind in section.kinds)

    def section(self, section_id: str) -> Section | None:
        """Return the section of that id, or None."""
        return next((section for section in self.sections if section.id == section_id), None)


def _refuse_choice_of_nothing(field: Field | Column) -> None:
    if (field.type is FieldType.CHOICE) != bool(field.choices):
        raise ValueError(f"栏目“{field.id}”：选择题须有选项，其他类型不能有选项")


def _refuse_repeated(what: str, within: str, ids: Iterable[str]) -> None:
    twice = [name for name, times in Counter(ids).items() if times > 1]
    if twice:
        raise ValueError(f"“{within}”中{what}编号重复：{'、'.join(twice)}")


@entry
class RecommendingBody:
    """One of the bodies that recommend: a province, a city with its own plan, or the corps; `column`, `row` place its tile."""

    code: str
    short_name: str
    name: str
    department: str
    column: int
    row: int


@entry
class Direction:
    """A direction of the call."""

    id: str
    title: str
    clause: str
    text: str


@entry
class AttachmentKind:
    """A kind of proof document, who needs it and which fields it bears out."""

    code: str
    title: str
    note: str = ""
    always: bool = False
    kinds: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    fast_track: bool = False
    joint: bool = False
    supports: tuple[str, ...] = ()
    grade: Grade

    def is_required(self, *, kind: str, direction: str, fast_track: bool, joint: bool) -> bool:
        """Return whether an application of this kind cannot be handed in without it."""
        return (
            self.always
            or kind in self.kinds
            or direction in self.directions
            or (self.fast_track and fast_track)
            or (self.joint and joint)
        )
