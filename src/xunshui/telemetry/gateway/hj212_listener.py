"""The listener for HJ 212: loggers connect, their frames are kept, and only then acknowledged."""

from __future__ import annotations

import time
from functools import partial

from xunshui.telemetry.gateway.calls import LONGEST_BAD, Connection, Listener
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.gateway.hj212_host import Host
from xunshui.telemetry.gateway.session import NAMELESS, Session
from xunshui.telemetry.hj212.clock import REAL_TIME
from xunshui.telemetry.hj212.frame import Frame, Framer
from xunshui.telemetry.hj212.host import ANSWERS, HARDWARE_TOLD, KEY_WISHED, TIME_WISHED, answer_to, key_of
from xunshui.telemetry.hj212.message import Message, read_segment
from xunshui.telemetry.hj212.samples import samples_of
from xunshui.telemetry.sample import Arrival

BETWEEN_MEASURES_NS = 200_000_000
"""How often a logger's clock is measured at most: loggers send every half minute, a load test without a pause."""
WISHES = frozenset({TIME_WISHED, KEY_WISHED, HARDWARE_TOLD})


class Hj212Listener(Listener[Session]):
    """All connections of one port."""

    def __init__(self, committer: Committer, host: Host | None = None) -> None:
        """Take the committer that keeps what comes, and the host that asks."""
        super().__init__(committer, Session)
        self.host = host or Host()

    def connection(self) -> Hj212Connection:
        """Return a connection that nobody calls over yet."""
        return Hj212Connection(self)

    def lost(self, caller: Session) -> None:
        """End what was asked over a connection that is gone."""
        self.host.lost(caller)


class Hj212Connection(Connection[Frame, Session]):
    """One logger's connection."""

    def __init__(self, listener: Hj212Listener) -> None:
        """Take the listener it belongs to."""
        super().__init__(listener, Framer())
        self._host, self._terms = listener.host, listener.host.terms
        self._nameless = ""

    def _take(self, pieces: list[Frame]) -> None:
        for frame in pieces:
            if frame.readable and frame.segment:
                self._hear(frame)
            else:
                self._refuse_frame(frame, frame.reason)

    def _hear(self, frame: Frame) -> None:
        message, unopened = read_segment(frame.segment), ""
        if self._terms.deciphers:
            message, unopened = self._terms.open(message)
        device = message.device or self._name_of_nameless(message)
        if message.reason or not device:
            self._refuse_frame(frame, message.reason or "缺 MN")
            return
        now_ns = time.time_ns()
        session = self._note(device, now_ns)
        if quirks := frame.quirks + message.quirks:
            session.quirks.update(quirks)
        if unopened:
            session.last_reason, session.last_bad = unopened, frame.raw[:LONGEST_BAD]
        command = message.command
        if command in ANSWERS:
            self._host.heard(session, message)
            return
        arrival = Arrival("hj212", device, now_ns // 1000, frame.raw, samples_of(message), key_of(message))
        if command in WISHES:
            self._listener.committer.add(arrival, partial(self._answer_wish, session, message))
        else:
            self._listener.committer.add(arrival, partial(self.send, answer_to(message)))
        self._tell_host(session, message, now_ns)

    def _tell_host(self, session: Session, message: Message, now_ns: int) -> None:
        """Let the host know what it goes by: what it asked for, a logger first heard, a clock."""
        host = self._host
        if session.conversation is not None:
            host.heard(session, message)
        if session.last is None:
            session.last = message
            host.linked(session)
        if now_ns - session.measured_ns > BETWEEN_MEASURES_NS and message.command == REAL_TIME:
            host.measured(session, message, now_ns)

    def _name_of_nameless(self, message: Message) -> str:
        """Return what a logger without an MN goes by: its serial, told once over this connection."""
        serial = message.value("i23005-Info") if message.command == HARDWARE_TOLD else None
        if serial:
            self._nameless = f"{NAMELESS}{serial[:64]}"
        return self._nameless

    def _answer_wish(self, session: Session, message: Message) -> None:
        self.send(answer_to(message, self._host.notices_to(message)))
        self._host.wished(session, message)

    def _refuse_frame(self, frame: Frame, reason: str) -> None:
        self._refuse(frame.raw, reason, read_segment(frame.segment).device if frame.segment else "")
