"""From the sheets of a workbook to raw tables, with the place of every value and every mistake met on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from xunshui.site.assemble import site_of
from xunshui.site.mistakes import Loc, Mistake, SiteFileInvalid, choices, shown
from xunshui.site.model import Site
from xunshui.site.structure import Raw
from xunshui.site.workbook.cells import Unreadable, identifier_of
from xunshui.site.workbook.form import read_form
from xunshui.site.workbook.grid import Grid, is_blank
from xunshui.site.workbook.header import Heads, header_row, squeezed
from xunshui.site.workbook.layout import (
    FORM_SHEET,
    MEMBER,
    NOTES_MARK,
    OWN_COLUMN_MARK,
    TABLES,
    VOLUME_UNITS,
    Column,
    attributes_of,
    sheet_is_required,
    title_of,
)
from xunshui.site.workbook.places import Owner, Places
from xunshui.site.workbook.values import Known, value_of

_NAMED_FIRST = ("periods", "meters", "documents")
"""Headers and lists are read with the ids of these tables in hand."""


def site_in(grids: Mapping[str, Grid], file: str) -> Site:
    """Return the site that was filled in, or raise `SiteFileInvalid` with all mistakes in the sheets' order."""
    return _Filling(grids).site(file)


@dataclass(slots=True)
class _Filling:
    """A workbook while it is read."""

    grids: Mapping[str, Grid]
    places: Places = field(default_factory=Places)
    found: list[Mistake] = field(default_factory=list)
    absent: set[tuple[str, str]] = field(default_factory=set)
    """Required columns that are not there: told once, not for every row."""
    volume_unit: str = VOLUME_UNITS[0]
    known: Known = field(default_factory=Known)

    def site(self, file: str) -> Site:
        self.places.know_sheets(self.grids)
        self._check_sheets(file)
        raw = self._form()
        raw["members"] = self._members()
        for table in (*_NAMED_FIRST, *(table for table in TABLES if table not in _NAMED_FIRST)):
            self._table(table, raw)
        try:
            return site_of(raw, file=file, locate=self.places.locate, found=tuple(self.found))
        except SiteFileInvalid as error:
            raise SiteFileInvalid(file, self._told_once(error.mistakes)) from None

    def _told_once(self, mistakes: Iterable[Mistake]) -> list[Mistake]:
        met, places = set(self.found), {mistake.place for mistake in self.found}
        rest = [
            mistake
            for mistake in mistakes
            if mistake in met or not (mistake.place in places or self._column_is_absent(mistake.loc))
        ]
        return self.places.in_order(rest)

    def _column_is_absent(self, loc: Loc) -> bool:
        steps = loc[2:] if loc[:1] == ("members",) and len(loc) > 3 else loc
        return len(steps) > 2 and (steps[0], steps[2]) in self.absent

    def _check_sheets(self, file: str) -> None:
        needed = [FORM_SHEET, *(title_of(table) for table in TABLES if sheet_is_required(table))]
        for title in needed:
            if title not in self.grids:
                accepted = f"名为“{title}”的工作表，可由模板复制"
                self._tell((), self.places.cell(title), "工作簿中没有这张工作表", accepted)
        if self.found:
            # Without its periods or units nearly every other row would be wrong as well.
            raise SiteFileInvalid(file, self.found)

    def _tell(self, loc: Loc, place: str, problem: str, accepted: str = "") -> None:
        self.found.append(Mistake(loc=loc, place=place, problem=problem, accepted=accepted))

    def _form(self) -> Raw:
        form = read_form(self.grids[FORM_SHEET], self.places)
        self.found += form.found
        self.volume_unit = form.volume_unit
        return form.raw

    def _members(self) -> list[Raw]:
        members: list[Raw] = []
        for row, cells in self._rows("members"):
            loc = ("members", len(members))
            self.places.members.append(row)
            members.append({**self._element("members", loc, row, cells), **_required_tables()})
        self.known.members = {member["id"]: number for number, member in enumerate(members) if "id" in member}
        return members

    def _table(self, table: str, raw: Raw) -> None:
        if title_of(table) in self.grids:
            raw[table] = []
        for row, cells in self._rows(table):
            member = next((column for column in cells if column.attribute is MEMBER), None)
            owner = self._owner(table, row, cells.pop(member)) if member else None
            if owner != _NOBODY:
                self._add(table, raw, owner, row, cells)
        self.known.take(table, raw)

    def _add(self, table: str, raw: Raw, owner: Owner, row: int, cells: Mapping[Column, object]) -> None:
        elements = (raw if owner is None else raw["members"][owner]).setdefault(table, [])
        prefix: Loc = () if owner is None else ("members", owner)
        self.places.rows.setdefault((owner, table), []).append(row)
        elements.append(self._element(table, (*prefix, table, len(elements)), row, cells))

    def _owner(self, table: str, row: int, cell: object) -> Owner:
        if is_blank(cell):
            return None
        try:
            name = identifier_of(cell)
            if name in self.known.members:
                return self.known.members[name]
            problem, accepted = f"成员“{shown(name)}”不在“成员”表中", choices(self.known.members)
        except Unreadable as error:
            problem, accepted = error.problem, error.accepted
        number, title = self.places.columns[table][MEMBER.key, None]
        self._tell((table,), self.places.cell(title_of(table), row, number, title), problem, accepted)
        return _NOBODY

    def _element(self, table: str, loc: Loc, row: int, cells: Mapping[Column, object]) -> Raw:
        element: Raw = {}
        for column, cell in cells.items():
            key, period = column.attribute.key, column.period
            try:
                value = value_of(cell, table, column.attribute, self.volume_unit, self.known)
            except Unreadable as error:
                number, title = self.places.columns[table][key, period]
                place = self.places.cell(title_of(table), row, number, title)
                self._tell((*loc, key), place, error.problem, error.accepted)
                continue
            if value is not None and period is not None:
                element.setdefault(key, {})[period] = value
            elif value is not None:
                element[key] = value
        return element

    def _rows(self, table: str) -> Iterator[tuple[int, dict[Column, object]]]:
        """Yield every row that was filled in, by its number in the sheet, with the cells of known columns."""
        grid = self.grids.get(title_of(table))
        if grid is None:
            return
        periods = {squeezed(period): period for period in self.known.ids["periods"]}
        heads = Heads(table=table, periods=periods, volume_unit=self.volume_unit)
        head = header_row(grid, heads)
        columns = self._columns(grid, head, heads)
        filled = False
        for row in range(head + 1, len(grid.rows)):
            cells = {column: grid.cell(row, number) for number, column in columns}
            if all(is_blank(cell) for cell in cells.values()) or (row == head + 1 and _are_notes(grid, row)):
                continue
            filled = True
            yield row + 1, cells
        if filled:
            self._tell_absent(table)

    def _columns(self, grid: Grid, head: int, heads: Heads) -> list[tuple[int, Column]]:
        columns = []
        width = max((len(cells) for cells in grid.rows[head:]), default=0)
        for number in range(width):
            try:
                column = heads.column(grid.cell(head, number))
                if column is None:
                    continue
                if self.places.add_column(heads.table, column, number + 1):
                    columns.append((number, column))
                else:
                    raise Unreadable(f"列“{column.title}”出现了两次", "只保留一列")
            except Unreadable as error:
                place = self.places.cell(grid.title, head + 1, number + 1)
                self._tell((heads.table,), place, error.problem, error.accepted)
        self._tell_untitled(heads.table, grid, head, width)
        if grid.cut:
            self._tell(
                (heads.table,),
                self.places.cell(grid.title),
                grid.cut,
                "删去末尾多余的行和列（连同格式）后保存",
            )
        return columns

    def _tell_untitled(self, table: str, grid: Grid, head: int, width: int) -> None:
        below = range(head + 1, len(grid.rows))
        untitled = [
            number
            for number in range(width)
            if is_blank(grid.cell(head, number))
            and any(not is_blank(grid.cell(row, number)) for row in below)
        ]
        if untitled:
            what = "此列" if len(untitled) == 1 else f"此列等 {len(untitled)} 列"
            place = self.places.cell(grid.title, head + 1, untitled[0] + 1)
            accepted = f"补上列名；自用的列请以“{OWN_COLUMN_MARK}”开头"
            self._tell((table,), place, f"{what}有内容而没有列名", accepted)

    def _tell_absent(self, table: str) -> None:
        there = {key for key, _ in self.places.columns.get(table, {})}
        for attribute in attributes_of(table):
            if attribute.required and attribute.key not in there:
                self.absent.add((table, attribute.key))
                place, accepted = self.places.cell(title_of(table)), f"在表头加入“{attribute.title}”一列"
                self._tell((table,), place, f"缺少“{attribute.title}”列", accepted)


_NOBODY = -1


def _required_tables() -> dict[str, list[Any]]:
    return {table: [] for table in TABLES if sheet_is_required(table)}


def _are_notes(grid: Grid, row: int) -> bool:
    return any(isinstance(cell, str) and cell.strip().startswith(NOTES_MARK) for cell in grid.rows[row])
