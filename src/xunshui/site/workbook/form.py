"""The sheet of a site's own attributes: a label in the first column, the value beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from xunshui.quantities import UnitMismatch, unit_of
from xunshui.site.columns import Attribute
from xunshui.site.mistakes import Mistake, shown
from xunshui.site.structure import Raw
from xunshui.site.workbook.cells import Unreadable, computed, narrow, raw_value, text_of
from xunshui.site.workbook.grid import Grid, is_blank
from xunshui.site.workbook.header import title_text
from xunshui.site.workbook.layout import (
    FORM_SHEET,
    OWN_COLUMN_MARK,
    VOLUME_UNIT_LABEL,
    VOLUME_UNITS,
    is_identifier,
    scalars,
)
from xunshui.site.workbook.places import Places

FORM_HEADS = ("项目", "填写内容", "单位", "填写说明")


@dataclass(slots=True)
class Form:
    """What the form says."""

    raw: Raw = field(default_factory=dict)
    volume_unit: str = VOLUME_UNITS[0]
    found: list[Mistake] = field(default_factory=list)


def read_form(grid: Grid, places: Places) -> Form:
    """Return what was filled in beside each label, with the mistakes met."""
    form = Form()
    for row, label in _labels(grid):
        attribute, column = None, 1
        try:
            attribute = _attribute(label, places)
            column = places.form_column
            if attribute is not None:
                places.form[attribute.key] = row
            _take(form, attribute, grid.cell(row - 1, 1))
        except Unreadable as error:
            place = places.cell(FORM_SHEET, row, column, label)
            loc = (attribute.key,) if attribute else ()
            form.found.append(Mistake(loc=loc, place=place, problem=error.problem, accepted=error.accepted))
    return form


def _labels(grid: Grid) -> Iterator[tuple[int, str]]:
    for number, cells in enumerate(grid.rows, start=1):
        try:
            label = title_text(cells[0]).removesuffix("*").strip() if cells else ""
        except Unreadable as error:
            label = str(error)
        if label and label != FORM_HEADS[0] and not label.startswith(OWN_COLUMN_MARK):
            yield number, label


def _attribute(label: str, places: Places) -> Attribute | None:
    """Return the attribute of a label, None for the unit of volume, or raise `Unreadable`."""
    if label == VOLUME_UNIT_LABEL:
        return None
    for attribute in scalars():
        if label in (attribute.title, attribute.key):
            if attribute.key in places.form:
                raise Unreadable(f"“{label}”出现了两次", "只保留一行")
            return attribute
    titles = "、".join(attribute.title for attribute in scalars())
    raise Unreadable(f"不认识的项目“{shown(label)}”", f"{titles}、{VOLUME_UNIT_LABEL}")


def _take(form: Form, attribute: Attribute | None, cell: object) -> None:
    if attribute is None:
        form.volume_unit = _volume_unit(cell)
        return
    value = raw_value(cell, attribute, identifier=is_identifier("members", attribute))
    if value is not None:
        form.raw[attribute.key] = value


def _volume_unit(cell: object) -> str:
    if is_blank(computed(cell)):
        return VOLUME_UNITS[0]
    text = narrow(text_of(cell))
    try:
        symbol = unit_of(text).symbol
    except UnitMismatch:
        symbol = ""
    if symbol not in VOLUME_UNITS:
        raise Unreadable(f"“{shown(text)}”不是水量单位", "、".join(VOLUME_UNITS))
    return symbol
