"""Which sheet holds which table and what its columns are; titles, units and order come from the model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from xunshui.site.columns import Attribute, attributes, tables
from xunshui.site.model import Site

GUIDE_SHEET = "说明"
FORM_SHEET = "站点"
CHOICES_SHEET = "选项"
OUTSIDE_WORD = "外部"
VOLUME_UNIT_LABEL = "水量单位"
VOLUME_UNITS = ("m³", "万m³")
NOTES_MARK = "填写说明"
"""How the row of notes under a header begins; the reader skips that row."""
OWN_COLUMN_MARK = "#"
"""How the title of a column begins that the engineer keeps for herself; the reader skips it."""
EMPTY_WORD = "无"
"""Says "empty text" where a blank cell would mean the default."""

TABLES = (
    "periods",
    "units",
    "streams",
    "meters",
    "products",
    "declarations",
    "permits",
    "documents",
    "quotas",
    "declared",
    "tanks",
    "valves",
    "points",
    "qualities",
    "energy",
    "chemicals",
    "assumptions",
)
"""The tables in the order of their sheets: what everyone fills in comes first."""

_ALWAYS_CUBIC_METRES = ("tanks", "quotas")  # a basin or a quota of 0.05 万m³ is nothing anyone would say
_ENDS = "ends"
REFERENCES: dict[tuple[str, str], str] = {
    ("units", "parent"): "units",
    ("streams", "source"): _ENDS,
    ("streams", "target"): _ENDS,
    ("streams", "meters"): "meters",
    ("tanks", "unit"): "units",
    ("valves", "stream"): "streams",
    ("points", "at"): "pointed",
    ("qualities", "at"): "measured",
    ("qualities", "period"): "periods",
    ("energy", "unit"): "units",
    ("energy", "period"): "periods",
    ("chemicals", "unit"): "units",
    ("chemicals", "period"): "periods",
    ("permits", "document"): "documents",
    ("declarations", "documents"): "documents",
    ("declared", "period"): "periods",
    ("declared", "subject"): "subjects",
}
"""Which table's ids an attribute names; "ends", "pointed", "measured" and "subjects" draw on more than one."""


@cache
def title_of(table: str) -> str:
    """Return the title of a table, which is the name of its sheet."""
    return next(attribute.title for attribute in attributes(Site) if attribute.name == table)


MEMBER = Attribute(
    name="member",
    key="member",
    title=title_of("members"),
    note="空为园区自身，否则填成员的编号",
    unit="",
    required=False,
    by_period=False,
    type=str,
)
"""The first column of every table of a park: whose row it is."""


@cache
def scalars() -> tuple[Attribute, ...]:
    """Return the attributes of a site that are told once: those of the form, and of a row of members."""
    told_once = (attribute for attribute in attributes(Site) if attribute.name not in tables(Site))
    return tuple(sorted(told_once, key=lambda attribute: attribute.name == "format"))


@cache
def attributes_of(table: str) -> tuple[Attribute, ...]:
    """Return what a sheet can hold in its columns, the member column included."""
    return scalars() if table == "members" else (MEMBER, *attributes(tables(Site)[table]))


def sheet_is_required(table: str) -> bool:
    """Tell whether a site cannot be told without this table."""
    return next(attribute.required for attribute in attributes(Site) if attribute.name == table)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: an attribute, for amounts by period one period of it."""

    attribute: Attribute
    period: str | None = None

    @property
    def title(self) -> str:
        """Return the title without its unit: 水量 2023."""
        return f"{self.attribute.title} {self.period}" if self.period else self.attribute.title


def columns_of(table: str, periods: Iterable[str], *, of_park: bool) -> list[Column]:
    """Return the columns of a table's sheet, in the order of the model."""
    ids = list(periods)
    return [
        column
        for attribute in attributes_of(table)
        if of_park or attribute is not MEMBER
        for column in _columns(attribute, ids)
    ]


def _columns(attribute: Attribute, periods: list[str]) -> Iterator[Column]:
    if attribute.by_period:
        yield from (Column(attribute, period) for period in periods)
    else:
        yield Column(attribute)


def follows_volume_unit(table: str, attribute: Attribute) -> bool:
    """Tell whether an amount is written in the workbook's own unit of volume."""
    return attribute.unit == "m³" and table not in _ALWAYS_CUBIC_METRES


def sheet_titles(*, of_park: bool) -> list[str]:
    """Return the names of the sheets a person fills in, in their order."""
    return [FORM_SHEET, *([MEMBER.title] if of_park else []), *(title_of(table) for table in TABLES)]


def unit_shown(table: str, attribute: Attribute, volume_unit: str) -> str:
    """Return the unit that stands under a column's title."""
    return volume_unit if follows_volume_unit(table, attribute) else attribute.unit


def keeps_figures(table: str, attribute: Attribute) -> bool:
    """Tell whether a number is kept as it was written: 98.10 was declared more finely than 98.1."""
    return (table, attribute.name) == ("declared", "value")


def choices_of(attribute: Attribute) -> tuple[int, ...]:
    """Return the whole numbers that an attribute such as a level may have."""
    return get_args(attribute.type) if get_origin(attribute.type) is Literal else ()


def is_identifier(table: str, attribute: Attribute) -> bool:
    """Tell whether an attribute is an id or names one, so that full-width spelling makes no difference."""
    return attribute.name == "id" or attribute is MEMBER or (table, attribute.name) in REFERENCES


@cache
def value_type(attribute: Attribute) -> Any:
    """Return what one cell holds: str, int, Decimal, date, bool, a code list, or tuple for a list of ids."""
    held = get_args(attribute.type)[1] if attribute.by_period else attribute.type
    if get_origin(held) in (Union, UnionType):
        held = next(part for part in get_args(held) if part is not NoneType)
    if get_origin(held) is Annotated:
        held = get_args(held)[0]
    if get_origin(held) is Literal:
        return type(get_args(held)[0])
    return get_origin(held) or held


def is_number(attribute: Attribute) -> bool:
    """Tell whether a column holds amounts."""
    return value_type(attribute) is Decimal


def is_day(attribute: Attribute) -> bool:
    """Tell whether a column holds days."""
    return value_type(attribute) is dt.date


def is_code(attribute: Attribute) -> bool:
    """Tell whether a column holds words of a code list."""
    held = value_type(attribute)
    return isinstance(held, type) and issubclass(held, StrEnum)


@cache
def empty_is_told(table: str) -> frozenset[str]:
    """Return the text attributes for which a blank cell means a default and empty text has to be told."""
    kind = Site if table == "members" else tables(Site)[table]
    return frozenset(field.name for field in fields(kind) if isinstance(field.default, str) and field.default)
