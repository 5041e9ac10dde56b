"""A workbook while it is written: the site, its columns and how many rows each sheet is prepared for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from xunshui.site.kinds import SiteKind
from xunshui.site.model import Site
from xunshui.site.workbook.layout import Column, columns_of
from xunshui.site.workbook.look import Look

FIRST_ROW = 2
"""The first row of elements, counted from 0: titles and notes stand above."""
PREPARED_ROWS = 200
SPARE_ROWS = 50


@dataclass(frozen=True)
class Draft:
    """What every sheet needs to be written."""

    site: Site
    book: Workbook
    look: Look
    volume_unit: str

    @cached_property
    def of_park(self) -> bool:
        """Tell whether rows belong to members as well."""
        return self.site.kind is SiteKind.PARK or bool(self.site.members)

    @cached_property
    def periods(self) -> list[str]:
        """Return the ids of all periods, each once, in their order."""
        return list(dict.fromkeys(period.id for _, period in self.elements("periods")))

    def elements(self, table: str) -> Iterator[tuple[str, Any]]:
        """Yield the elements of a table with the member they belong to, "" for the site itself."""
        if table == "members":
            yield from (("", member) for member in self.site.members)
            return
        yield from (("", element) for element in getattr(self.site, table))
        for member in self.site.members:
            yield from ((member.id, element) for element in getattr(member, table))

    def columns(self, table: str) -> list[Column]:
        """Return the columns of a table's sheet."""
        return columns_of(table, self.periods, of_park=self.of_park)

    def letter(self, table: str, name: str) -> str:
        """Return the letter of an attribute's first column."""
        names = [column.attribute.name for column in self.columns(table)]
        return str(xl_col_to_name(names.index(name)))

    def last_row(self, table: str) -> int:
        """Return the last prepared row of a sheet, counted from 0."""
        filled = sum(1 for _ in self.elements(table))
        return FIRST_ROW + max(PREPARED_ROWS, filled + SPARE_ROWS) - 1
