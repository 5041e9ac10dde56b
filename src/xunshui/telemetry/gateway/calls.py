"""Those who call the gateway: a listener for one port and its connections, whatever the protocol.

A protocol's own listener says how a stream is cut into pieces and what becomes of each (`_take`); deadlines, limits,
and who may be read from while the disk is slow are the same for all.
"""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from xunshui.telemetry.gateway.committer import Committer

FIRST_FRAME_S = 60.0
"""A connection that has sent no good frame by then is closed."""
UNFINISHED_S = 60.0
"""How long the rest of a frame may take."""
MOST_BAD_BYTES = 1_000_000
"""A sender of that much garbage without a good frame between is none of ours."""
SWEEP_S = 5.0
MOST_CONNECTIONS = 5_000
MOST_CALLERS = 20_000
LONGEST_BAD = 2_000

P = TypeVar("P")
"""A piece of a stream: a frame, or what is none."""


@dataclass(slots=True)
class Caller:
    """What is known of one who calls, over all its connections since the gateway started."""

    device: str
    address: str
    connected: bool = True
    first_at: float = 0.0
    last_at: float = 0.0
    frames: int = 0
    refused: int = 0
    last_reason: str = ""
    last_bad: bytes = b""
    connection: Connection[Any, Any] | None = None
    """The one it spoke over last."""


C = TypeVar("C", bound=Caller)


class Cutter(Protocol[P]):
    """Cuts a stream of bytes into pieces; its length is that of what is not whole yet."""

    def __len__(self) -> int:
        """Return how many bytes wait for more."""

    def feed(self, received: bytes) -> list[P]:
        """Take bytes and return the pieces that are whole with them, in order."""

    def end(self) -> list[P]:
        """Return what is left, told that no more bytes will come."""


class Listener(ABC, Generic[C]):
    """All connections of one port, and who calls over them."""

    def __init__(self, committer: Committer, first_heard: Callable[[str, str], C]) -> None:
        """Take the committer that keeps what comes, and what makes a caller of a device and its address."""
        self.committer = committer
        self.callers: dict[str, C] = {}
        self.connections: set[Connection[Any, C]] = set()
        self.refused_frames = 0
        self.refused_bytes = 0
        self.turned_away = 0
        self._first_heard = first_heard
        self._paused: set[Connection[Any, C]] = set()
        self._stopped = False

    @abstractmethod
    def connection(self) -> Connection[Any, C]:
        """Return a connection that nobody calls over yet."""

    def lost(self, caller: C) -> None:
        """Take it that the connection a caller spoke over last is gone."""

    async def serve(self, host: str, port: int) -> asyncio.Server:
        """Listen; the caller closes the server."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(self.connection, host, port, backlog=1024)

    async def sweep(self) -> None:
        """Close, from time to time, the connections that are none of ours; runs until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_S)
            now = time.monotonic()
            for connection in list(self.connections):
                connection.check_deadlines(now)

    def new_caller(self, device: str, address: str, now_ns: int) -> C:
        """Return a device heard for the first time as a caller; where there are too many, the stillest are let go.

        What they sent is kept all the same: a caller is only what the pages tell of a device.
        """
        if len(self.callers) >= MOST_CALLERS:
            stillest = sorted(self.callers.values(), key=lambda each: (each.connected, each.last_at))
            for each in stillest[: MOST_CALLERS // 10]:
                del self.callers[each.device]
        caller = self.callers[device] = self._first_heard(device, address)
        caller.first_at = now_ns / 1e9
        return caller

    def stop_reading(self) -> None:
        """Take nothing more from anyone; what was taken is still answered."""
        self._stopped = True
        for connection in self.connections:
            connection.pause()

    def hold(self, connection: Connection[Any, C]) -> None:
        """Stop reading from a connection until there is room."""
        connection.pause()
        if not self._paused:
            self._resuming = asyncio.ensure_future(self._resume())
        self._paused.add(connection)

    async def _resume(self) -> None:
        await self.committer.room()
        paused, self._paused = self._paused, set()
        for connection in paused if not self._stopped else ():
            connection.resume()


class Connection(asyncio.Protocol, ABC, Generic[P, C]):
    """One connection: of a caller, or of a device that passes on what several say."""

    def __init__(self, listener: Listener[C], cutter: Cutter[P]) -> None:
        """Take the listener it belongs to, and what cuts its stream."""
        self._listener = listener
        self._cutter = cutter
        self._transport: asyncio.Transport
        self._address = ""
        self._opened = self._unfinished = time.monotonic()
        self._has_sent_good = False
        self._bad_bytes = 0
        self._answers: list[bytes] = []
        self._devices: set[str] = set()
        self._lost = False

    @abstractmethod
    def _take(self, pieces: list[P]) -> None:
        """Take the pieces of its stream: note who sent a good one and keep it, refuse the others."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self._address = f"{peer[0]}:{peer[1]}" if peer else ""
        if len(self._listener.connections) >= MOST_CONNECTIONS:
            self._turn_away()
        else:
            self._listener.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Take what was begun for broken."""
        self._lost = True
        self._listener.connections.discard(self)
        self._take(self._cutter.end())
        for device in self._devices:
            caller = self._listener.callers.get(device)
            if caller is not None and caller.connection is self:
                caller.connected, caller.connection = False, None
                self._listener.lost(caller)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        if not len(self._cutter):
            self._unfinished = time.monotonic()
        self._take(self._cutter.feed(data))
        if self._bad_bytes > MOST_BAD_BYTES:
            self._turn_away()
        elif self._listener.committer.is_full:
            self._listener.hold(self)

    def send(self, frame: bytes) -> None:
        """Send a frame, if any, behind those that wait: what is to be sent at one time goes together."""
        if not frame or self._lost:
            return
        if not self._answers:
            asyncio.get_running_loop().call_soon(self._send)
        self._answers.append(frame)

    def pause(self) -> None:
        """Read nothing more for now."""
        self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if not self._lost:
            self._transport.resume_reading()

    def check_deadlines(self, now: float) -> None:
        """Close where nothing good came in time, and give up on a frame that does not end."""
        if not self._has_sent_good and now - self._opened > FIRST_FRAME_S:
            self._turn_away()
        elif len(self._cutter) and now - self._unfinished > UNFINISHED_S:
            self._take(self._cutter.end())

    def _turn_away(self) -> None:
        self._listener.turned_away += 1
        self._transport.abort()

    def _send(self) -> None:
        if not self._lost:
            self._transport.write(b"".join(self._answers))
        self._answers.clear()

    def _note(self, device: str, now_ns: int) -> C:
        """Note a good frame and return who sent it."""
        self._has_sent_good, self._bad_bytes = True, 0
        caller = self._listener.callers.get(device)
        if caller is None:
            caller = self._listener.new_caller(device, self._address, now_ns)
        self._devices.add(device)
        caller.address, caller.connected, caller.connection = self._address, True, self
        caller.last_at = now_ns / 1e9
        caller.frames += 1
        return caller

    def _refuse(self, raw: bytes, reason: str, device: str) -> None:
        """Count what is no good frame, and tell it of its sender where that is known; `device` is empty else."""
        self._bad_bytes += len(raw)
        self._listener.refused_frames += 1
        self._listener.refused_bytes += len(raw)
        caller = self._listener.callers.get(device)
        if caller is not None:
            caller.refused += 1
            caller.last_reason, caller.last_bad = reason, raw[:LONGEST_BAD]
