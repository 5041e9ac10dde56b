"""Put a value of the model into a cell, so that it reads back to the same value."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Any

from xlsxwriter.worksheet import Worksheet

from xunshui.site.kinds import OUTSIDE
from xunshui.site.labels import label
from xunshui.site.workbook.cells import identifiers_of
from xunshui.site.workbook.layout import (
    EMPTY_WORD,
    OUTSIDE_WORD,
    REFERENCES,
    VOLUME_UNITS,
    Column,
    empty_is_told,
    follows_volume_unit,
    keeps_figures,
)
from xunshui.site.workbook.look import Look
from xunshui.site.workbook.values import scaled

EARLIEST_EXCEL_DAY = dt.date(1901, 1, 1)
"""Excel counts days from 1900, with a day that never was in its February."""


_NO_CHARACTERS = dict.fromkeys((0xFFFE, 0xFFFF))
"""Code points that are no characters: XML forbids them. Control characters are escaped by XlsxWriter."""


class NotSeparable(ValueError):
    """Ids that hold the signs which part the ids of a list, so that a cell could not be read back."""


def content_of(element: Any, table: str, column: Column, volume_unit: str, ids: tuple[str, ...]) -> Any:
    """Return what stands in the cell of an element: text, a number, a day, or None for a blank."""
    attribute = column.attribute
    value = getattr(element, attribute.name)
    if column.period is not None:
        value = value.get(column.period)
    if isinstance(value, tuple):
        return _joined(value, ids)
    if value == "" and attribute.name in empty_is_told(table):
        return EMPTY_WORD
    if value == OUTSIDE and REFERENCES.get((table, attribute.name)) == "ends":
        return OUTSIDE_WORD
    if keeps_figures(table, attribute):
        return str(value)
    if follows_volume_unit(table, attribute):
        return scaled(value, VOLUME_UNITS[0], volume_unit)
    return value


def put(sheet: Worksheet, row: int, number: int, content: Any, look: Look, style_name: str) -> str:
    """Write a content into a cell and return the text that a person sees, for the width of the column."""
    style = look[style_name]
    if content is None or content == "":
        sheet.write_blank(row, number, None, style)
        return ""
    if isinstance(content, dt.date) and content >= EARLIEST_EXCEL_DAY:
        sheet.write_datetime(row, number, content, style)
        return content.isoformat()
    if isinstance(content, Decimal) and is_exact_in_excel(content):
        sheet.write_number(row, number, float(content), style)
        return f"{content:,f}"
    if isinstance(content, int) and not isinstance(content, bool):
        sheet.write_number(row, number, content, look["whole"])
        return str(content)
    sheet.write_string(row, number, _text(content), style)
    return _text(content)


def is_exact_in_excel(value: Decimal) -> bool:
    """Tell whether a number survives Excel's 16 digits; one that does not is written as text.

    >>> is_exact_in_excel(Decimal("0.1")), is_exact_in_excel(Decimal("12345678901234567.1"))
    (True, False)
    """
    return Decimal(repr(float(f"{float(value):.16G}"))) == value


def _text(content: Any) -> str:
    if isinstance(content, bool):
        return "是" if content else "否"
    if isinstance(content, StrEnum):
        return label(content)
    if isinstance(content, dt.date):
        return content.isoformat()
    return str(content).translate(_NO_CHARACTERS)


def _joined(names: tuple[str, ...], known: tuple[str, ...]) -> str:
    for separator in ("、", "；", "，", " "):
        text = separator.join(names)
        if identifiers_of(text, known) == list(names):
            return text
    if not names:
        return ""
    raise NotSeparable("、".join(names))
