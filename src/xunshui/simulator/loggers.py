"""Simulated HJ 212 loggers: which device tells which points, and the message of each at an instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xunshui.simulator.plant import Plant
from xunshui.site import Site
from xunshui.site.points import VOLUME_KINDS, Point, PointKind
from xunshui.telemetry.hj212 import framed, segment_of
from xunshui.telemetry.localtime import DAY_US, HOUR_US, SECOND_US, digits_of_instant

PREFIX = "hj212:"
REAL_TIME, HOURLY, DAILY = "2011", "2061", "2031"
STEPS_US = {HOURLY: HOUR_US, DAILY: DAY_US}
DEFAULT_STEP_US = 10 * SECOND_US
PASSWORD, WATER_SOURCE, ANSWER_WANTED = "123456", "32", "5"


@dataclass(frozen=True, slots=True)
class Logger:
    """One device, and the points it tells under each command."""

    device: str
    points: dict[str, tuple[Point, ...]]

    def step_us(self, command: str) -> int:
        """Return how often a command is sent; real-time data as often as the first point says."""
        told = self.points[command][0].interval_min
        return (
            STEPS_US.get(command) or (round(float(told) * 60) * SECOND_US if told else 0) or DEFAULT_STEP_US
        )

    def frame(self, plant: Plant, command: str, at_us: int) -> tuple[str, bytes]:
        """Return the QN and the bytes of a command for the instant, or for the period that starts there."""
        digits = digits_of_instant(at_us)
        items = [{"DataTime": digits}]
        for point in self.points[command]:
            name = point.channel.rpartition("/")[2]
            told = reading(plant, point, at_us) / float(point.factor)
            items.append({name: f"{told:.3f}", f"{name.partition('-')[0]}-Flag": "N"})
        # The command's last two digits stand for the milliseconds: no two messages of a device bear one QN.
        qn = f"{digits}{int(command) % 1000:03d}"
        fields = {
            "QN": qn,
            "ST": WATER_SOURCE,
            "CN": command,
            "PW": PASSWORD,
            "MN": self.device,
            "Flag": ANSWER_WANTED,
        }
        return qn, framed(segment_of(fields, items))


def loggers_of(site: Site) -> list[Logger]:
    """Return the devices that the site's HJ 212 points name."""
    told: dict[str, dict[str, list[Point]]] = defaultdict(lambda: defaultdict(list))
    for device, command, point in _parts(site.points):
        told[device][command].append(point)
    return [
        Logger(device, {command: tuple(points) for command, points in commands.items()})
        for device, commands in told.items()
    ]


def reading(plant: Plant, point: Point, at_us: int) -> float:
    """Return what a point tells [m³/h or m³]; volumes are of the period that starts at the instant."""
    if point.kind is PointKind.RATE:
        return plant.flow(point.at, at_us)
    if point.kind is PointKind.TOTALISER:
        return plant.total(point.at, at_us)
    return plant.day(point.at, at_us) if point.interval_min == 1440 else plant.hour(point.at, at_us)


def _parts(points: Sequence[Point]) -> Iterator[tuple[str, str, Point]]:
    for point in points:
        if point.kind in VOLUME_KINDS and point.channel.startswith(PREFIX):
            device, _, code = point.channel.removeprefix(PREFIX).partition("/")
            yield device, code.partition("/")[0], point
