"""The ledger of a period: the unit equation of GB/T 12452 for every unit, every level and the site.

    circulating + new + series  =  circulating + consumed + discharged + leaked + series
    V_cy     +   V_f + V_s      =  V'_cy    +    V_co   +   V_d      +   V_l  +  V'_s

What does not add up stays a residual of its own; it is never folded into leakage. The symbols are
those of the 2008 edition as recalled (the 2022 text has not been seen).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from xunshui.quantities import ZERO, decimal_difference, decimal_sum, fraction_of
from xunshui.site.graph import Stream, Tank, Unit
from xunshui.site.kinds import INTAKE, KINDS, OUTSIDE, Group, WaterKind
from xunshui.site.model import Site

COLUMNS = (
    "circulating_in",
    "new_in",
    "series_in",
    "circulating_out",
    "consumed",
    "discharged",
    "leaked",
    "series_out",
)
_INTO, _OUT_OF = COLUMNS[:3], COLUMNS[3:]
COLUMN_TITLES = {
    "circulating_in": "循环水量（进）",
    "new_in": "新水量",
    "series_in": "串联水量（进）",
    "circulating_out": "循环水量（出）",
    "consumed": "耗水量",
    "discharged": "排水量",
    "leaked": "漏失水量",
    "series_out": "串联水量（出）",
}
SITE = ""
"""The key of the site as a whole among the ledger's rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One unit's line of the ledger, or the site's own [m³ in the period].

    `booked` and `stored` are sums of what the file tells, decimal as there; they become fractions when asked
    for. A column in which nothing is booked is left out.
    """

    unit: str
    level: int
    booked: dict[str, Decimal]
    stored: Decimal
    missing: tuple[str, ...]
    tolerance_percent: Fraction

    @property
    def columns(self) -> dict[str, Fraction]:
        """Return what is booked in each column."""
        return {name: self._column(name) for name in COLUMNS}

    @property
    def storage_change(self) -> Fraction:
        """Return what went into storage; negative where storage was drawn on."""
        return fraction_of(self.stored)

    @property
    def inflow(self) -> Fraction:
        """Return everything that came in."""
        return fraction_of(self._sum(_INTO))

    @property
    def outflow(self) -> Fraction:
        """Return everything that went out."""
        return fraction_of(self._sum(_OUT_OF))

    @property
    def residual(self) -> Fraction | None:
        """Return inflow less outflow less what went into storage, or None where a volume is missing."""
        if self.missing:
            return None
        kept = decimal_difference(self._sum(_INTO), self._sum(_OUT_OF))
        return fraction_of(decimal_difference(kept, self.stored))

    @property
    def throughput(self) -> Fraction:
        """Return the larger of what came in and went out, circulating water left aside.

        Circulation is many times the throughput; a tolerance taken from it would hide every loss.
        """
        return max(
            self.inflow - self._column("circulating_in"),
            self.outflow - self._column("circulating_out"),
            ZERO,
        )

    @property
    def tolerance(self) -> Fraction:
        """Return how large a residual may be [m³]."""
        return self.throughput * self.tolerance_percent / 100

    @property
    def closes(self) -> bool | None:
        """Return whether the residual lies within the tolerance; None where it cannot be told."""
        residual = self.residual
        return None if residual is None else not residual or abs(residual) <= self.tolerance

    def _column(self, name: str) -> Fraction:
        return fraction_of(self.booked[name]) if name in self.booked else ZERO

    def _sum(self, names: Iterable[str]) -> Decimal:
        return decimal_sum([self.booked[name] for name in names if name in self.booked])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The water ledger of a site in one period."""

    period: str
    rows: tuple[Row, ...]

    def row(self, unit: str = SITE) -> Row:
        """Return the line of a unit, or of the site."""
        return next(row for row in self.rows if row.unit == unit)

    def open_rows(self) -> tuple[Row, ...]:
        """Return the lines that do not close."""
        return tuple(row for row in self.rows if row.closes is False)


def ledger(site: Site, period: str, tolerance_percent: Fraction) -> Ledger:
    """Return the ledger of `site` in `period`.

    `tolerance_percent` holds where a unit names none of its own: in percent of its throughput.
    A tank whose change of storage is told for no period at all takes no part.
    """
    return ledgers(site, [period], tolerance_percent)[period]


def ledgers(site: Site, periods: Iterable[str], tolerance_percent: Fraction) -> dict[str, Ledger]:
    """Return the ledger of each of these periods; the streams are booked once for all of them."""
    lines = _lines(site, tolerance_percent)
    return {
        period: Ledger(period=period, rows=tuple(_row(line, period) for line in lines)) for period in periods
    }


