"""Points for a site that has none yet: simulated devices of four protocols at its meters and outlets.

Each meter gets an HJ 212 logger that tells days, hours and the flow of now, a Modbus totaliser of its own and a flow
transmitter on one OPC UA server; three streams get an MQTT analyser of five parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from hashlib import blake2b

from xunshui.site import Site
from xunshui.site.graph import Meter, Stream
from xunshui.site.kinds import INTAKE, WaterKind
from xunshui.site.points import Point, PointKind

LITRES_PER_SECOND = Decimal("3.6")
EVERY_MIN, MODBUS_MIN, OPCUA_MIN, MQTT_MIN = Decimal("0.5"), Decimal("0.1"), Decimal("0.05"), Decimal("0.2")
SERVER = "dcs"
ANALYSED = {"ph": "w01001", "cod": "w01018", "nh3n": "w21003", "tn": "w21001", "tp": "w21011"}


def with_points(site: Site) -> Site:
    """Return the site with the points of a simulated field."""
    points = [
        point for number, meter in enumerate(site.meters, 1) for point in _of_meter(site, meter, number)
    ]
    for number, stream in enumerate(_analysed(site), 1):
        points += _of_analyser(stream, number)
    return replace(site, points=tuple(points))


def device_of(site: Site, meter: Meter) -> str:
    """Return the MN of a meter's logger: 24 hexadecimal digits that no other meter has."""
    return blake2b(f"{site.id}/{meter.id}".encode(), digest_size=12).hexdigest().upper()


def _of_meter(site: Site, meter: Meter, number: int) -> Iterator[Point]:
    logger = f"hj212:{device_of(site, meter)}"
    for suffix, command, minutes in (("D", "2031", 1440), ("H", "2061", 60)):
        yield Point(
            id=f"P{number:02d}{suffix}",
            channel=f"{logger}/{command}/w00000-Cou",
            at=meter.id,
            kind=PointKind.INTERVAL,
            interval_min=Decimal(minutes),
        )
    yield Point(
        id=f"P{number:02d}",
        channel=f"{logger}/2011/w00000-Rtd",
        at=meter.id,
        kind=PointKind.RATE,
        factor=LITRES_PER_SECOND,
        interval_min=EVERY_MIN,
    )
    yield Point(
        id=f"P{number:02d}T",
        channel=f"modbus:M{number:02d}/total",
        at=meter.id,
        kind=PointKind.TOTALISER,
        interval_min=MODBUS_MIN,
    )
    yield Point(
        id=f"P{number:02d}F",
        channel=f"opcua:{SERVER}/F{number:02d}",
        at=meter.id,
        kind=PointKind.RATE,
        interval_min=OPCUA_MIN,
    )


def _analysed(site: Site) -> list[Stream]:
    """Return the first stream that comes in, the first that is used again and the first that leaves."""
    wanted = (INTAKE, {WaterKind.REUSE, WaterKind.SERIES}, {WaterKind.DISCHARGE})
    found = (next((each for each in site.streams if each.kind in kinds), None) for kinds in wanted)
    return [stream for stream in found if stream is not None]


def _of_analyser(stream: Stream, number: int) -> Iterator[Point]:
    for code, parameter in ANALYSED.items():
        yield Point(
            id=f"Q{number}-{code}",
            channel=f"mqtt:Q{number}/{code}",
            at=stream.id,
            kind=PointKind.QUALITY,
            parameter=parameter,
            interval_min=MQTT_MIN,
        )
