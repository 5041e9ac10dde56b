"""The host's role towards HJ 212 loggers: measures and sets their clocks, tells them what was agreed, asks for history.

Nothing is sent unasked to a logger without a profile.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from xunshui.telemetry.errors import NotAnswered
from xunshui.telemetry.gateway.session import Session
from xunshui.telemetry.hj212.clock import sent_at
from xunshui.telemetry.hj212.message import Message
from xunshui.telemetry.hj212.requests import (
    OVER_TIME_S,
    RESENDS,
    Conversation,
    Exchange,
    Numbers,
    Peer,
    Request,
    State,
    ask_history,
    dialect_of,
    first_link,
    set_clock,
)

if TYPE_CHECKING:
    from xunshui.telemetry.hj212.profile import Profile, Profiles

LOOK_S = 0.2
"""How often it is looked whether an answer is overdue."""
BETWEEN_CLOCKS_S = 3_600.0
BETWEEN_WISHES_S = 60.0
"""How soon a logger's wish (1013) for the time is heard again."""
NO_PASSWORD = "123456"


class Host:
    """All conversations with loggers."""

    def __init__(self, profiles: Profiles | None = None) -> None:
        """Take what was agreed with which logger."""
        self.deciphers = _has_keys(profiles)
        """Whether any message may have to be deciphered; asked for each, so kept."""
        self._profiles = profiles
        self._numbers = Numbers()
        self._busy: dict[str, Session] = {}
        self._wake = asyncio.Event()
        self._ends: dict[int, asyncio.Future[None]] = {}

    def open(self, message: Message) -> tuple[Message, str]:
        """Return a message deciphered where its sender's profile has a key, and why it could not be."""
        profile = self._profile(message.device)
        if profile is None or profile.sm4 is None:
            return message, ""
        from xunshui.telemetry.hj212.sm4 import opened  # only where there are keys

        return opened(message, profile.sm4)

    def linked(self, session: Session) -> None:
        """Tell a logger that is heard for the first time what its profile says."""
        profile = self._profile(session.device)
        if profile is not None:
            for request in first_link(profile):
                self._ask(session, request)

    def measured(self, session: Session, message: Message, now_ns: int) -> None:
        """Take a real-time frame for the logger's clock, and set that where it is to be."""
        sent_us = sent_at(message)
        if sent_us is None or session.conversation is not None and session.conversation.brings_history:
            return
        session.measured_ns, session.last = now_ns, message
        session.skew.measure(sent_us, now_ns // 1000)
        seconds, profile = session.skew.seconds, self._profile(session.device)
        if seconds is None or profile is None or profile.clock is None:
            return
        if abs(seconds) > profile.clock.tolerance_s:
            self._set_clock(session, BETWEEN_CLOCKS_S)

    def wished_for_time(self, session: Session) -> None:
        """Tell the time to a logger that asked for it (1013)."""
        self._set_clock(session, BETWEEN_WISHES_S)

    def heard(self, session: Session, message: Message) -> None:
        """Take what a logger says while it is asked something."""
        conversation = session.conversation
        if conversation is not None and conversation.is_busy and message.items:
            conversation.hear(message.fields, message.items[0], time.monotonic())
            self._go_on(session)

    def lost(self, session: Session) -> None:
        """End what was asked over a connection that is gone."""
        if session.conversation is not None:
            session.conversation.break_off()
            self._go_on(session)

    async def asked_history(self, session: Session, command: str, begin_us: int, end_us: int) -> Exchange:
        """Ask for a period's data and return what came of it. Raises NotAnswered."""
        try:
            request = ask_history(command, begin_us, end_us, self._dialect(session))
        except ValueError as error:
            raise NotAnswered(str(error)) from None
        return await self._ended(self._ask(session, request))

    async def asked_clock(self, session: Session) -> Exchange:
        """Set a logger's clock now and return what came of it."""
        return await self._ended(self._ask(session, set_clock(self._dialect(session))))

    async def run(self) -> None:
        """Ask again, or give up, where an answer is overdue; runs until cancelled."""
        while True:
            if not self._busy:
                self._wake.clear()
                await self._wake.wait()
            await asyncio.sleep(LOOK_S)
            for session in list(self._busy.values()):
                self._go_on(session)

    def _profile(self, device: str) -> Profile | None:
        return None if self._profiles is None else self._profiles.of(device)

    def _dialect(self, session: Session) -> str:
        version = "2017" if session.last is None else session.last.version
        return dialect_of(version, self._profile(session.device))

    def _set_clock(self, session: Session, not_before_s: float) -> None:
        profile, now = self._profile(session.device), time.monotonic()
        if profile is None or profile.clock is None or not profile.clock.sync or session.connection is None:
            return
        request = set_clock(self._dialect(session))
        if session.clock_set_s is not None and now - session.clock_set_s < not_before_s:
            return
        if session.conversation is None or not session.conversation.asks(request.command):
            session.clock_set_s = now
            self._ask(session, request)

    def _ask(self, session: Session, request: Request) -> Exchange:
        if session.conversation is None:
            profile = self._profile(session.device)
            over_time_s, resends = (profile.over_time_s, profile.resends) if profile else (None, None)
            session.conversation = Conversation(
                self._numbers,
                over_time_s=over_time_s or OVER_TIME_S,
                resends=RESENDS if resends is None else resends,
            )
        exchange = session.conversation.ask(request, time.time_ns() // 1000)
        self._go_on(session)
        return exchange

    def _go_on(self, session: Session) -> None:
        """Send what is due, and tell who waits for what has ended."""
        conversation = session.conversation
        assert conversation is not None
        to = self._peer(session)
        if conversation.is_busy and session.connection is not None:
            session.connection.send(conversation.due(time.monotonic(), time.time_ns() // 1000, to))
        for exchange in conversation.ended:
            if exchange.state is State.DONE and exchange.request.tells_time:
                session.skew.forget()
            end = self._ends.pop(id(exchange), None)
            if end is not None and not end.done():
                end.set_result(None)
        conversation.ended.clear()
        if conversation.is_busy:
            self._busy[session.device] = session
            self._wake.set()
        else:
            self._busy.pop(session.device, None)

    def _peer(self, session: Session) -> Peer:
        profile = self._profile(session.device)
        fields = {} if session.last is None else session.last.fields
        password = profile.password if profile is not None else None
        return Peer(
            session.device,
            fields.get("ST", "32"),
            password or fields.get("PW", NO_PASSWORD),
            self._dialect(session),
        )

    async def _ended(self, exchange: Exchange) -> Exchange:
        end = asyncio.get_running_loop().create_future()
        self._ends[id(exchange)] = end
        await end
        return exchange


def _has_keys(profiles: Profiles | None) -> bool:
    if profiles is None:
        return False
    every = [profiles.default, *profiles.devices.values()]
    return any(profile is not None and profile.sm4 is not None for profile in every)
