"""Whether each unit's water adds up, against how sure it is: the residual beside its own standard uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import hypot

from xunshui.balance import Row, assumptions
from xunshui.balance.metering import metering
from xunshui.telemetry.localtime import date_of_day, day_of
from xunshui.web.console.now import NOW, Picture, Told
from xunshui.web.console.units import touching

COVERAGE = 2.0
"""Within so many standard uncertainties a residual may be nothing but errors of the meters and estimates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A unit's residual [m³/h] with its standard uncertainty; `closes` is None where a volume is missing."""

    residual: float | None
    u: float
    closes: bool | None


def closings(shown: Picture) -> Mapping[str, Closing]:
    """Return how every unit of the picture closes, by the unit's id."""
    sd = _sd(shown)
    return {
        unit.id: _closing(
            shown.ledger.row(unit.id), hypot(*(sd[each.id] for each in touching(shown.site, unit)))
        )
        for unit in shown.site.units
    }


def _closing(row: Row, u: float) -> Closing:
    residual = None if row.residual is None else float(row.residual)
    closes = None if residual is None else not residual or abs(residual) <= COVERAGE * u
    return Closing(residual=residual, u=u, closes=closes)


def _sd(shown: Picture) -> dict[str, float]:
    """Return the standard uncertainty of every stream [m³/h]; nothing of one that is missing: its unit has no residual."""
    meters = {meter.id: meter for meter in shown.site.meters}
    until = date_of_day(day_of(shown.told.edges_us[-1]))
    found = {}
    for flow, stream in zip(shown.flows, shown.site.streams, strict=True):
        own = stream if flow.told is Told.METERED else replace(stream, meters=())
        known = metering(own, meters, NOW, until, assumptions())
        found[stream.id] = 0.0 if flow.m3_per_h is None else flow.m3_per_h * known.percent / 100
    return found
