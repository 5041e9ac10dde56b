"""The picture of a span as tables: every unit with what comes in and leaves, every stream with its flow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xunshui.documents.report.names import Names
from xunshui.site.kinds import KINDS
from xunshui.web.console.closing import closings
from xunshui.web.console.network import STATES, figure
from xunshui.web.console.now import Picture, Told

BASES = {Told.METERED: "水表读数", Told.ESTIMATED: "按填报推算", Told.MISSING: "缺测"}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """One unit [m³/h]: what came in and left, circulating water left aside, and whether that adds up within 2 `u`."""

    title: str
    inflow: float
    outflow: float
    residual: float | None
    u: float
    state: str

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """Return what came in, what left, the difference and its uncertainty, as they are shown."""
        rest = signed(self.residual, plus="+"), figure(None if self.residual is None else self.u)
        return figure(self.inflow), figure(self.outflow), *rest


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRow:
    """One stream with its names, its flow and what that rests on."""

    id: str
    name: str
    source: str
    target: str
    kind: str
    m3_per_h: float | None
    told: Told
    meters: str

    @property
    def flow(self) -> str:
        """Return the flow as it is shown."""
        return figure(self.m3_per_h)

    @property
    def basis(self) -> str:
        """Return in words what the flow rests on."""
        return BASES[self.told]


def signed(m3_per_h: float | None, *, plus: str = "") -> str:
    """Return a difference with its sign.

    >>> signed(-5.126), signed(5.126, plus="+"), signed(None)
    ('−5.13', '+5.13', '缺测')
    """
    if m3_per_h is None:
        return figure(None)
    return f"{plus if m3_per_h >= 0 else '−'}{figure(abs(m3_per_h))}"


def unit_rows(shown: Picture) -> Iterator[UnitRow]:
    """Yield the rows of the units, in the order of the file."""
    closing = closings(shown)
    for unit in shown.site.units:
        row, own = shown.ledger.row(unit.id), closing[unit.id]
        yield UnitRow(
            title=unit.name,
            inflow=float(row.inflow - row.columns["circulating_in"]),
            outflow=float(row.outflow - row.columns["circulating_out"]),
            residual=own.residual,
            u=own.u,
            state=STATES[own.closes],
        )


def flow_rows(shown: Picture) -> Iterator[FlowRow]:
    """Yield the rows of the streams, in the order of the file."""
    names = Names(shown.site)
    for flow in shown.flows:
        stream = flow.stream
        yield FlowRow(
            id=stream.id,
            name=names.stream(stream.id),
            source=names.end(stream.source),
            target=names.end(stream.target),
            kind=KINDS[stream.kind].title,
            m3_per_h=flow.m3_per_h,
            told=flow.told,
            meters="、".join(stream.meters),
        )
