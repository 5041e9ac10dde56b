"""Reconciliation behind the pages: a span balanced as a whole, and what has changed within the last three days.

The span asks whether its totals fit the classes of the meters; an error that has always been there shows here alone,
if it is large enough. The watch asks what has changed against the fourteen days before, and when: errors that stay
constant, as those within a class do, raise nothing there (decision 0015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xunshui.balance import (
    Balanced,
    Class,
    Contradiction,
    Help,
    Known,
    NoFlowFits,
    SiteNetwork,
    classes,
    helpful_meters,
)
from xunshui.balance.changes import Changes, changes
from xunshui.site import Site
from xunshui.site.kinds import KINDS, Group
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import MINUTE_US
from xunshui.telemetry.series import Series, hours_before
from xunshui.web.console import sensing
from xunshui.web.console.kept import Kept
from xunshui.web.console.models import LiveSite
from xunshui.web.console.spans import in_turn
from xunshui.web.console.store import Stamp, site_of_row, stamp_of
from xunshui.web.console.streamed import Streamed, streamed

BEFORE_H, WATCHED_H, FRESH_H = 14 * 24, 72, 24
EVERY_US = 5 * MINUTE_US
"""How often the watch looks again: late readings change hours that are past."""
PATIENCE_S = 0.15
"""How long a page waits for a watch that is not there yet."""
MOST_HELP = 3
NEVER_METERED = frozenset({Group.CONSUMED, Group.LEAKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """A span balanced as a whole [m³/h]; `why_not` tells why there is no result.

    `checked_by_meters` are the streams whose meters other meters check, without any estimate.
    """

    told: Streamed
    network: SiteNetwork | None
    result: Balanced | None
    helpful: tuple[Help, ...]
    checked_by_meters: frozenset[str]
    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What has changed; None where the hours before are too few or nothing checks anything."""

    told: Streamed
    network: SiteNetwork | None
    changes: Changes | None

    @property
    def hours(self) -> int:
        """Return how many hours are watched."""
        return min(WATCHED_H, len(self.told.load))

    @property
    def from_us(self) -> int:
        """Return when the watch begins."""
        return self.told.found.edges_us[-1 - self.hours]


_spans: Kept[tuple[Stamp, str, Path], Reconciled] = Kept(most=64)
_watched: Kept[tuple[Stamp, Path], Watched] = Kept(most=32)


def span_of(row: LiveSite, by: str, reader: Reader, edges_us: Sequence[int]) -> Reconciled:
    """Return a span reconciled as of this minute, one of whole days as of these five; `by` tells its edges."""
    site = site_of_row(row)
    key = (stamp_of(row), by, sensing.folder())
    age = sensing.now_us() // (MINUTE_US if by == "hour" else EVERY_US)
    return _spans.now(key, age, lambda: reconciled(site, in_turn(site, edges_us, reader)))


def reconciled(site: Site, found: Series) -> Reconciled:
    """Return a span reconciled."""
    told = streamed(site, found)
    network = told.network()
    result, why_not = None, "没有连到用水单元的水流，无从平衡"
    if network is not None:
        try:
            result, why_not = network.balanced(), ""
        except (Contradiction, NoFlowFits) as error:
            why_not = str(error)
    return Reconciled(
        told=told,
        network=network,
        result=result,
        helpful=_helpful(told, network) if network is not None else (),
        checked_by_meters=_checked(network) if network is not None else frozenset(),
        why_not=why_not,
    )


def watched(site: Site, found: Series) -> Watched:
    """Return what has changed within the last 72 hours of `found`, whose stretches are hours."""
    told = streamed(site, found)
    network = told.network()
    if network is None:
        return Watched(told=told, network=None, changes=None)
    unseen = np.full((len(told.load), len(network.network.streams) - len(site.streams)), np.nan)
    values = np.concatenate([told.flows, unseen], axis=1)
    return Watched(
        told=told,
        network=network,
        changes=changes(network.network, values, network.sd, told.load, watched=WATCHED_H),
    )


def watch_soon(row: LiveSite) -> Watched | None:
    """Return the watch of this site, the one before it, or None where it is still being worked out."""
    site, folder, now_us = site_of_row(row), sensing.folder(), sensing.now_us()

    def look() -> Watched:
        own = Reader(folder)
        try:
            return watched(site, hourly(site, own, now_us))
        finally:
            own.close()

    return _watched.soon((stamp_of(row), folder), now_us // EVERY_US, look, PATIENCE_S)


def hourly(site: Site, reader: Reader, now_us: int) -> Series:
    """Return the volumes hour by hour: the last day as the home reads it, the days before from one point a meter."""
    edges = hours_before(now_us, BEFORE_H + WATCHED_H)
    found = in_turn(site, edges, reader, till="heard")
    fresh = in_turn(site, edges[-FRESH_H - 1 :], reader)
    meters = dict(found.meters)
    for meter, volumes in fresh.meters.items():
        before = meters.get(meter, np.full(len(edges) - 1, np.nan))[:-FRESH_H]
        meters[meter] = np.concatenate([before, volumes])
    return replace(found, meters=meters, points={**found.points, **fresh.points})


def _helpful(told: Streamed, network: SiteNetwork) -> tuple[Help, ...]:
    """Return the streams on which a new meter would help most; evaporation and the like cannot be metered."""
    streams = told.site.streams
    found = helpful_meters(network.network, _metered(network), most=len(streams))
    can_be = {each.id for each in streams if KINDS[each.kind].group not in NEVER_METERED}
    return tuple(each for each in found if each.stream in can_be)[:MOST_HELP]


def _checked(network: SiteNetwork) -> frozenset[str]:
    kinds = classes(network.network, _metered(network))
    pairs = zip(network.network.streams, kinds, strict=True)
    return frozenset(stream for stream, kind in pairs if kind is Class.REDUNDANT)


def _metered(network: SiteNetwork) -> NDArray[np.bool_]:
    """Return which streams are metered; flows that no stream of the file tells never are."""
    known = network.metering
    names = network.network.streams
    return np.array([name in known and known[name].known is Known.METERED for name in names])
