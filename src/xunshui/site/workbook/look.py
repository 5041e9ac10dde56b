"""How the workbook looks: calm sheets in the platform's colours, figures right-aligned, nothing striped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unicodedata import east_asian_width

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xunshui.site.columns import Attribute
from xunshui.site.workbook.layout import is_day, is_number, keeps_figures

INK, MUTED, LINE, GROUND, PRIMARY = "#1f2733", "#5b6675", "#d9dee6", "#f5f7fa", "#0958d9"
REQUIRED_GROUND, FORMULA_GROUND, LACKING_GROUND = "#e6f0ff", "#eef1f5", "#fff4e0"
EXAMPLE_INK = "#8a5200"
FONT = {"font_name": "微软雅黑", "font_size": 10}

_CELL = {
    "bottom": 1,
    "bottom_color": LINE,
    "align": "left",
    "valign": "vcenter",
    "indent": 1,
    "font_color": INK,
}
_HEAD = {
    "align": "left",
    "indent": 1,
    "bold": True,
    "text_wrap": True,
    "valign": "vcenter",
    "bg_color": GROUND,
    "bottom": 1,
    "bottom_color": LINE,
    "top": 1,
    "top_color": LINE,
}
_NOTE = {
    "font_size": 9,
    "font_color": MUTED,
    "text_wrap": True,
    "align": "left",
    "indent": 1,
    "valign": "top",
    "bottom": 1,
    "bottom_color": MUTED,
}
_REQUIRED = {"bg_color": REQUIRED_GROUND, "font_color": PRIMARY}
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "text": {**_CELL, "num_format": "@"},
    "number": {**_CELL, "num_format": "#,##0_ ", "align": "right", "indent": 0},
    "figures": {**_CELL, "num_format": "@", "align": "right"},
    "whole": {**_CELL, "num_format": "0"},
    "day": {**_CELL, "num_format": "yyyy-mm-dd"},
    "head": _HEAD,
    "head required": {**_HEAD, **_REQUIRED},
    "head number": {**_HEAD, "align": "right"},
    "head required number": {**_HEAD, **_REQUIRED, "align": "right"},
    "note": _NOTE,
    "note number": {**_NOTE, "align": "right"},
    "label": {**_CELL, "bg_color": GROUND},
    "label required": {**_CELL, **_REQUIRED, "bold": True},
    "remark": {**_CELL, "font_color": MUTED, "font_size": 9, "text_wrap": True},
    "title": {"font_size": 18, "bold": True, "valign": "vcenter"},
    "subtitle": {"font_color": MUTED, "valign": "top"},
    "section": {
        "font_size": 12,
        "bold": True,
        "font_color": PRIMARY,
        "valign": "bottom",
        "bottom": 1,
        "bottom_color": LINE,
    },
    "line": {"text_wrap": True, "valign": "vcenter"},
    "strong": {"bold": True, "valign": "vcenter"},
    "link": {"font_color": PRIMARY, "valign": "vcenter", "underline": 1},
    "command": {
        "font_name": "Consolas",
        "bg_color": GROUND,
        "valign": "vcenter",
        "border": 1,
        "border_color": LINE,
        "indent": 1,
    },
    "sample required": {**_HEAD, **_REQUIRED, "align": "center", "indent": 0},
    "sample optional": {**_HEAD, "align": "center", "indent": 0},
    "sample formula": {**_CELL, "bg_color": FORMULA_GROUND, "align": "center", "indent": 0},
    "sample example": {**_CELL, "font_color": EXAMPLE_INK, "italic": True, "align": "center", "indent": 0},
    "sample lacking": {**_CELL, "bg_color": LACKING_GROUND, "align": "center", "indent": 0},
    "formula": {"bg_color": FORMULA_GROUND},
    "lacking": {"bg_color": LACKING_GROUND},
    "example": {"font_color": EXAMPLE_INK, "italic": True},
    "decimals": {"num_format": "#,##0.0#####_ "},
}
_DIFFERENCES = ("formula", "lacking", "example", "decimals")
"""Styles laid over a cell by a condition; they say only what differs."""


class Look:
    """The formats of one workbook, made when first asked for."""

    def __init__(self, book: Workbook) -> None:
        """Make formats in `book`."""
        self._book = book
        self._made: dict[str, Format] = {}

    def __getitem__(self, style: str) -> Format:
        """Return the format of that name."""
        if style not in self._made:
            plain = {} if style in _DIFFERENCES else {"font_color": INK}
            self._made[style] = self._book.add_format({**plain, **_STYLES[style]})
        return self._made[style]


def style_of(table: str, attribute: Attribute) -> str:
    """Return the style of an attribute's cells."""
    if keeps_figures(table, attribute):
        return "figures"
    if is_number(attribute):
        return "number"
    if is_day(attribute):
        return "day"
    return "text"


def text_width(text: str) -> int:
    """Return the width of the longest line in characters, a Chinese one counting two.

    >>> text_width("水量 2023\\n(m³)")
    9
    """
    return max((sum(_width(character) for character in line) for line in text.split("\n")), default=0)


def _width(character: str) -> int:
    return 2 if east_asian_width(character) in "WF" else 1


def printable(text: str) -> str:
    """Return a text on one line without the characters that XML forbids."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def set_page(sheet: Worksheet, *, header: str, one_page: bool = False) -> None:
    """Print on A4, across unless all fits one page, with the site above and the page below."""
    sheet.hide_gridlines(2)
    if one_page:
        sheet.set_portrait()
    else:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1 if one_page else 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
    safe = printable(header).replace("&", "&&")[:100]
    sheet.set_header(f"&L&9{safe}&R&9&A")
    sheet.set_footer("&R&9第 &P 页，共 &N 页")
