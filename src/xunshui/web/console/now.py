"""A site as it runs now: the water of the last 24 hours, unit by unit, and what needs a look.

A metered stream flows as its meters told, averaged over the hours that they cover; a stream without a metering point
is estimated by the last full year of the file, and marked so. A stream whose meters told less than half of the hours
has no flow: it is missing, never nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import numpy as np

from xunshui.balance import SITE, Ledger, Row, ledger
from xunshui.indicators import BY_KEY, Value, ledgered
from xunshui.register import register
from xunshui.site import Site
from xunshui.site.graph import Stream
from xunshui.site.operation import Period
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import local_datetime
from xunshui.telemetry.series import Latest, Series, hours_before, latest, series
from xunshui.telemetry.volume import Floats

HOURS = 24
LEAST_HOURS = 0.5
NOW = "now"
HEADLINES = ("reuse_rate", "reclaimed_share")


class Told(StrEnum):
    """Where the flow of a stream comes from."""

    METERED = "metered"
    ESTIMATED = "estimated"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One stream now; `m3_per_h` is the mean of the last 24 hours."""

    stream: Stream
    m3_per_h: float | None
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The site as it runs."""

    site: Site
    at: dt.datetime
    flows: tuple[Flow, ...]
    ledger: Ledger
    values: Mapping[str, Value]
    hours: Series
    latest: Mapping[str, Latest]
    complete: float
    """Part of the meters' hours that are covered by readings."""

    @property
    def whole(self) -> Row:
        """Return the line of the site as a whole."""
        return self.ledger.row(SITE)


def picture(site: Site, reader: Reader, now_us: int) -> Picture:
    """Return the site as it runs at an instant."""
    hours = series(site, hours_before(now_us, HOURS), reader)
    flows = tuple(_flow(site, stream, hours) for stream in site.streams)
    running = _running(site, flows)
    settings = {setting.id: Fraction(setting.value) for setting in register().settings}
    ground = ledgered(running, running.periods[-1], settings)
    covered = [np.isfinite(volumes).mean() for volumes in hours.meters.values()]
    return Picture(
        site=running,
        at=local_datetime(now_us),
        flows=flows,
        ledger=ledger(running, NOW, settings["balance_tolerance"]),
        values={key: value for key in HEADLINES for value in BY_KEY[key].of(ground)},
        hours=hours,
        latest=latest(site, reader, now_us),
        complete=float(np.mean(covered)) if covered else 0.0,
    )


def total_by_hour(shown: Picture, streams: set[str]) -> list[float]:
    """Return the flow of some streams hour by hour [m³/h]; estimates count in every hour, what is missing does not."""
    total = np.zeros(len(shown.hours.edges_us) - 1)
    for flow in shown.flows:
        if flow.stream.id not in streams:
            continue
        metered = [shown.hours.meters[meter] for meter in flow.stream.meters if meter in shown.hours.meters]
        if flow.told is Told.METERED:
            total += np.sum(metered, axis=0)
        elif flow.m3_per_h is not None:
            total += flow.m3_per_h
    return [float(flow) for flow in total]


def _flow(site: Site, stream: Stream, hours: Series) -> Flow:
    if stream.meters and all(meter in hours.meters for meter in stream.meters):
        by_hour: Floats = np.sum([hours.meters[meter] for meter in stream.meters], axis=0)
        covered = by_hour[np.isfinite(by_hour)]
        if len(covered) < LEAST_HOURS * len(by_hour):
            return Flow(stream=stream, m3_per_h=None, told=Told.MISSING)
        return Flow(stream=stream, m3_per_h=float(covered.mean()), told=Told.METERED)
    typed = typed_flow(site, stream)
    return Flow(stream=stream, m3_per_h=typed, told=Told.MISSING if typed is None else Told.ESTIMATED)


def typed_flow(site: Site, stream: Stream) -> float | None:
    """Return the mean flow of the last full year that the file tells [m³/h], or None."""
    for period in sorted(site.periods, key=lambda period: period.end, reverse=True):
        volume = stream.volume_m3.get(period.id)
        if period.full_year is not None and volume is not None:
            return float(volume) / period.hours
    return None


def _running(site: Site, flows: tuple[Flow, ...]) -> Site:
    """Return the site with one period more, whose volumes are an hour's mean."""
    now = Period(id=NOW, start=dt.date(1970, 1, 1), end=dt.date(1970, 1, 1))
    streams = tuple(
        replace(
            flow.stream,
            volume_m3={} if flow.m3_per_h is None else {NOW: Decimal(f"{flow.m3_per_h:.3f}")},
            compliant_m3={},
        )
        for flow in flows
    )
    tanks = tuple(replace(tank, change_m3={}) for tank in site.tanks)
    return replace(site, periods=(now,), streams=streams, tanks=tanks)
