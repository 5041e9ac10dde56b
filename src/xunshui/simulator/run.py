"""Running the simulated field: first what happened before, then what happens now, until told to stop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xunshui.simulator.connection import Connection
from xunshui.simulator.faults import Fault
from xunshui.simulator.field import Field, points_of
from xunshui.simulator.loggers import DAILY, HOURLY, REAL_TIME, Logger, loggers_of
from xunshui.simulator.plant import Plant
from xunshui.site import Site
from xunshui.telemetry.localtime import DAY_US, HOUR_US, SECOND_US

HOURLY_BACK_US, REAL_TIME_BACK_US = 62 * DAY_US, HOUR_US


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is simulated: daily data since `since_us`, hourly data of the last two months, real-time data of an hour.

    `told` is a file that remembers up to when everything was told, so that a second run goes on from there; `faults`
    is what goes wrong meanwhile.
    """

    since_us: int
    told: Path | None = None
    faults: tuple[Fault, ...] = ()


async def simulate(
    site: Site,
    address: tuple[str, int],
    course: Course,
    *,
    field: Field,
    live: bool,
    caught_up: Callable[[int], None],
) -> None:
    """Tell the past over HJ 212, then with `live` the present until cancelled; `field` is served meanwhile.

    `caught_up` is called with the number of acknowledged frames once the past is told.
    """
    plant = Plant(site, faults=course.faults)
    if not live:
        await _tell_all(plant, site, address, course, live=False, caught_up=caught_up)
        return
    async with asyncio.TaskGroup() as group:
        for served in _served(plant, site, field):
            group.create_task(served)
        await _tell_all(plant, site, address, course, live=True, caught_up=caught_up)


def _served(plant: Plant, site: Site, field: Field) -> Iterator[Coroutine[Any, Any, None]]:
    # Imported where they are wanted: each brings a protocol's whole library.
    if field.modbus is not None or field.opcua is not None:
        from xunshui.simulator.servers import quiet, serve_modbus, serve_opcua

        quiet()
        if field.modbus is not None and points_of(site, "modbus"):
            yield serve_modbus(plant, site, field.modbus)
        if field.opcua is not None and points_of(site, "opcua"):
            yield serve_opcua(plant, site, field.opcua)
    if field.mqtt is not None and points_of(site, "mqtt"):
        from xunshui.simulator.analysers import publish

        yield publish(site, field.mqtt)


async def _tell_all(
    plant: Plant,
    site: Site,
    address: tuple[str, int],
    course: Course,
    *,
    live: bool,
    caught_up: Callable[[int], None],
) -> None:
    loggers = loggers_of(site)
    connections = [Connection(*address) for _ in loggers]
    since_us = _remembered(course)
    try:
        now_us = _now_us()
        await _tell(plant, loggers, connections, since_us, now_us)
        _remember(course, now_us)
        caught_up(sum(connection.acknowledged for connection in connections))
        while live:
            await asyncio.sleep(1)
            before_us, now_us = now_us, _now_us()
            await _tell(plant, loggers, connections, before_us, now_us)
            _remember(course, now_us)
    finally:
        for connection in connections:
            connection.close()


async def _tell(
    plant: Plant, loggers: list[Logger], connections: list[Connection], since_us: int, now_us: int
) -> None:
    async with asyncio.TaskGroup() as group:
        for logger, connection in zip(loggers, connections, strict=True):
            group.create_task(connection.send_all(_frames(plant, logger, since_us, now_us)))


def _frames(plant: Plant, logger: Logger, since_us: int, now_us: int) -> Iterator[tuple[str, bytes]]:
    """Yield what a logger tells from `since_us` until `now_us`; a period is told when it is over."""
    for command in logger.points:
        step_us = logger.step_us(command)
        back_us = {REAL_TIME: REAL_TIME_BACK_US, HOURLY: HOURLY_BACK_US}.get(command, now_us)
        length_us = step_us if command in (HOURLY, DAILY) else 0
        # Days begin at midnight UTC+8, which hours and shorter steps divide too.
        first = _next_start(max(since_us, now_us - back_us) - length_us, step_us)
        for at_us in range(first, now_us - length_us, step_us):
            yield logger.frame(plant, command, at_us)


def _next_start(at_us: int, step_us: int) -> int:
    shift = 8 * HOUR_US
    return -(-(at_us + shift) // step_us) * step_us - shift


def _now_us() -> int:
    return time.time_ns() // 1000


def _remembered(course: Course) -> int:
    if course.told is None or not course.told.exists():
        return course.since_us
    return max(course.since_us, int(course.told.read_text("ascii")))


def _remember(course: Course, now_us: int) -> None:
    if course.told is not None:
        course.told.write_text(str(now_us // SECOND_US * SECOND_US), "ascii")
