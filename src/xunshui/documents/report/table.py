"""A table as content: what every form of the report draws, each in its own way.

A cell holds its text, and where it is a figure the exact number behind it, so that a spreadsheet gets
numbers and a page gets figures.

>>> figure(Fraction(1234567, 100), 1).text.replace("\\u2009", "_")
'12_345.7'
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from xunshui.documents.report.signs import Sign, Tag
from xunshui.documents.typeset import LONGEST, shortened
from xunshui.quantities import show


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell; `note` stands below its text in small type, `depth` indents it."""

    text: str = ""
    number: Fraction | None = None
    places: int = 0
    sign: Sign | None = None
    note: str = ""
    depth: int = 0
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column; `width` is its share of the page, about a character for each 1."""

    title: str
    unit: str = ""
    numeric: bool = False
    width: int = 8

    @property
    def head(self) -> str:
        """Return the title with the unit in brackets.

        >>> Column(title="水量", unit="m³").head
        '水量 [m³]'
        """
        return f"{self.title} [{self.unit}]" if self.unit else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its caption.

    `groups` are heads over several columns, a title and how many each; `unit` is that of every figure in it.
    In a tree the rows that are not indented stand out.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    groups: tuple[tuple[str, int], ...] = ()
    unit: str = ""
    is_tree: bool = False


def word(
    text: str, *, note: str = "", depth: int = 0, tags: Iterable[Tag] = (), longest: int = LONGEST
) -> Cell:
    """Return a cell of text, cut where it is longer than anyone reads in a table."""
    return Cell(
        text=shortened(text, longest), note=shortened(note, 2 * LONGEST), depth=depth, tags=tuple(tags)
    )


def figure(value: Fraction | None, places: int = 0, *, text: str = "") -> Cell:
    """Return a cell of a number; `text` where it is to be printed with other decimals than usual."""
    if text and value is not None:
        places = len(text.partition(".")[2])
    return Cell(text=text or show(value, places), number=value, places=places)


def state(sign: Sign) -> Cell:
    """Return a cell of a state."""
    return Cell(text=sign.text, sign=sign)
