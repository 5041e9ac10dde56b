"""The streams and units of a span as a workbook."""

from __future__ import annotations

import io
from fractions import Fraction

import xlsxwriter

from xunshui.documents.report.table import Cell, Column, Table, figure, word
from xunshui.documents.sheets import Sheets
from xunshui.documents.xlsx import OPTIONS
from xunshui.web.console.flow_table import FlowRow, UnitRow, flow_rows, unit_rows
from xunshui.web.console.now import Picture
from xunshui.web.console.spans import words_of

PLACES = 2
_STREAMS = (
    Column(title="编号", width=8),
    Column(title="水流", width=17),
    Column(title="从", width=13),
    Column(title="到", width=13),
    Column(title="水的类别", width=12),
    Column(title="流量", unit="m³/h", numeric=True, width=10),
    Column(title="依据", width=10),
    Column(title="水表", width=13),
)
_UNITS = (
    Column(title="单元", width=20),
    Column(title="进", unit="m³/h", numeric=True, width=10),
    Column(title="出", unit="m³/h", numeric=True, width=10),
    Column(title="差", unit="m³/h", numeric=True, width=10),
    Column(title="标准不确定度 u", unit="m³/h", numeric=True, width=10),
)


def flow_file(shown: Picture) -> bytes:
    """Return the workbook: numbers as numbers, what is missing as an empty cell."""
    when = f"{shown.span.words}（{words_of(shown.told)}）的平均"
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, OPTIONS)
    sheets = Sheets(book)
    streams = tuple(_stream(row) for row in flow_rows(shown))
    sheets.of_one("水流", Table(caption=when, columns=_STREAMS, rows=streams))
    sheets.of_one("单元", Table(caption=when, columns=_UNITS, rows=tuple(map(_unit, unit_rows(shown)))))
    book.close()
    return content.getvalue()


def _stream(row: FlowRow) -> tuple[Cell, ...]:
    told = (row.id, row.name, row.source, row.target, row.kind)
    return (*map(word, told), _number(row.m3_per_h), word(row.basis), word(row.meters))


def _unit(row: UnitRow) -> tuple[Cell, ...]:
    return (word(row.title), *map(_number, (row.inflow, row.outflow, row.residual, row.u)))


def _number(m3_per_h: float | None) -> Cell:
    return word("") if m3_per_h is None else figure(Fraction(m3_per_h), PLACES)
