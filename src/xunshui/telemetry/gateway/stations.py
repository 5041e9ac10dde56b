"""The listener for stations that call in a binary protocol: what they send is kept, and only then confirmed.

One port speaks one protocol; what differs between protocols stands in its `Tongue`.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from xunshui.telemetry.binary import Piece
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.gateway.hj212_listener import (
    FIRST_FRAME_S,
    MOST_BAD_BYTES,
    MOST_CONNECTIONS,
    MOST_SESSIONS,
    SWEEP_S,
    UNFINISHED_S,
)
from xunshui.telemetry.heard import Heard, Tongue
from xunshui.telemetry.sample import Arrival

MOST_REMARKS = 40


@dataclass(slots=True)
class Station:
    """What is known of one station, over all its connections since the gateway started."""

    device: str
    address: str
    connected: bool = True
    first_at: float = 0.0
    last_at: float = 0.0
    frames: int = 0
    refused: int = 0
    last_reason: str = ""
    last_bad: bytes = b""
    remarks: dict[str, str] = field(default_factory=dict)
    """What its frames bore and no reading tells, each with its last form."""
    connection: StationConnection | None = None
    """The one it spoke over last."""


class StationListener:
    """All connections of one port."""

    def __init__(self, tongue: Tongue, committer: Committer) -> None:
        """Take the protocol that is spoken here and the committer that keeps what comes."""
        self.tongue = tongue
        self.committer = committer
        self.stations: dict[str, Station] = {}
        self.connections: set[StationConnection] = set()
        self.refused_frames = 0
        self.refused_bytes = 0
        self.turned_away = 0
        self._paused: set[StationConnection] = set()
        self._stopped = False

    async def serve(self, host: str, port: int) -> asyncio.Server:
        """Listen; the caller closes the server."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: StationConnection(self), host, port, backlog=1024)

    async def sweep(self) -> None:
        """Close, from time to time, the connections that are none of a station; runs until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_S)
            now = time.monotonic()
            for connection in list(self.connections):
                connection.check_deadlines(now)

    def station(self, device: str, address: str, now_ns: int) -> Station:
        """Return a station, made where it is heard for the first time; of too many, the stillest are let go."""
        found = self.stations.get(device)
        if found is None:
            if len(self.stations) >= MOST_SESSIONS:
                stillest = sorted(self.stations.values(), key=lambda each: (each.connected, each.last_at))
                for each in stillest[: MOST_SESSIONS // 10]:
                    del self.stations[each.device]
            found = self.stations[device] = Station(device, address, first_at=now_ns / 1e9)
        return found

    def stop_reading(self) -> None:
        """Take nothing more from anyone; what was taken is still confirmed."""
        self._stopped = True
        for connection in self.connections:
            connection.pause()

    def hold(self, connection: StationConnection) -> None:
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


class StationConnection(asyncio.Protocol):
    """One connection: of a station, or of a device that passes on what several say."""

    def __init__(self, listener: StationListener) -> None:
        """Take the listener it belongs to."""
        self._listener = listener
        self._framer = listener.tongue.framer()
        self._transport: asyncio.Transport
        self._address = ""
        self._opened = self._unfinished = time.monotonic()
        self._good = 0
        self._bad_bytes = 0
        self._stations: dict[str, Station] = {}
        self._lost = False

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
        self._take(self._framer.end())
        for station in self._stations.values():
            if station.connection is self:
                station.connected, station.connection = False, None

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        if not len(self._framer):
            self._unfinished = time.monotonic()
        self._take(self._framer.feed(data))
        if self._bad_bytes > MOST_BAD_BYTES:
            self._turn_away()
        elif self._listener.committer.is_full:
            self._listener.hold(self)

    def pause(self) -> None:
        """Read nothing more for now."""
        self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if not self._lost:
            self._transport.resume_reading()

    def check_deadlines(self, now: float) -> None:
        """Close where nothing good came in time, and give up on a frame that does not end."""
        if not self._good and now - self._opened > FIRST_FRAME_S:
            self._turn_away()
        elif len(self._framer) and now - self._unfinished > UNFINISHED_S:
            self._take(self._framer.end())

    def _turn_away(self) -> None:
        self._listener.turned_away += 1
        self._transport.abort()

    def _take(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            now_ns = time.time_ns()
            heard = None if piece.reason else self._listener.tongue.hear(piece.raw, now_ns // 1000)
            if heard is None or heard.reason:
                self._refuse(piece.raw, heard.reason if heard else piece.reason)
            else:
                self._keep(piece.raw, heard, now_ns)

    def _keep(self, raw: bytes, heard: Heard, now_ns: int) -> None:
        self._good += 1
        self._bad_bytes = 0
        self._note(heard, now_ns)
        arrival = Arrival(
            self._listener.tongue.protocol, heard.device, now_ns // 1000, raw, heard.samples, heard.key
        )
        self._listener.committer.add(arrival, lambda: self._answer(heard.answer))

    def _answer(self, answer: bytes) -> None:
        if answer and not self._lost:
            self._transport.write(answer)

    def _note(self, heard: Heard, now_ns: int) -> None:
        station = self._listener.station(heard.device, self._address, now_ns)
        self._stations[heard.device] = station
        station.address, station.connected, station.connection = self._address, True, self
        station.last_at = now_ns / 1e9
        station.frames += 1
        for name, form in heard.remarks:
            if name in station.remarks or len(station.remarks) < MOST_REMARKS:
                station.remarks[name] = form

    def _refuse(self, raw: bytes, reason: str) -> None:
        """Count what is no frame; its sender is known where only one station speaks over this connection."""
        self._bad_bytes += len(raw)
        self._listener.refused_frames += 1
        self._listener.refused_bytes += len(raw)
        if len(self._stations) == 1:
            [station] = self._stations.values()
            station.refused += 1
            station.last_reason, station.last_bad = reason, raw[:1000]
