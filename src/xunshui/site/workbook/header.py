"""Which attribute a column's title names, for which period, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from xunshui.quantities import UnitMismatch, unit_of
from xunshui.site.columns import Attribute
from xunshui.site.mistakes import choices, shown
from xunshui.site.workbook.cells import Unreadable, computed, narrow, text_of
from xunshui.site.workbook.grid import Grid, Uncomputed, is_blank
from xunshui.site.workbook.layout import OWN_COLUMN_MARK, Column, attributes_of, unit_shown

ROWS_SEARCHED = 10
"""A title or a remark may stand above the header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """What the titles of one table's columns are matched against."""

    table: str
    periods: Mapping[str, str]
    """The periods' ids by their squeezed spelling."""
    volume_unit: str

    def column(self, cell: object) -> Column | None:
        """Return the column that a title names, None for one the reader leaves alone; else raise `Unreadable`."""
        text = title_text(cell)
        if not text or text.startswith(OWN_COLUMN_MARK):
            return None
        for attribute in _by_longest_title(self.table):
            for name in (attribute.title, attribute.key):
                if attribute.by_period and text.startswith(name):
                    return Column(attribute, self._period(text[len(name) :].strip(), attribute))
                title, unit = _parted(_MARK_AND_UNIT_BEHIND, text)
                if name in (title, text):
                    self._check_unit(unit, attribute)
                    return Column(attribute)
        raise Unreadable(f"不认识的列“{shown(text)}”", self.accepted())

    def accepted(self) -> str:
        """Return the titles that a sheet of this table may have."""
        titles = [
            f"{attribute.title} {next(iter(self.periods.values()), '2023')}"
            if attribute.by_period
            else attribute.title
            for attribute in attributes_of(self.table)
        ]
        return f"{'、'.join(titles)}；自用的列请以“{OWN_COLUMN_MARK}”开头"

    def _period(self, rest: str, attribute: Attribute) -> str:
        if (known := self._known(rest)) is not None:
            return known
        period, unit = _parted(_UNIT_BEHIND, rest)
        self._check_unit(unit, attribute)
        if (known := self._known(period)) is not None:
            return known
        if not period:
            raise Unreadable(
                f"“{attribute.title}”须按时期分列，表头要写明时期", self._with_each_period(attribute)
            )
        raise Unreadable(f"表头中的时期“{shown(period)}”不在“时期”表中", self._with_each_period(attribute))

    def _known(self, period: str) -> str | None:
        return self.periods.get(squeezed(period)) or self.periods.get(squeezed(period.removesuffix("年")))

    def _with_each_period(self, attribute: Attribute) -> str:
        return choices(f"{attribute.title} {period}" for period in self.periods.values())

    def _check_unit(self, stated: str, attribute: Attribute) -> None:
        expected = unit_shown(self.table, attribute, self.volume_unit)
        if stated and expected and not _same_unit(stated, expected):
            raise Unreadable(
                f"表头单位“{shown(stated)}”与应填的单位“{expected}”不一致",
                f"把数值换算为 {expected} 并改正表头",
            )


def title_text(cell: object) -> str:
    """Return a title on one line."""
    if isinstance(cell, Uncomputed) and (text := cell.first_text()) is not None:
        return squeezed(text)
    value = computed(cell)
    return "" if is_blank(value) else squeezed(text_of(value))


def squeezed(text: str) -> str:
    """Return text with every run of blanks as one, and full-width spelling as plain."""
    return " ".join(narrow(text).split())


_UNIT_BEHIND = re.compile(r"(.*?)\s*\(([^()]*)\)")
_MARK_AND_UNIT_BEHIND = re.compile(r"(.*?)(?:\s*\*)?(?:\s*\(([^()]*)\))?(?:\s*\*)?")


def _parted(behind: re.Pattern[str], text: str) -> tuple[str, str]:
    """Return a title, and the unit that stands in a bracket behind it."""
    found = behind.fullmatch(text)
    return (found[1], (found[2] or "").strip()) if found else (text, "")


@cache
def _by_longest_title(table: str) -> tuple[Attribute, ...]:
    # 产量单位 before 产量, which may be followed by a period.
    return tuple(sorted(attributes_of(table), key=lambda attribute: -len(attribute.title)))


def _same_unit(stated: str, expected: str) -> bool:
    try:
        return stated == expected or unit_of(stated).symbol == expected
    except UnitMismatch:
        return False


def header_row(grid: Grid, heads: Heads) -> int:
    """Return the row, counted from 0, that holds most titles; a title line may stand above it."""
    most, found = 0, 0
    for row, cells in enumerate(grid.rows[:ROWS_SEARCHED]):
        written = [cell for cell in cells if not is_blank(cell)]
        titles = sum(_is_title(cell, heads) for cell in written)
        if titles * 2 > len(written):
            return row
        if titles > most:
            most, found = titles, row
    return found


def _is_title(cell: object, heads: Heads) -> bool:
    try:
        return heads.column(cell) is not None
    except Unreadable:
        return False
