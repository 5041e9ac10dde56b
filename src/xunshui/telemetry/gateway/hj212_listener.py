"""The listener for HJ 212: loggers connect, their frames are kept, and only then acknowledged."""

from __future__ import annotations

import asyncio
import time
from functools import partial

from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.gateway.hj212_host import Host
from xunshui.telemetry.gateway.session import NAMELESS, Session
from xunshui.telemetry.hj212.clock import REAL_TIME
from xunshui.telemetry.hj212.frame import Frame, Framer, Quirk
from xunshui.telemetry.hj212.host import ANSWERS, HARDWARE_TOLD, KEY_WISHED, TIME_WISHED, answer_to, key_of
from xunshui.telemetry.hj212.message import Message, read_segment
from xunshui.telemetry.hj212.samples import samples_of
from xunshui.telemetry.sample import Arrival

FIRST_FRAME_S = 60.0
"""A connection that has sent no good frame by then is closed."""
UNFINISHED_S = 60.0
"""How long the rest of a frame may take."""
MOST_BAD_BYTES = 1_000_000
"""A sender of that much garbage without a good frame between is no logger."""
SWEEP_S = 5.0
MOST_CONNECTIONS = 5_000
MOST_SESSIONS = 20_000
BETWEEN_MEASURES_NS = 200_000_000
"""How often a logger's clock is measured at most: loggers send every half minute, a load test without a pause."""
WISHES = frozenset({TIME_WISHED, KEY_WISHED, HARDWARE_TOLD})


