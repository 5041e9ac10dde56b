"""The conversations with loggers: requests go out in turn, again where no answer comes, and who waits is told the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from xunshui.telemetry.gateway.hj212_terms import Terms
from xunshui.telemetry.gateway.session import Session
from xunshui.telemetry.hj212.message import Message
from xunshui.telemetry.hj212.requests import OVER_TIME_S, RESENDS, Conversation, Exchange, Numbers, Request

if TYPE_CHECKING:
    from xunshui.telemetry.hj212.profile import Profile

LOOK_S = 0.2
"""How often it is looked whether an answer is overdue."""


class Exchanges:
    """All conversations with loggers."""

    def __init__(self, terms: Terms, came_of: Callable[[Session, Exchange], None]) -> None:
        """Take the terms, and who takes the consequences of an exchange that ended."""
        self._terms = terms
        self._came_of = came_of
        self._numbers = Numbers()
        self._busy: dict[str, Session] = {}
        self._wake = asyncio.Event()
        self._ends: dict[int, asyncio.Future[None]] = {}

    def ask(self, session: Session, request: Request) -> Exchange:
        """Put a request behind those that wait, and send what is due."""
        if session.conversation is None:
            session.conversation = Conversation(self._numbers)
            wait_as_agreed(session, self._terms.of(session.device))
        exchange = session.conversation.ask(request, time.time_ns() // 1000)
        self._go_on(session, session.conversation)
        return exchange

    async def ended(self, exchange: Exchange) -> Exchange:
        """Return an exchange once it came to its end."""
        end = asyncio.get_running_loop().create_future()
        self._ends[id(exchange)] = end
        await end
        return exchange

    def heard(self, session: Session, message: Message) -> None:
        """Take what a logger says while it is asked something."""
        conversation = session.conversation
        if conversation is not None and conversation.is_busy and message.items:
            content = {name: value for item in message.items for name, value in item.items()}
            conversation.hear(message.fields, content, time.monotonic())
            self._go_on(session, conversation)

    def break_off(self, session: Session) -> list[Request]:
        """End what was asked over a connection that is gone; return what was not confirmed."""
        conversation = session.conversation
        if conversation is None:
            return []
        conversation.break_off()
        broken = [each.request for each in conversation.ended]
        self._go_on(session, conversation)
        return broken

    async def run(self) -> None:
        """Ask again, or give up, where an answer is overdue; runs until cancelled."""
        while True:
            if not self._busy:
                self._wake.clear()
                await self._wake.wait()
            await asyncio.sleep(LOOK_S)
            for session in list(self._busy.values()):
                assert session.conversation is not None
                self._go_on(session, session.conversation)

    def _go_on(self, session: Session, conversation: Conversation) -> None:
        """Send what is due, and tell who waits for what has ended."""
        if conversation.is_busy and session.connection is not None:
            to = self._terms.peer(session)
            session.connection.send(conversation.due(time.monotonic(), time.time_ns() // 1000, to))
        for exchange in conversation.ended:
            self._came_of(session, exchange)
            end = self._ends.pop(id(exchange), None)
            if end is not None and not end.done():
                end.set_result(None)
        conversation.ended.clear()
        if conversation.is_busy:
            self._busy[session.device] = session
            self._wake.set()
        else:
            self._busy.pop(session.device, None)


def wait_as_agreed(session: Session, profile: Profile | None) -> None:
    """Wait for a logger's answers as long, and ask again as often, as it is told to do itself."""
    over_time_s, resends = (profile.over_time_s, profile.resends) if profile else (None, None)
    if session.conversation is not None:
        session.conversation.over_time_s = over_time_s or OVER_TIME_S
        session.conversation.resends = RESENDS if resends is None else resends
