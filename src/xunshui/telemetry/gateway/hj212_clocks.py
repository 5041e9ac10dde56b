"""The clocks of loggers: how far each is off, and when it is set."""

from __future__ import annotations

import time

from xunshui.telemetry.gateway.hj212_exchanges import Exchanges
from xunshui.telemetry.gateway.hj212_terms import Terms
from xunshui.telemetry.gateway.session import Session
from xunshui.telemetry.hj212.clock import sent_at
from xunshui.telemetry.hj212.message import Message
from xunshui.telemetry.hj212.requests import set_clock

BETWEEN_CLOCKS_S = 3_600.0


class Clocks:
    """All loggers' clocks. None is set but where its profile agrees to it."""

    def __init__(self, terms: Terms, exchanges: Exchanges) -> None:
        """Take the terms, and by what loggers are asked."""
        self._terms = terms
        self._exchanges = exchanges

    def measured(self, session: Session, message: Message, now_ns: int) -> None:
        """Take a real-time frame for the logger's clock, and set that where it is to be."""
        sent_us = sent_at(message)
        if sent_us is None or session.conversation is not None and session.conversation.brings_history:
            return
        session.measured_ns, session.last = now_ns, message
        session.skew.measure(sent_us, now_ns // 1000)
        seconds, profile = session.skew.seconds, self._terms.of(session.device)
        if seconds is None or profile is None or profile.clock is None:
            return
        if abs(seconds) > profile.clock.tolerance_s:
            self.set(session, BETWEEN_CLOCKS_S)

    def set(self, session: Session, not_before_s: float) -> None:
        """Set a logger's clock, but not before so much time has passed since the gateway last did."""
        profile, now = self._terms.of(session.device), time.monotonic()
        if profile is None or profile.clock is None or not profile.clock.sync or session.connection is None:
            return
        request = set_clock(self._terms.dialect(session))
        if session.clock_set_s is not None and now - session.clock_set_s < not_before_s:
            return
        if session.conversation is None or not session.conversation.asks(request.command):
            session.clock_set_s = now
            self._exchanges.ask(session, request)
