"""A reconciled span as it is shown: what the test says, every flow beside its reading, and what nothing can check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xunshui.balance import Flow, Known
from xunshui.balance.elimination import critical_z
from xunshui.balance.words import CLASS_TITLES, fit_words
from xunshui.documents.report.names import Names
from xunshui.site.graph import Stream
from xunshui.web.console.network import figure
from xunshui.web.console.reconciled import Reconciled


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One stream [m³/h]; `meters` are its meters with the points that told them, `beyond` tells a z that chance does not."""

    id: str
    name: str
    meters: tuple[tuple[str, str], ...]
    reading: str
    value: str
    u: str
    kind: str
    z: str
    beyond: bool
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncheckable:
    """Meters that nothing can check, those that only estimates can, and what new meters would do."""

    alone: tuple[tuple[str, str], ...]
    by_estimates: int
    helpful: tuple[str, ...]


def words_of_test(span: Reconciled) -> str:
    """Return what the global test says of the span, or why there is none."""
    return span.why_not if span.result is None else fit_words(span.result)


def rows_of(span: Reconciled) -> list[Row]:
    """Return the flows of the streams, in the order of the file."""
    if span.result is None:
        return []
    names = Names(span.told.site)
    flows = {flow.id: flow for flow in span.result.flows}
    beyond = critical_z(sum(flow.z is not None for flow in span.result.flows))
    return [_row(span, stream, flows[stream.id], names, beyond) for stream in span.told.site.streams]


def _row(span: Reconciled, stream: Stream, flow: Flow, names: Names, beyond: float) -> Row:
    known = None if span.network is None else span.network.metering[stream.id]
    points = span.told.found.points
    return Row(
        id=stream.id,
        name=names.stream(stream.id),
        meters=tuple((meter, points[meter]) for meter in stream.meters if meter in points),
        reading=figure(flow.reading),
        value="—" if flow.value is None else figure(flow.value),
        u="—" if flow.u is None else figure(flow.u),
        kind=CLASS_TITLES[flow.kind],
        z="—" if flow.z is None else f"{flow.z:+.1f}".replace("-", "−"),
        beyond=flow.z is not None and abs(flow.z) > beyond,
        basis=known.why if known is not None else "",
    )


def uncheckable_of(span: Reconciled) -> Uncheckable | None:
    """Return what nothing can check; None without a result."""
    if span.result is None or span.network is None:
        return None
    metered = {stream for stream, each in span.network.metering.items() if each.known is Known.METERED}
    streams = [stream for stream in span.told.site.streams if stream.id in metered]
    alone = {stream for stream in span.result.uncheckable if stream in metered}
    points = span.told.found.points
    return Uncheckable(
        alone=tuple(
            (meter, points[meter]) for stream in streams if stream.id in alone for meter in stream.meters
        ),
        by_estimates=len(metered - alone - span.checked_by_meters),
        helpful=tuple(_help(span, each.stream, each.checks, each.tells) for each in span.helpful),
    )


def _help(span: Reconciled, stream: str, checks: Sequence[str], tells: Sequence[str]) -> str:
    names = Names(span.told.site)
    does = [
        f"{what} {'、'.join(f'{each} {names.stream(each)}' for each in found)}"
        for what, found in (("可核对", checks), ("可推算", tells))
        if found
    ]
    return f"在 {stream} {names.stream(stream)}装表：{'，'.join(does) or '可核对它自己'}"
