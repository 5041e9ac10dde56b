"""A site as it runs now: the water of the last hour, day, month or year, unit by unit.

A metered stream flows as its meters told, averaged over the stretches that they cover; a stream without a metering
point is estimated by the last full year of the file, and marked so. A stream whose meters told less than half of the
stretches has no flow: it is missing, never nothing.
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
from xunshui.indicators import Value, ledgered, values
from xunshui.register import register
from xunshui.site import Site
from xunshui.site.graph import Stream
from xunshui.site.operation import Period
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import HOUR_US
from xunshui.telemetry.series import Series
from xunshui.telemetry.volume import Floats
from xunshui.web.console.spans import DAY, Span, volumes_of

LEAST_TOLD = 0.5
NOW = "now"


class Told(StrEnum):
    """Where the flow of a stream comes from."""

    METERED = "metered"
    ESTIMATED = "estimated"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One stream now; `m3_per_h` is the mean of the span."""

    stream: Stream
    m3_per_h: float | None
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The site as it runs."""

    site: Site
    span: Span
    flows: tuple[Flow, ...]
    ledger: Ledger
    values: Mapping[str, Value]
    told: Series
    """The meters' volumes, stretch by stretch."""
    complete: float
    """Part of the meters' stretches that are covered by readings."""

    @property
    def whole(self) -> Row:
        """Return the line of the site as a whole."""
        return self.ledger.row(SITE)


def picture(site: Site, reader: Reader, now_us: int, span: Span = DAY) -> Picture:
    """Return the site as it runs at an instant, over a span that ends there."""
    told = volumes_of(site, span, reader, now_us)
    flows = tuple(_flow(site, stream, told) for stream in site.streams)
    running = _running(site, flows)
    settings = {setting.id: Fraction(setting.value) for setting in register().settings}
    covered = [np.isfinite(volumes).mean() for volumes in told.meters.values()]
    return Picture(
        site=running,
        span=span,
        flows=flows,
        ledger=ledger(running, NOW, settings["balance_tolerance"]),
        values=values(ledgered(running, running.periods[-1], settings)),
        told=told,
        complete=float(np.mean(covered)) if covered else 0.0,
    )


def by_stretch(shown: Picture, streams: set[str]) -> list[float]:
    """Return the flow of some streams stretch by stretch [m³/h].

    Estimates count in every stretch, what is missing does not.
    """
    hours = hours_of(shown.told)
    total = np.zeros(len(hours))
    for flow in shown.flows:
        if flow.stream.id not in streams:
            continue
        if flow.told is Told.METERED:
            total += np.sum([shown.told.meters[meter] for meter in flow.stream.meters], axis=0) / hours
        elif flow.m3_per_h is not None:
            total += flow.m3_per_h
    return [float(flow) for flow in total]


def hours_of(found: Series) -> Floats:
    """Return how long each stretch of a series is [h]."""
    return np.diff(found.edges_us) / HOUR_US


def _flow(site: Site, stream: Stream, found: Series) -> Flow:
    if stream.meters and all(meter in found.meters for meter in stream.meters):
        volumes: Floats = np.sum([found.meters[meter] for meter in stream.meters], axis=0)
        told = np.isfinite(volumes)
        if told.mean() < LEAST_TOLD:
            return Flow(stream=stream, m3_per_h=None, told=Told.MISSING)
        mean = float(volumes[told].sum() / hours_of(found)[told].sum())
        return Flow(stream=stream, m3_per_h=mean, told=Told.METERED)
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
