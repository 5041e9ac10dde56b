"""The spans of the site home: the last hour, day, month and year, each as stretches that end now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from xunshui.site import Site
from xunshui.site.points import Point
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import HOUR_US, MINUTE_US, SECOND_US, local_datetime
from xunshui.telemetry.metered import volume_points
from xunshui.telemetry.series import Series, days_before, hours_before, series


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """How far back the home looks; `slow` where the reading takes longer than a page may."""

    key: str
    title: str
    words: str
    slow: bool = False


HOUR = Span(key="hour", title="时", words="过去 60 分钟")
DAY = Span(key="day", title="日", words="过去 24 个整小时")
MONTH = Span(key="month", title="月", words="过去 30 个整日", slow=True)
YEAR = Span(key="year", title="年", words="过去 365 个整日", slow=True)
ARRIVAL_US = 30 * SECOND_US
"""How long the readings of a minute may be on their way before it counts among the last 60."""
SPANS = {span.key: span for span in (HOUR, DAY, MONTH, YEAR)}


def edges_of(span: Span, now_us: int) -> list[int]:
    """Return the edges of the span's stretches.

    >>> [len(edges_of(span, 90 * 86_400_000_000)) - 1 for span in SPANS.values()]
    [1, 24, 30, 365]
    """
    if span is HOUR:
        minute = (now_us - ARRIVAL_US) // MINUTE_US * MINUTE_US
        return [minute - HOUR_US, minute]
    if span is DAY:
        return hours_before(now_us, 24)
    return days_before(now_us, 30 if span is MONTH else 365)


def volumes_of(site: Site, span: Span, reader: Reader, now_us: int) -> Series:
    """Return the meters' volumes of the span.

    The last 60 minutes give way to the last whole hour where that tells more meters: a logger that sends once an hour
    has not told the begun one.
    """
    found = in_turn(site, edges_of(span, now_us), reader)
    if span is not HOUR or _told(found) == len(found.meters):
        return found
    whole = in_turn(site, hours_before(now_us, 1), reader)
    return whole if _told(whole) > _told(found) else found


def in_turn(
    site: Site, edges_us: Sequence[int], reader: Reader, *, till: Literal["whole", "heard"] = "whole"
) -> Series:
    """Return what `series` returns, reading the further points of a meter only where the ones before tell too little.

    A meter's daily volumes are a handful of readings; its flow of every three seconds need not be read beside them.
    A meter has told enough when all its stretches are whole, or with `heard` when any of them is.
    """
    enough = {"whole": np.all, "heard": np.any}[till]
    found = Series(edges_us=tuple(edges_us), meters={}, points={})
    for points in _ranks(site):
        wanted = tuple(point for point in points if not _is_told(found, point.at, enough))
        if wanted:
            found = _filled(found, series(replace(site, points=wanted), edges_us, reader))
    return found


def words_of(found: Series) -> str:
    """Return from when to when a series reaches, in local time."""
    start, end = local_datetime(found.edges_us[0]), local_datetime(found.edges_us[-1])
    days = (end - start).days > 2
    return f"{start:%Y-%m-%d} 至 {end:%Y-%m-%d} 0 时" if days else f"{start:%m-%d %H:%M} 至 {end:%m-%d %H:%M}"


def _ranks(site: Site) -> list[list[Point]]:
    """Return the points that tell volume: the first of every meter, then the second of each that has one, and so on."""
    ranks: list[list[Point]] = []
    seen: dict[str, int] = {}
    for point in volume_points(site):
        rank = seen.get(point.at, 0)
        seen[point.at] = rank + 1
        if rank == len(ranks):
            ranks.append([])
        ranks[rank].append(point)
    return ranks


def _is_told(found: Series, meter: str, enough: Callable[[NDArray[np.bool_]], Any]) -> bool:
    return meter in found.meters and bool(enough(np.isfinite(found.meters[meter])))


def _filled(before: Series, more: Series) -> Series:
    meters, points = dict(before.meters), dict(before.points)
    for meter, volumes in more.meters.items():
        known = meters.get(meter)
        if known is None or np.isnan(known).all():
            meters[meter], points[meter] = volumes, more.points[meter]
        else:
            meters[meter] = np.where(np.isnan(known), volumes, known)
    return Series(edges_us=before.edges_us, meters=meters, points=points)


def _told(found: Series) -> int:
    return sum(bool(np.isfinite(volumes).all()) for volumes in found.meters.values())
