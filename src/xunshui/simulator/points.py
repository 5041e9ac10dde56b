"""Points for a site that has none yet: each meter gets a simulated HJ 212 logger that tells days, hours and now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from hashlib import blake2b

from xunshui.site import Site
from xunshui.site.graph import Meter
from xunshui.site.points import Point, PointKind

LITRES_PER_SECOND = Decimal("3.6")
EVERY_MIN = Decimal("0.5")


def with_points(site: Site) -> Site:
    """Return the site with three points a meter: volumes by day and by hour, and the flow every half a minute."""
    points = tuple(
        point for number, meter in enumerate(site.meters, 1) for point in _points(site, meter, number)
    )
    return replace(site, points=points)


def device_of(site: Site, meter: Meter) -> str:
    """Return the MN of a meter's logger: 24 hexadecimal digits that no other meter has."""
    return blake2b(f"{site.id}/{meter.id}".encode(), digest_size=12).hexdigest().upper()


def _points(site: Site, meter: Meter, number: int) -> Iterator[Point]:
    channel = f"hj212:{device_of(site, meter)}"
    for suffix, command, minutes in (("D", "2031", 1440), ("H", "2061", 60)):
        yield Point(
            id=f"P{number:02d}{suffix}",
            channel=f"{channel}/{command}/w00000-Cou",
            at=meter.id,
            kind=PointKind.INTERVAL,
            interval_min=Decimal(minutes),
        )
    yield Point(
        id=f"P{number:02d}",
        channel=f"{channel}/2011/w00000-Rtd",
        at=meter.id,
        kind=PointKind.RATE,
        factor=LITRES_PER_SECOND,
        interval_min=EVERY_MIN,
    )
