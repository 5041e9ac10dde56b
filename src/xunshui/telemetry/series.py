"""Series of a site: volumes hour by hour or day by day, and what every point told last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xunshui.site import Site
from xunshui.site.points import Point, PointKind
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import DAY_US, HOUR_US, SECOND_US, SHIFT_US
from xunshui.telemetry.metered import LEAST_COVERED, lines, volume_points
from xunshui.telemetry.sample import Quality
from xunshui.telemetry.volume import Floats

LATE_INTERVALS = 3
SHORTEST_LATE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Volumes [m³] of meters between neighbouring edges; not a number where no point covers the stretch."""

    edges_us: tuple[int, ...]
    meters: Mapping[str, Floats]
    points: Mapping[str, str]
    """The point that told most of each meter's volumes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The last reading of a point, in m³/h, m³, m or the parameter's unit; `late` where the next is overdue."""

    at_us: int
    value: float
    quality: Quality
    late: bool


def hours_before(now_us: int, count: int) -> list[int]:
    """Return the edges of the last `count` whole hours.

    >>> hours_before(2 * HOUR_US + 5, 2) == [0, HOUR_US, 2 * HOUR_US]
    True
    """
    last = now_us // HOUR_US * HOUR_US
    return [last - (count - number) * HOUR_US for number in range(count + 1)]


def days_before(now_us: int, count: int) -> list[int]:
    """Return the edges of the last `count` whole local days."""
    last = (now_us + SHIFT_US) // DAY_US * DAY_US - SHIFT_US
    return [last - (count - number) * DAY_US for number in range(count + 1)]


def series(site: Site, edges_us: Sequence[int], reader: Reader) -> Series:
    """Return the volumes of the site's meters between the edges, each from the first point that covers it.

    A point that tells volumes of longer intervals than the shortest stretch takes no part.
    """
    shortest_min = min(np.diff(edges_us)) / SECOND_US / 60
    points = [point for point in volume_points(site) if _is_fine(point, shortest_min)]
    meters: dict[str, Floats] = {}
    told: dict[str, tuple[int, str]] = {}
    for point, line, _ in lines(reader, points, edges_us[0], edges_us[-1]):
        found = line.volumes(edges_us)
        enough = found.covered >= LEAST_COVERED
        volumes = meters.setdefault(point.at, np.full(len(edges_us) - 1, np.nan))
        fill = enough & np.isnan(volumes)
        volumes[fill] = found.m3[fill]
        told[point.at] = max(told.get(point.at, (0, "")), (int(fill.sum()), point.id))
    return Series(edges_us=tuple(edges_us), meters=meters, points={meter: told[meter][1] for meter in told})


def latest(site: Site, reader: Reader, now_us: int, back_us: int = HOUR_US) -> dict[str, Latest]:
    """Return the last reading of each point, by the point's id, no older than `back_us`."""
    known = {channel.name: channel.id for channel in reader.channels()}
    asked = {point.id: known[point.channel] for point in site.points if point.channel in known}
    rows = reader.last(list(asked.values()), now_us - back_us, now_us + 1)
    found: dict[str, Latest] = {}
    for point in site.points:
        row = rows.get(asked.get(point.id, -1))
        if row is not None:
            at_us, value, quality = row
            found[point.id] = Latest(
                at_us=at_us,
                value=value * float(point.factor),
                quality=Quality(quality),
                late=now_us - at_us > late_after_us(point),
            )
    return found


def late_after_us(point: Point) -> int:
    """Return after how long without a reading a point is late: three of its intervals, at least a minute."""
    interval_s = float(point.interval_min or 0) * 60
    whole = interval_s if point.kind is PointKind.INTERVAL else 0.0
    return round((max(LATE_INTERVALS * interval_s, SHORTEST_LATE_S) + whole) * SECOND_US)


def _is_fine(point: Point, shortest_min: float) -> bool:
    return point.kind is not PointKind.INTERVAL or float(point.interval_min or 0) <= shortest_min
