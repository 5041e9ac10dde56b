"""A supervisor starts its device again, waits longer each time, and harms nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import own_loop

from xunshui.telemetry.connectors.supervise import (
    LONGEST_WAIT_S,
    DeviceState,
    DeviceTrouble,
    Health,
    run_devices,
    supervise,
    wait_s,
)
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.spool import SpoolWriter


class Failing:
    """Does one thing after another, then waits."""

    def __init__(self, *steps: Callable[[DeviceState], None]) -> None:
        self._steps = list(steps)

    async def run(self, committer: Committer, state: DeviceState) -> None:
        if self._steps:
            self._steps.pop(0)(state)
            return
        state.linked()
        await asyncio.Event().wait()


def fail(error: BaseException) -> Callable[[DeviceState], None]:
    def step(state: DeviceState) -> None:
        raise error

    return step


def heard_and_fail(state: DeviceState) -> None:
    state.heard(1)
    raise DeviceTrouble("断了")


def state_of(name: str) -> DeviceState:
    return DeviceState(name, "modbus", "h:502")


@pytest.fixture
def committer(tmp_path: Path) -> Committer:
    return Committer(SpoolWriter(tmp_path))


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_wait_is_capped_and_never_shorter_than_half_a_second(failures: int, chance: float) -> None:
    assert 0.5 <= wait_s(failures, chance) <= LONGEST_WAIT_S


def test_failures_in_a_row_wait_longer_and_a_reading_starts_the_count_again(committer: Committer) -> None:
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    async def run() -> None:
        trouble = fail(DeviceTrouble("x"))
        connector = Failing(trouble, trouble, trouble, heard_and_fail, trouble)
        task = asyncio.create_task(supervise(connector, committer, state_of("a"), pause=pause))
        while len(waits) < 5:
            await asyncio.sleep(0)
        task.cancel()

    own_loop.run(run())

    bounds = [(0.5, 1), (1, 2), (2, 4), (0.5, 1), (1, 2)]
    assert all(low <= wait <= high for wait, (low, high) in zip(waits, bounds, strict=True))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(DeviceTrouble("连不上 h:502"), "连不上 h:502", id="trouble"),
        pytest.param(ValueError("odd"), "ValueError：odd", id="any_error"),
        pytest.param(TimeoutError(), "等不到回答", id="timeout"),
        pytest.param(ConnectionResetError(104, "reset"), "连不上或连接断开（reset）", id="connection"),
        pytest.param(
            ExceptionGroup("g", [ValueError("a"), DeviceTrouble("b")]), "ValueError：a；b", id="group"
        ),
        pytest.param(asyncio.CancelledError(), "连接被中断", id="library_cancels_itself"),
    ],
)
def test_crash_of_one_device_is_told_and_ends_neither_it_nor_the_others(
    committer: Committer, error: BaseException, words: str
) -> None:
    crashing, other = state_of("a"), state_of("b")

    async def run() -> None:
        devices = [(Failing(fail(error)), crashing), (Failing(), other)]
        task = asyncio.create_task(run_devices(devices, committer))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    own_loop.run(run())

    assert (crashing.state, crashing.last_error, crashing.restarts) == (Health.FAILED, words, 1)
    assert other.state is Health.HEALTHY


def test_device_that_loses_a_cancellation_ends_all_the_same(
    committer: Committer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deaf:
        """Swallows the first cancellation, as `asyncio.wait_for` may."""

        async def run(self, committer: Committer, state: DeviceState) -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await asyncio.Event().wait()

    async def run() -> None:
        running = asyncio.create_task(run_devices([(Deaf(), state_of("a"))], committer))
        await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait_for(asyncio.wait([running]), 5)
        assert running.cancelled()

    monkeypatch.setattr("xunshui.telemetry.connectors.supervise.AGAIN_S", 0.05)
    own_loop.run(run())


def test_failure_while_asked_to_end_ends(committer: Committer) -> None:
    class Breaking:
        """Turns the cancellation into an error of its own, as a library may."""

        async def run(self, committer: Committer, state: DeviceState) -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                raise OSError("broken") from None

    async def run() -> None:
        running = asyncio.create_task(run_devices([(Breaking(), state_of("a"))], committer))
        await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait_for(asyncio.wait([running]), 2)
        assert running.cancelled()

    own_loop.run(run())
