"""The ledger of a period: the unit equation of GB/T 12452 for every unit, every level and the site.

    circulating + new + series  =  circulating + consumed + discharged + leaked + series
    V_cy     +   V_f + V_s      =  V'_cy    +    V_co   +   V_d      +   V_l  +  V'_s

What does not add up stays a residual of its own; it is never folded into leakage. The symbols are
those of the 2008 edition as recalled (the 2022 text has not been seen).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from xunshui.quantities import ZERO, exact_sum, sum_of_decimals
from xunshui.site.graph import Stream, Unit
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


@dataclass(slots=True, kw_only=True)
class _Sums:
    columns: dict[str, list[Decimal]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    missing: list[str] = field(default_factory=list)
    storage_changes: list[Decimal] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One unit's line of the ledger, or the site's own [m³ in the period]."""

    unit: str
    level: int
    columns: dict[str, Fraction]
    storage_change: Fraction
    missing: tuple[str, ...]
    tolerance_percent: Fraction

    @property
    def inflow(self) -> Fraction:
        """Return everything that came in."""
        return exact_sum(self.columns[name] for name in COLUMNS[:3])

    @property
    def outflow(self) -> Fraction:
        """Return everything that went out."""
        return exact_sum(self.columns[name] for name in COLUMNS[3:])

    @property
    def residual(self) -> Fraction | None:
        """Return inflow less outflow less what went into storage, or None where a volume is missing."""
        return None if self.missing else self.inflow - self.outflow - self.storage_change

    @property
    def throughput(self) -> Fraction:
        """Return the larger of what came in and went out, circulating water left aside.

        Circulation is many times the throughput; a tolerance taken from it would hide every loss.
        """
        return max(
            self.inflow - self.columns["circulating_in"],
            self.outflow - self.columns["circulating_out"],
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
    lines = _Lines(site)
    for stream in site.streams:
        lines.book(stream, stream.volume_m3.get(period))
    for tank in (tank for tank in site.tanks if tank.change_m3):
        lines.store(tank.unit, tank.id, tank.change_m3.get(period))
    own = {unit.id: unit.tolerance_percent for unit in site.units}
    rows = tuple(_row(lines, unit, own, tolerance_percent) for unit in (SITE, *own))
    return Ledger(period=period, rows=rows)


def _row(lines: _Lines, unit: str, own: dict[str, Decimal | None], tolerance_percent: Fraction) -> Row:
    sums = lines.sums[unit]
    percent = own.get(unit)
    return Row(
        unit=unit,
        level=lines.levels[unit],
        columns={name: sum_of_decimals(volumes) for name, volumes in sums.columns.items()},
        storage_change=sum_of_decimals(sums.storage_changes),
        missing=tuple(sums.missing),
        tolerance_percent=tolerance_percent if percent is None else Fraction(percent),
    )


class _Lines:
    """The lines under construction: each stream is booked on every unit whose boundary it crosses or lies within."""

    def __init__(self, site: Site) -> None:
        self.levels = {SITE: 0} | {unit.id: unit.level for unit in site.units}
        self.sums = {unit: _Sums() for unit in self.levels}
        parents = {unit.id: unit.parent for unit in site.units}
        self._around = {unit.id: _enclosing(unit, parents) for unit in site.units} | {OUTSIDE: ()}

    def book(self, stream: Stream, volume: Decimal | None) -> None:
        sources, targets = self._around[stream.source], self._around[stream.target]
        self._add([unit for unit in targets if unit not in sources], _column_in(stream.kind), stream, volume)
        self._add([unit for unit in sources if unit not in targets], _column_out(stream.kind), stream, volume)
        within = [unit for unit in sources if unit in targets]
        for column in _columns_within(stream.kind):
            self._add(within, column, stream, volume)

    def store(self, unit: str, tank: str, change: Decimal | None) -> None:
        for enclosing in self._around[unit]:
            if change is None:
                self.sums[enclosing].missing.append(tank)
            else:
                self.sums[enclosing].storage_changes.append(change)

    def _add(self, units: Iterable[str], column: str, stream: Stream, volume: Decimal | None) -> None:
        for unit in units:
            sums = self.sums[unit]
            if volume is not None:
                sums.columns[column].append(volume)
            elif stream.id not in sums.missing:
                sums.missing.append(stream.id)


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
