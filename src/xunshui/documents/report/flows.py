"""The table of streams: each with its ends, its kind, its volume and the meter that tells it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from xunshui.documents.report.names import Names, period_title
from xunshui.documents.report.table import Cell, Column, Table, figure, word
from xunshui.documents.typeset import shortened
from xunshui.site.graph import Stream
from xunshui.site.kinds import KINDS
from xunshui.site.model import Site
from xunshui.site.operation import Period

_ENDS = (
    Column(title="编号", width=8),
    Column(title="水流", width=17),
    Column(title="从", width=13),
    Column(title="到", width=13),
    Column(title="水的类别", width=12),
)


def flow_table(site: Site, period: Period) -> Table:
    """Return the streams of one period, with the volume and its hourly mean."""
    names = Names(site)
    return Table(
        caption=f"{period_title(period)}水流明细",
        columns=(
            *_ENDS,
            Column(title="水量", unit="m³", numeric=True, width=12),
            Column(title="平均", unit="m³/h", numeric=True, width=9),
            Column(title="水表", width=13),
        ),
        rows=tuple(
            (*_ends(names, stream), *_volumes(stream, period), word(names.meters(stream.id)))
            for stream in site.streams
        ),
    )


def all_flows_table(site: Site, periods: Sequence[Period]) -> Table:
    """Return the streams with their volumes in every period, for a spreadsheet."""
    names = Names(site)
    return Table(
        caption="水流",
        columns=(
            *_ENDS,
            *(Column(title=shortened(row.id, 12), unit="m³", numeric=True, width=12) for row in periods),
            Column(title="水表", width=13),
        ),
        rows=tuple(
            (
                *_ends(names, stream),
                *(_volumes(stream, period)[0] for period in periods),
                word(names.meters(stream.id)),
            )
            for stream in site.streams
        ),
    )


def _ends(names: Names, stream: Stream) -> tuple[Cell, ...]:
    return (
        word(stream.id),
        word(names.stream(stream.id)),
        word(names.end(stream.source)),
        word(names.end(stream.target)),
        word(KINDS[stream.kind].title),
    )


def _volumes(stream: Stream, period: Period) -> tuple[Cell, Cell]:
    told = stream.volume_m3.get(period.id)
    if told is None:
        return word("缺"), word("—")
    volume = Fraction(told)
    return figure(volume), figure(volume / period.hours, 1)
