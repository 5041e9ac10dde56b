"""What loggers ask the platform for, granted once that is on disk and confirmed: the time, a new key, their MN."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress

from xunshui.telemetry.errors import NotAnswered
from xunshui.telemetry.gateway.hj212_clocks import Clocks
from xunshui.telemetry.gateway.hj212_exchanges import Exchanges
from xunshui.telemetry.gateway.hj212_terms import Terms
from xunshui.telemetry.gateway.session import Session
from xunshui.telemetry.hj212.host import HARDWARE_TOLD, KEY_WISHED, TIME_WISHED
from xunshui.telemetry.hj212.message import Message
from xunshui.telemetry.hj212.requests import SET_KEY, Exchange, State, set_name

BETWEEN_WISHES_S = 60.0
"""How soon a logger's wish is heard again: for the time (1013), a key (1014), an MN (1001)."""
HARDWARE = {
    "i23005-Info": "数采仪编号",
    "i23006-Info": "CPU 编号",
    "i23007-Info": "MAC 1",
    "i23008-Info": "MAC 2",
}


class Wishes:
    """The wishes of all loggers."""

    def __init__(self, terms: Terms, exchanges: Exchanges, clocks: Clocks) -> None:
        """Take the terms, by what loggers are asked, and who sets clocks."""
        self._terms = terms
        self._exchanges = exchanges
        self._clocks = clocks
        self._named: dict[str, Session] = {}
        """Sessions that are being told a new MN, by that MN."""

    def wished(self, session: Session, message: Message) -> None:
        """Grant what a logger asks for."""
        if message.command == TIME_WISHED:
            self._clocks.set(session, BETWEEN_WISHES_S)
        elif self._terms.dialect_of(message) != "2025":
            return
        elif message.command == KEY_WISHED:
            self._grant_key(session)
        elif message.command == HARDWARE_TOLD:
            self._grant_name(session, message)

    def who_speaks(self, session: Session, message: Message) -> Session:
        """Return whose conversation a message belongs to: one that is told a new MN answers under it already."""
        if self._named and (session.conversation is None or not session.conversation.is_busy):
            return self._named.get(message.device, session)
        return session

    def came_of_name(self, session: Session, exchange: Exchange) -> None:
        """Note that a logger took an MN, or that nothing came of it."""
        self._named.pop(exchange.request.name, None)
        if exchange.state is State.DONE:
            with suppress(sqlite3.Error):  # told before under another name, and kept so
                self._terms.agreed.note_hardware(exchange.request.name, session.hardware)

    def _grant_key(self, session: Session) -> None:
        if not _may_grant(session, SET_KEY):
            return
        try:
            self._exchanges.ask(session, self._terms.new_key(session))
        except NotAnswered as error:
            session.last_reason = f"请求新密钥（1014）：{error}"

    def _grant_name(self, session: Session, message: Message) -> None:
        told = {name: message.value(name) or "" for name in HARDWARE if message.value(name)}
        session.hardware = told
        try:
            self._terms.agreed.note_hardware(session.device, told)
        except sqlite3.Error as error:
            session.last_reason = f"硬件序号没能另存（{error}），原文已保存"
        serial = told.get("i23005-Info", "")
        name = self._terms.name_of(serial)
        if name is not None and name != message.device and _may_grant(session, HARDWARE_TOLD):
            self._named[name] = session
            self._exchanges.ask(session, set_name(name, serial))


def _may_grant(session: Session, wish: str) -> bool:
    """Return whether a wish may be granted now, and remember that it is."""
    now = time.monotonic()
    if session.connection is None or now - session.granted_s.get(wish, -BETWEEN_WISHES_S) < BETWEEN_WISHES_S:
        return False
    session.granted_s[wish] = now
    return True
