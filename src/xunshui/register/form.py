"""Forms as dated rows: which sections and fields an application has, so that a real annex replaces ours without code."""

from __future__ import annotations

import datetime as dt
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


@entry
class Field:
    """One field of a form; `per_year` asks for a value for each of the last full years."""

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
    grade: Grade = Grade.D


@entry
class Section:
    """A part of a form; `kinds` are the kinds of applicants that fill it in, all where it names none."""

    id: str
    title: str
    note: str = ""
    kinds: tuple[str, ...] = ()
    fields: tuple[Field, ...]

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

    def sections_for(self, kind: str) -> tuple[Section, ...]:
        """Return the sections that an applicant of this kind fills in."""
        return tuple(section for section in self.sections if not section.kinds or kind in section.kinds)

    def section(self, section_id: str) -> Section | None:
        """Return the section of that id, or None."""
        return next((section for section in self.sections if section.id == section_id), None)


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