class Listener:
    """All connections of one port."""

    def __init__(self, committer: Committer, host: Host | None = None) -> None:
        """Take the committer that keeps what comes, and the host that asks."""
        self.committer = committer
        self.host = host or Host()
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.refused_frames = 0
        self.refused_bytes = 0
        self.turned_away = 0
        self._paused: set[Connection] = set()
        self._stopped = False

    async def serve(self, host: str, port: int) -> asyncio.Server:
        """Listen; the caller closes the server."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: Connection(self), host, port, backlog=1024)

    async def sweep(self) -> None:
        """Close, from time to time, the connections that are none of a logger; runs until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_S)
            now = time.monotonic()
            for connection in list(self.connections):
                connection.check_deadlines(now)

    def new_session(self, device: str, address: str, now_ns: int) -> Session:
        """Return the session of a device heard for the first time; where there are too many, the stillest are let go.

        What they sent is kept all the same: a session is only what the pages tell of a device.
        """
        if len(self.sessions) >= MOST_SESSIONS:
            stillest = sorted(self.sessions.values(), key=lambda each: (each.connected, each.last_at))
            for session in stillest[: MOST_SESSIONS // 10]:
                del self.sessions[session.device]
        session = self.sessions[device] = Session(device, address, first_at=now_ns / 1e9)
        return session

    def stop_reading(self) -> None:
        """Take nothing more from anyone; what was taken is still answered."""
        self._stopped = True
        for connection in self.connections:
            connection.pause()

    def hold(self, connection: Connection) -> None:
        """Stop reading from a connection until there is room."""
        if not self._paused:
            self._resuming = asyncio.ensure_future(self._resume())
        self._paused.add(connection)

    async def _resume(self) -> None:
        await self.committer.room()
        if self._stopped:
            return
        paused, self._paused = self._paused, set()
        for connection in paused:
            connection.resume()


class Connection(asyncio.Protocol):
    """One logger's connection."""

    def __init__(self, listener: Listener) -> None:
        """Take the listener it belongs to."""
        self._listener = listener
        self._framer = Framer()
        self._transport: asyncio.Transport
        self._address = ""
        self._opened = self._unfinished = time.monotonic()
        self._good = 0
        self._bad_bytes = 0
        self._answers: list[bytes] = []
        self._devices: set[str] = set()
        self._nameless = ""
        self._lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self._address = f"{peer[0]}:{peer[1]}" if peer else ""
        if len(self._listener.connections) >= MOST_CONNECTIONS:
            self._listener.turned_away += 1
            transport.abort()
            return
        self._listener.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Take what was begun for broken."""
        self._lost = True
        self._listener.connections.discard(self)
        self._take(self._framer.end())
        for device in self._devices:
            session = self._listener.sessions.get(device)
            if session is not None and session.connection is self:
                session.connected, session.connection = False, None
                self._listener.host.lost(session)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        if not len(self._framer):
            self._unfinished = time.monotonic()
        self._take(self._framer.feed(data))
        if self._bad_bytes > MOST_BAD_BYTES:
            self._listener.turned_away += 1
            self._transport.abort()
        elif self._listener.committer.is_full:
            self._transport.pause_reading()
            self._listener.hold(self)

    def send(self, frame: bytes) -> None:
        """Send a frame of the host's own, behind the answers that wait."""
        self._answer(frame)

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
            self._listener.turned_away += 1
            self._transport.abort()
        elif len(self._framer) and now - self._unfinished > UNFINISHED_S:
            self._take(self._framer.end())

    def _take(self, frames: list[Frame]) -> None:
        for frame in frames:
            if frame.readable and frame.segment:
                self._keep(frame)
            else:
                self._refuse(frame, frame.reason)

    def _keep(self, frame: Frame) -> None:
        message, host, unopened = read_segment(frame.segment), self._listener.host, ""
        if host.deciphers:
            message, unopened = host.open(message)
        device = message.device or self._name_of_nameless(message)
        if message.reason or not device:
            self._refuse(frame, message.reason or "缺 MN")
            return
        now_ns = time.time_ns()
        self._good += 1
        self._bad_bytes = 0
        session = self._note(device, now_ns, frame.quirks + message.quirks)
        if unopened:
            session.last_reason, session.last_bad = unopened, frame.raw[:2000]
        command = message.command
        if command in ANSWERS:
            host.heard(session, message)
            return
        arrival = Arrival("hj212", device, now_ns // 1000, frame.raw, samples_of(message), key_of(message))
        if command in WISHES:
            self._listener.committer.add(arrival, partial(self._answer_wish, session, message))
        else:
            answer = answer_to(message)
            self._listener.committer.add(arrival, lambda: self._answer(answer))
        if session.conversation is not None:
            host.heard(session, message)
        if session.last is None:
            session.last = message
            host.linked(session)
        if command == REAL_TIME and now_ns - session.measured_ns > BETWEEN_MEASURES_NS:
            host.measured(session, message, now_ns)

    def _name_of_nameless(self, message: Message) -> str:
        """Return what a logger without an MN goes by: its serial, told once over this connection."""
        serial = message.value("i23005-Info") if message.command == HARDWARE_TOLD else None
        if serial:
            self._nameless = f"{NAMELESS}{serial[:64]}"
        return self._nameless

    def _answer_wish(self, session: Session, message: Message) -> None:
        host = self._listener.host
        self._answer(answer_to(message, host.notices_to(message)))
        host.wished(session, message)

    def _answer(self, answer: bytes) -> None:
        if not answer or self._lost:
            return
        if not self._answers:
            asyncio.get_running_loop().call_soon(self._send)
        self._answers.append(answer)

    def _send(self) -> None:
        if not self._lost:
            self._transport.write(b"".join(self._answers))
        self._answers.clear()

    def _note(self, device: str, now_ns: int, quirks: tuple[Quirk, ...]) -> Session:
        session = self._listener.sessions.get(device)
        if session is None:
            session = self._listener.new_session(device, self._address, now_ns)
        self._devices.add(device)
        session.address, session.connected, session.connection = self._address, True, self
        session.last_at = now_ns / 1e9
        session.frames += 1
        session.quirks.update(quirks)
        return session

    def _refuse(self, frame: Frame, reason: str) -> None:
        self._bad_bytes += len(frame.raw)
        self._listener.refused_frames += 1
        self._listener.refused_bytes += len(frame.raw)
        device = read_segment(frame.segment).device if frame.segment else ""
        session = self._listener.sessions.get(device)
        if session is not None:
            session.refused += 1
            session.last_reason, session.last_bad = reason, frame.raw[:2000]
