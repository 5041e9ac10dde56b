"""Connections of every protocol alike: held while the committer is full, read on when there is room, not once stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest

from xunshui.telemetry.gateway import calls, committer
from xunshui.telemetry.gateway.calls import Listener
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.gateway.hj212_listener import Hj212Listener
from xunshui.telemetry.gateway.stations import StationListener
from xunshui.telemetry.hj212 import framed
from xunshui.telemetry.sl651.centre import Confirm, tongue
from xunshui.telemetry.spool import SpoolWriter

T = TypeVar("T")
Make = Callable[[Committer], Listener[Any]]
DATA = framed(b"QN=20240101000000001;ST=32;CN=2011;PW=1;MN=B;Flag=5;CP=&&DataTime=20240101000000&&")
REPORT = bytes.fromhex(
    "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F0591011154920190000052619000005392300000127381211150320FA"
)
EVERY_KIND = pytest.mark.parametrize(
    ("make", "frame"),
    [
        pytest.param(Hj212Listener, DATA, id="hj212"),
        pytest.param(lambda committer: StationListener(tongue(Confirm.STAY), committer), REPORT, id="sl651"),
    ],
)


class Called:
    """A listener on a port, and one who called it and sent a frame that nobody keeps yet; there is room for no more."""

    def __init__(self, listener: Listener[Any], frame: bytes) -> None:
        """Take who listens, and what is sent."""
        self.listener = listener
        self._frame = frame

    async def __aenter__(self) -> Called:
        """Call and send."""
        self._server = await self.listener.serve("127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        self.writer.write(self._frame)
        async with asyncio.timeout(10):
            while not self.listener.callers:
                await asyncio.sleep(0.01)
        [self._connection] = self.listener.connections
        return self

    @property
    def is_read(self) -> bool:
        """Return whether the gateway reads what is sent."""
        return self._connection._transport.is_reading()

    async def kept(self) -> bytes:
        """Let what waits be kept, and return the answer."""
        self.listener.committer.close()
        await self.listener.committer.run()
        return await asyncio.wait_for(self.reader.read(1), 10)

    async def __aexit__(self, *error: object) -> None:
        """Hang up, on both sides."""
        self._server.close()
        self._connection._transport.abort()
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()
        while self.listener.connections:
            await asyncio.sleep(0.01)


def listener(folder: Path, make: Make, monkeypatch: pytest.MonkeyPatch) -> Listener[Any]:
    monkeypatch.setattr(committer, "MOST_WAITING", 1)
    return make(Committer(SpoolWriter(folder)))


def awaited(work: Coroutine[Any, Any, T]) -> T:
    """Run in a thread of its own: where a browser is driven, this one has a loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@EVERY_KIND
def test_held_while_there_is_no_room_and_read_on_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Make, frame: bytes
) -> None:
    async def read() -> tuple[bool, bytes, bool]:
        async with Called(listener(tmp_path, make, monkeypatch), frame) as called:
            before = called.is_read
            return before, await called.kept(), called.is_read

    before, answer, after = awaited(read())

    assert (before, len(answer), after) == (False, 1, True)


@EVERY_KIND
def test_stopped_while_held_it_is_answered_and_not_read_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Make, frame: bytes
) -> None:
    async def stop() -> tuple[bytes, bool]:
        async with Called(listener(tmp_path, make, monkeypatch), frame) as called:
            called.listener.stop_reading()
            return await called.kept(), called.is_read

    answer, after = awaited(stop())

    assert (len(answer), after) == (1, False)


@EVERY_KIND
def test_who_sends_nothing_good_is_turned_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Make, frame: bytes
) -> None:
    monkeypatch.setattr(calls, "MOST_BAD_BYTES", 1_000)

    async def garbage() -> tuple[int, int]:
        async with Called(listener(tmp_path, make, monkeypatch), frame) as called:
            await called.kept()
            with pytest.raises(ConnectionError):
                while True:
                    called.writer.write(b"\xff" * 500)
                    await called.writer.drain()
                    await asyncio.sleep(0.01)
            return called.listener.turned_away, len(called.listener.connections)

    assert awaited(garbage()) == (1, 0)
