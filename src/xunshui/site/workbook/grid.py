"""A sheet as it was read: rows of plain values, and what Excel holds in a cell instead of a value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Uncomputed:
    """A formula whose result was not saved with the workbook."""

    formula: str

    def first_text(self) -> str | None:
        """Return the first text inside the formula: a header's title stands there.

        >>> Uncomputed('"水量 2023"&CHAR(10)&水量单位').first_text()
        '水量 2023'
        """
        found = re.match(r'=?\s*"((?:[^"]|"")*)"', self.formula)
        return found[1].replace('""', '"') if found else None


@dataclass(frozen=True, slots=True)
class ExcelError:
    """An error value such as #DIV/0!."""

    code: str


@dataclass(frozen=True, slots=True)
class Percentage:
    """A number that its cell shows times a hundred, with a percent sign."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet from A1 on; rows end with their last value, blank rows are empty."""

    title: str
    rows: Sequence[Sequence[object]]
    cut: str = ""
    """What lies beyond the largest sheet that is read, in words; empty where nothing does."""

    def cell(self, row: int, column: int) -> object:
        """Return what stands in a cell, counted from 0."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None


def is_blank(cell: object) -> bool:
    """Tell whether a cell holds nothing a person could see."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