@dataclass(slots=True, kw_only=True)
class _Line:
    """What is booked on one unit, or on the site: streams by column, and tanks."""

    unit: str
    level: int
    tolerance_percent: Fraction
    columns: dict[str, list[Stream]] = field(default_factory=dict)
    streams: dict[str, Stream] = field(default_factory=dict)
    tanks: list[Tank] = field(default_factory=list)

    def book(self, column: str, stream: Stream) -> None:
        self.columns.setdefault(column, []).append(stream)
        self.streams[stream.id] = stream


def _row(line: _Line, period: str) -> Row:
    missing = [stream.id for stream in line.streams.values() if period not in stream.volume_m3]
    return Row(
        unit=line.unit,
        level=line.level,
        booked={name: _sum(streams, period) for name, streams in line.columns.items()},
        stored=decimal_sum([tank.change_m3[period] for tank in line.tanks if period in tank.change_m3]),
        missing=(*missing, *(tank.id for tank in line.tanks if period not in tank.change_m3)),
        tolerance_percent=line.tolerance_percent,
    )


def _sum(streams: Iterable[Stream], period: str) -> Decimal:
    return decimal_sum([stream.volume_m3[period] for stream in streams if period in stream.volume_m3])


def _lines(site: Site, tolerance_percent: Fraction) -> Iterable[_Line]:
    """Return the lines of the site and of its units, each stream booked wherever it crosses or lies within."""
    lines = {SITE: _Line(unit=SITE, level=0, tolerance_percent=tolerance_percent)}
    for unit in site.units:
        own = unit.tolerance_percent
        percent = tolerance_percent if own is None else Fraction(own)
        lines[unit.id] = _Line(unit=unit.id, level=unit.level, tolerance_percent=percent)
    parents = {unit.id: unit.parent for unit in site.units}
    around = {unit.id: _enclosing(unit, parents) for unit in site.units} | {OUTSIDE: ()}
    for stream in site.streams:
        for unit_id, column in _bookings(stream, around[stream.source], around[stream.target]):
            lines[unit_id].book(column, stream)
    for tank in (tank for tank in site.tanks if tank.change_m3):
        for unit_id in around[tank.unit]:
            lines[unit_id].tanks.append(tank)
    return lines.values()


def _bookings(
    stream: Stream, sources: tuple[str, ...], targets: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Yield the units that a stream is booked on, each with the column, from the units around its two ends."""
    for unit in targets:
        if unit not in sources:
            yield unit, _COLUMN_IN[stream.kind]
    for unit in sources:
        if unit not in targets:
            yield unit, _COLUMN_OUT[stream.kind]
        else:
            for column in _COLUMNS_WITHIN[stream.kind]:
                yield unit, column


def _enclosing(unit: Unit, parents: dict[str, str | None]) -> tuple[str, ...]:
    around, at = [unit.id], unit.parent
    while at is not None:
        around.append(at)
        at = parents[at]
    return (*around, SITE)


def _is_circulating(kind: WaterKind) -> bool:
    return KINDS[kind].group is Group.CIRCULATING or kind is WaterKind.CIRCULATING_RETURN


def _column_in(kind: WaterKind) -> str:
    if _is_circulating(kind):
        return "circulating_in"
    return "new_in" if kind in INTAKE or kind is WaterKind.DISTRIBUTED else "series_in"


_OUT = {
    Group.CONSUMED: "consumed",
    Group.DISCHARGED: "discharged",
    Group.LEAKED: "leaked",
}


def _column_out(kind: WaterKind) -> str:
    if _is_circulating(kind):
        return "circulating_out"
    # Water sent to treatment has been drained by the unit that sends it.
    return "discharged" if kind is WaterKind.COLLECTED else _OUT.get(KINDS[kind].group, "series_out")


def _columns_within(kind: WaterKind) -> tuple[str, ...]:
    """Return the columns of a stream that stays inside a unit: used again, it counts on both sides."""
    if KINDS[kind].group is Group.CIRCULATING:
        return "circulating_in", "circulating_out"
    return ("series_in", "series_out") if KINDS[kind].group is Group.REUSED else ()


_COLUMN_IN = {kind: _column_in(kind) for kind in WaterKind}
_COLUMN_OUT = {kind: _column_out(kind) for kind in WaterKind}
_COLUMNS_WITHIN = {kind: _columns_within(kind) for kind in WaterKind}
