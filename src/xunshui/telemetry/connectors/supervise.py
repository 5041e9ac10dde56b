"""Supervision: every device under its own supervisor, which starts it again; what happens to one harms no other."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from xunshui.telemetry.gateway.committer import Committer

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0
AGAIN_S = 5.0
"""After how long a device that was asked to end is asked again; it may be keeping what it took."""


class Health(StrEnum):
    """How a device does: all is read; it runs and something is wrong or not heard yet; it waits for its next start."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    FAILED = "failed"


class DeviceTrouble(Exception):
    """A device cannot be reached or does not answer; its text is for people."""


@dataclass(slots=True)
class DeviceState:
    """What is known of one device since the gateway started; times are seconds since 1970, 0 where never."""

    name: str
    protocol: str
    address: str
    state: Health = Health.DEGRADED
    last_error: str = ""
    last_error_at: float = 0.0
    last_at: float = 0.0
    readings: int = 0
    refused: int = 0
    restarts: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def linked(self) -> None:
        """Note that it is connected and will tell by itself."""
        self.state = Health.HEALTHY

    def heard(self, readings: int) -> None:
        """Note that something came and was kept."""
        self.state, self.last_at = Health.HEALTHY, time.time()
        self.readings += readings

    def troubled(self, reason: str) -> None:
        """Note that a part of it is wrong."""
        self.state = Health.DEGRADED
        self.last_error, self.last_error_at = reason, time.time()

    def failed(self, reason: str) -> None:
        """Note that it ended."""
        self.state = Health.FAILED
        self.last_error, self.last_error_at = reason, time.time()
        self.restarts += 1

    def told(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


class Connector(Protocol):
    """The running thing of one device: Modbus, OPC UA or MQTT."""

    async def run(self, committer: Committer, state: DeviceState) -> None:
        """Keep what comes until cancelled or until the connection fails."""


def wait_s(failures: int, chance: float) -> float:
    """Return how long to wait [s] after that many failures in a row: doubled each time, capped, and jittered.

    `chance` from 0 to 1 takes up to half of it off, so that devices that failed together do not start together.

    >>> [wait_s(failures, 0.0) for failures in (1, 2, 3, 7, 1000)]
    [1.0, 2.0, 4.0, 60.0, 60.0]
    >>> wait_s(2, 1.0)
    1.0
    """
    whole = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failures - 1, 16))
    return whole * (1 - chance / 2)


async def supervise(
    connector: Connector,
    committer: Committer,
    state: DeviceState,
    *,
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Run a connector for ever, again after each failure; ends only when cancelled."""
    failures = 0
    while True:
        before = state.last_at
        try:
            await connector.run(committer, state)
            state.failed("连接结束")
        except asyncio.CancelledError:
            # A library may cancel itself; only what comes from outside ends a device.
            if _is_asked_to_end():
                raise
            state.failed("连接被中断")
        except Exception as error:
            if _is_asked_to_end():
                raise asyncio.CancelledError from error
            state.failed(_told(error))
        failures = 1 if state.last_at > before else failures + 1
        await pause(wait_s(failures, random.random()))


async def run_devices(connectors: Iterable[tuple[Connector, DeviceState]], committer: Committer) -> None:
    """Run all devices until cancelled."""
    tasks = [
        asyncio.create_task(supervise(connector, committer, state), name=state.name)
        for connector, state in connectors
    ]
    try:
        # None of them ends by itself; without any there is still something to wait for.
        await asyncio.gather(*tasks, asyncio.Event().wait())
    finally:
        await _end(tasks)


async def _end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel until all have ended.

    Once is not enough: `asyncio.wait_for` of Python 3.11, which the libraries use, loses a cancellation that comes
    together with its result.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_S)


def _is_asked_to_end() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _told(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return "；".join(_told(part) for part in error.exceptions)
    if isinstance(error, DeviceTrouble):
        return str(error)
    if isinstance(error, TimeoutError):
        return "等不到回答"
    if isinstance(error, OSError):
        return f"连不上或连接断开（{error.strerror or error}）"
    return f"{type(error).__name__}：{error}"
