"""Where things stand in the workbook: from a place in the model to a cell a person can go to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from xunshui.site.columns import attributes
from xunshui.site.mistakes import Loc, Mistake
from xunshui.site.model import Site
from xunshui.site.workbook.layout import FORM_SHEET, Column, attributes_of, title_of

Owner = int | None
"""Whose rows: the site's own, or those of the member of that number."""


@dataclass(slots=True)
class Places:
    """Rows and columns of all that was read, and the order in which a person meets them."""

    rows: dict[tuple[Owner, str], list[int]] = field(default_factory=dict)
    """The sheet's row (from 1) of each element of a table."""
    columns: dict[str, dict[tuple[str, str | None], tuple[int, str]]] = field(default_factory=dict)
    """The sheet's column (from 1) of each attribute and period of a table, with its title."""
    form: dict[str, int] = field(default_factory=dict)
    """The row (from 1) of each label of the form."""
    form_column: int = 2
    members: list[int] = field(default_factory=list)
    """The row (from 1) of each member in the sheet of members."""
    _order: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    _sheets: list[str] = field(default_factory=list)

    def cell(self, sheet: str, row: int = 0, column: int = 0, title: str = "") -> str:
        """Return the words for a cell, a row or a sheet: “水流”表第 12 行 E 列「到」."""
        words = f"“{sheet}”表"
        words += f"第 {row} 行" if row else ""
        words += f" {get_column_letter(column)} 列" if column else ""
        words += f"「{title}」" if title else ""
        if sheet not in self._sheets:
            self._sheets.append(sheet)
        self._order.setdefault(words, (self._sheets.index(sheet), row, column))
        return words

    def know_sheets(self, titles: Iterable[str]) -> None:
        """Take the order in which sheets stand in the workbook."""
        self._sheets.extend(titles)

    def add_column(self, table: str, column: Column, number: int) -> bool:
        """Take the column of an attribute; tell whether it is the first of that title."""
        known = self.columns.setdefault(table, {})
        key = (column.attribute.key, column.period)
        if key in known:
            return False
        known[key] = (number, column.title)
        return True

    def locate(self, loc: Loc) -> str:
        """Return where a value of the model stands in the workbook."""
        match loc:
            case ("members", int(member), str(table), int(row), *rest):
                return self._in_table(member, table, row, rest)
            case ("members", int(member), *rest):
                return self._in_row("members", self.members[member], rest)
            case (str(table), int(row), *rest):
                return self._in_table(None, table, row, rest)
            case (str(key), *_):
                return self._in_form(key)
        return FORM_SHEET

    def _in_table(self, owner: Owner, table: str, row: int, rest: list[str | int]) -> str:
        return self._in_row(table, self.rows[owner, table][row], rest)

    def _in_row(self, table: str, row: int, rest: list[str | int]) -> str:
        columns = self.columns.get(table, {})
        if not rest:
            return self.cell(title_of(table), row)
        key = str(rest[0])
        period = str(rest[1]) if len(rest) > 1 else None
        by_key = {known: place for (known, _), place in columns.items()}
        number, title = columns.get((key, period)) or by_key.get(key) or (0, _title_of_key(table, key))
        return self.cell(title_of(table), row, number, title)

    def _in_form(self, key: str) -> str:
        titles = {attribute.key: attribute.title for attribute in attributes(Site)}
        if key in self.form:
            return self.cell(FORM_SHEET, self.form[key], self.form_column, titles[key])
        return self.cell(FORM_SHEET, title=titles.get(key, key))

    def in_order(self, mistakes: Iterable[Mistake]) -> list[Mistake]:
        """Return mistakes in the order of sheets, rows and columns."""
        last = (len(self._sheets), 0, 0)
        return sorted(mistakes, key=lambda mistake: self._order.get(mistake.place, last))


def _title_of_key(table: str, key: str) -> str:
    return next((attribute.title for attribute in attributes_of(table) if attribute.key == key), key)
