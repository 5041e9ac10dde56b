"""Sheets of a workbook: a table as a sheet that can be sorted and filtered, or several below one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

import xlsxwriter

from xunshui.documents.fonts import text_width
from xunshui.documents.palette import BAD, GROUND, INK, LINE, MET, MUTED, UNKNOWN, WARN
from xunshui.documents.report.signs import Tone
from xunshui.documents.report.table import Cell, Column, Table

_TONES: Mapping[Tone, str] = {"met": MET, "bad": BAD, "warn": WARN, "unknown": UNKNOWN, "plain": UNKNOWN}
_FONT = "Microsoft YaHei"
_ROOM = 1.4
_NARROWEST = 8
_LINE_PT = 15
_TALLEST_PT = 409  # Excel has no taller row
_DIGIT_EM = 0.6


class Sheets:
    """The sheets of one workbook under construction."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        """Take the workbook to write into."""
        self._book = book
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def of_one(self, name: str, table: Table) -> None:
        """Add a sheet of one table: its head stands still, its rows can be filtered."""
        sheet = self._sheet(name)
        _widen(sheet, [table])
        first = self._table(sheet, table, 0)
        sheet.freeze_panes(first, 1)
        sheet.repeat_rows(0, first - 1)
        if table.rows:
            sheet.autofilter(first - 1, 0, first - 1 + len(table.rows), len(table.columns) - 1)

    def of_several(
        self, name: str, facts: Sequence[tuple[str, str]], tables: Sequence[Table], statement: str
    ) -> None:
        """Add a sheet of facts, tables below one another, and a last sentence."""
        sheet = self._sheet(name)
        _widen(sheet, tables)
        row = self._facts(sheet, facts)
        for table in tables:
            sheet.write_string(row, 0, table.caption, self._format(bold=True, font_size=12))
            row = self._table(sheet, table, row + 1) + len(table.rows) + 1
        sheet.write_string(row, 0, statement, self._format(font_color=MUTED))

    def _facts(self, sheet: Any, facts: Sequence[tuple[str, str]]) -> int:
        for row, (label, text) in enumerate(facts):
            sheet.write_string(row, 0, label, self._format(font_color=MUTED))
            sheet.write_string(row, 1, text, self._format(bold=row == 0))
        return len(facts) + bool(facts)

    def _sheet(self, name: str) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        return sheet

    def _table(self, sheet: Any, table: Table, row: int) -> int:
        """Write a table from `row` on and return the row of its first line of content."""
        head = {"font_color": MUTED, "bg_color": GROUND, "text_wrap": True, "valign": "bottom"}
        if table.groups:
            self._groups(sheet, table, row, head)
            row += 1
        for at, column in enumerate(table.columns):
            side = "right" if column.numeric else "left"
            sheet.write_string(row, at, _head(table, column), self._format(**head, align=side, bottom=1))
        for down, cells in enumerate(table.rows, start=row + 1):
            sheet.set_row(down, min(_LINE_PT * _lines(cells, table.columns), _TALLEST_PT))
            for at, cell in enumerate(cells):
                self._cell(sheet, down, at, cell)
        return row + 1

    def _groups(self, sheet: Any, table: Table, row: int, head: Mapping[str, object]) -> None:
        at = 0
        for title, span in table.groups:
            form = self._format(**head, align="center")
            if title:
                sheet.merge_range(row, at, row, at + span - 1, title, form)
            at += span

    def _cell(self, sheet: Any, row: int, at: int, cell: Cell) -> None:
        if cell.number is not None:
            pattern = "#,##0" + ("." + "0" * cell.places if cell.places else "")
            sheet.write_number(row, at, float(cell.number), self._body(num_format=pattern, align="right"))
        elif cell.sign is not None:
            colour = _TONES[cell.sign.tone]
            sheet.write_string(row, at, cell.sign.text, self._body(font_color=colour, bold=True))
        else:
            sheet.write_string(
                row, at, _text(cell), self._body(text_wrap=True, align="left", indent=1 + min(cell.depth, 14))
            )

    def _body(self, **more: object) -> Any:
        return self._format(valign="top", bottom=1, bottom_color=LINE, **more)

    def _format(self, **properties: object) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            whole = {"font_name": _FONT, "font_size": 10, "font_color": INK, **properties}
            self._formats[key] = self._book.add_format(whole)
        return self._formats[key]


def _head(table: Table, column: Column) -> str:
    unit = column.unit or (table.unit if column.numeric else "")
    return f"{column.title} [{unit}]" if unit else column.title


def _text(cell: Cell) -> str:
    tags = "".join(f"［{tag.word}］" for tag in cell.tags)
    return "\n".join(part for part in (cell.text + tags, cell.note) if part)


def _lines(cells: Sequence[Cell], columns: Sequence[Column]) -> int:
    """Return how many lines the fullest cell of a row takes, since not every program works it out for itself."""
    return max(_lines_of(_text(cell), column) for cell, column in zip(cells, columns, strict=True))


def _lines_of(text: str, column: Column) -> int:
    room = max(_NARROWEST, column.width * _ROOM) * _DIGIT_EM - 1
    return sum(max(1, ceil(text_width(part, 1) / room)) for part in text.split("\n"))


def _widen(sheet: Any, tables: Sequence[Table]) -> None:
    """Set each column as wide as the widest of the tables asks."""
    most = max((len(table.columns) for table in tables), default=0)
    for at in range(most):
        width = max(table.columns[at].width for table in tables if at < len(table.columns))
        sheet.set_column(at, at, max(_NARROWEST, width * _ROOM))
