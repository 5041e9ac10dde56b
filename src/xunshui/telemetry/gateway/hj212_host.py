"""The host's role towards HJ 212 loggers: clocks, settings, keys and MN as agreed, and what a person asks for.

Nothing is sent unasked to a logger without a profile.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from xunshui.telemetry.errors import NotAnswered
from xunshui.telemetry.gateway.hj212_agreed import Agreed
from xunshui.telemetry.gateway.hj212_keys import Keys
from xunshui.telemetry.gateway.session import Session
from xunshui.telemetry.hj212.clock import sent_at
from xunshui.telemetry.hj212.commands import request_of
from xunshui.telemetry.hj212.host import HARDWARE_TOLD, KEY_WISHED, NOTICES, NOTICES_2025, TIME_WISHED
from xunshui.telemetry.hj212.message import Message
from xunshui.telemetry.hj212.requests import (
    OVER_TIME_S,
    RESENDS,
    SET_KEY,
    SET_PASSWORD,
    SETTINGS,
    Conversation,
    Exchange,
    Numbers,
    Peer,
    Request,
    State,
    dialect_of,
    first_link,
    set_clock,
    set_name,
)

if TYPE_CHECKING:
    from xunshui.telemetry.hj212.profile import Profile, Profiles

LOOK_S = 0.2
"""How often it is looked whether an answer is overdue."""
BETWEEN_CLOCKS_S = 3_600.0
BETWEEN_WISHES_S = 60.0
"""How soon a logger's wish is heard again: for the time (1013), a key (1014), an MN (1001)."""
MOST_BREAKS = 3
"""How often settings are told again to a logger that breaks the connection over them."""
NO_PASSWORD = "123456"
HARDWARE = {
    "i23005-Info": "数采仪编号",
    "i23006-Info": "CPU 编号",
    "i23007-Info": "MAC 1",
    "i23008-Info": "MAC 2",
}


class Host:
    """All conversations with loggers."""

    def __init__(self, profiles: Profiles | None = None, agreed: Agreed | None = None) -> None:
        """Take what was agreed with which logger, in its profile and over the wire."""
        self.deciphers = _has_keys(profiles)
        """Whether any message may have to be deciphered; asked for each, so kept."""
        self._profiles = profiles
        self._agreed = agreed or Agreed()
        self._keys = Keys(self._agreed)
        self._numbers = Numbers()
        self._named: dict[str, Session] = {}
        """Sessions that are being told a new MN, by that MN."""
        self._busy: dict[str, Session] = {}
        self._wake = asyncio.Event()
        self._ends: dict[int, asyncio.Future[None]] = {}

    def open(self, message: Message) -> tuple[Message, str]:
        """Return a message deciphered where its sender's profile has a key, and why it could not be."""
        profile = self._profile(message.device)
        if profile is None or profile.sm4 is None:
            return message, ""
        return self._keys.open(message, profile.sm4)

    def agree(self, profiles: Profiles, sessions: Iterable[Session]) -> None:
        """Take other profiles, and tell each logger what has changed for it: now, or when it is heard again."""
        before, self._profiles = self._profiles, profiles
        self.deciphers = _has_keys(profiles)
        self._keys.forget_order()
        for session in sessions:
            old = None if before is None else before.of(session.device)
            new = self._profile(session.device)
            known = set(first_link(old)) if old is not None else set()
            told = [request for request in first_link(new) if request not in known] if new is not None else []
            session.breaks = 0
            _wait_as_agreed(session, new)
            self._tell(session, told)

    def linked(self, session: Session) -> None:
        """Tell a logger what its profile says: all when it is first heard, later what it had not confirmed."""
        session.hardware = self._agreed.hardware_of(session.device)
        session.key = self._keys.words(session.device)
        profile, untold = self._profile(session.device), session.untold
        session.untold = []
        if profile is not None and not session.is_nameless:
            for request in first_link(profile) if untold is None else untold:
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

    def notices_to(self, message: Message) -> frozenset[str]:
        """Return the commands that are notices in this logger's dialect."""
        return NOTICES_2025 if self._dialect_of(message) == "2025" else NOTICES

    def wished(self, session: Session, message: Message) -> None:
        """Grant what a logger asks for, once that is on disk and confirmed: the time, a new key, its MN."""
        if message.command == TIME_WISHED:
            self._set_clock(session, BETWEEN_WISHES_S)
        elif self._dialect_of(message) != "2025":
            return
        elif message.command == KEY_WISHED:
            self._grant_key(session)
        elif message.command == HARDWARE_TOLD:
            self._grant_name(session, message)

    def heard(self, session: Session, message: Message) -> None:
        """Take what a logger says while it is asked something."""
        if self._named and (session.conversation is None or not session.conversation.is_busy):
            session = self._named.get(message.device, session)
        conversation = session.conversation
        if conversation is not None and conversation.is_busy and message.items:
            content = {name: value for item in message.items for name, value in item.items()}
            conversation.hear(message.fields, content, time.monotonic())
            self._go_on(session)

    def lost(self, session: Session) -> None:
        """End what was asked over a connection that is gone; what was agreed is told again when it is back."""
        if session.conversation is None:
            return
        session.conversation.break_off()
        broken = [each.request for each in session.conversation.ended if each.state is State.BROKEN]
        self._go_on(session)
        profile = self._profile(session.device)
        agreed = list(first_link(profile)) if profile is not None else []
        untold = [request for request in broken if request in agreed]
        if untold and session.breaks < MOST_BREAKS:
            session.breaks += 1
            self._tell(session, untold)

    async def asked(
        self, session: Session, command: str, given: Mapping[str, str], period_us: tuple[int, int] | None
    ) -> Exchange:
        """Send a command that a person asks for and return what came of it. Raises NotAnswered."""
        from xunshui.telemetry.hj212.read import read_commands  # slow import, and only where one asks

        try:
            request = request_of(read_commands(), command, self._dialect(session), given, period_us)
        except ValueError as error:
            raise NotAnswered(str(error)) from None
        exchange = await self._ended(self._ask(session, request))
        if command == SET_PASSWORD and exchange.state is State.DONE:
            self._note_password(session, given["NewPW"])
        return exchange

    async def asked_clock(self, session: Session) -> Exchange:
        """Set a logger's clock now and return what came of it."""
        return await self._ended(self._ask(session, set_clock(self._dialect(session))))

    async def asked_key(self, session: Session) -> Exchange:
        """Hand a logger a new key now and return what came of it. Raises NotAnswered."""
        dialect = self._dialect(session)
        if dialect != "2025":
            raise NotAnswered(f"换密钥（1014）只有 2025 版才有，这台数采仪按 {dialect} 版对话")
        return await self._ended(self._ask(session, self._new_key(session)))

    async def run(self) -> None:
        """Ask again, or give up, where an answer is overdue; runs until cancelled."""
        while True:
            if not self._busy:
                self._wake.clear()
                await self._wake.wait()
            await asyncio.sleep(LOOK_S)
            for session in list(self._busy.values()):
                self._go_on(session)

    def _tell(self, session: Session, told: list[Request]) -> None:
        """Tell a logger settings now, or, where it is not there, as soon as it is heard again."""
        if not told or session.is_nameless:
            return
        if session.connection is not None:
            for request in told:
                self._ask(session, request)
        elif session.untold is not None:
            session.untold += [request for request in told if request not in session.untold]
            # Its next message is then looked at as a first one.
            session.last = None

    def _grant_key(self, session: Session) -> None:
        if not self._may_grant(session, SET_KEY):
            return
        try:
            self._ask(session, self._new_key(session))
        except NotAnswered as error:
            session.last_reason = f"请求新密钥（1014）：{error}"

    def _new_key(self, session: Session) -> Request:
        profile = self._profile(session.device)
        try:
            request = self._keys.new(session.device, profile.sm4 if profile is not None else None)
        except sqlite3.Error as error:
            raise NotAnswered(f"新密钥没能落盘（{error}），没有下发；看磁盘是否写得进，再试一次") from None
        session.key = self._keys.words(session.device)
        return request

    def _grant_name(self, session: Session, message: Message) -> None:
        told = {name: message.value(name) or "" for name in HARDWARE if message.value(name)}
        session.hardware = told
        try:
            self._agreed.note_hardware(session.device, told)
        except sqlite3.Error as error:
            session.last_reason = f"硬件序号没能另存（{error}），原文已保存"
        serial = told.get("i23005-Info", "")
        name = self._profiles.name_of(serial) if self._profiles is not None and serial else None
        if name is not None and name != message.device and self._may_grant(session, HARDWARE_TOLD):
            self._named[name] = session
            self._ask(session, set_name(name, serial))

    def _may_grant(self, session: Session, wish: str) -> bool:
        """Return whether a wish may be granted now, and remember that it is."""
        now = time.monotonic()
        if (
            session.connection is None
            or now - session.granted_s.get(wish, -BETWEEN_WISHES_S) < BETWEEN_WISHES_S
        ):
            return False
        session.granted_s[wish] = now
        return True

    def _note_password(self, session: Session, now: str) -> None:
        profile = self._profile(session.device)
        if profile is None or profile.password is None:
            return
        try:
            self._agreed.change_password(session.device, profile.password, now)
        except sqlite3.Error as error:
            raise NotAnswered(
                f"数采仪已改用新口令，但网关没能记下（{error}）；在配置里写上新口令，再运行 xunshui hj212 reload"
            ) from None

    def _profile(self, device: str) -> Profile | None:
        return None if self._profiles is None else self._profiles.of(device)

    def _dialect(self, session: Session) -> str:
        version = "2017" if session.last is None else session.last.version
        return dialect_of(version, self._profile(session.device))

    def _dialect_of(self, message: Message) -> str:
        return dialect_of(message.version, self._profile(message.device))

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
            session.conversation = Conversation(self._numbers)
            _wait_as_agreed(session, self._profile(session.device))
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

    def _came_of(self, session: Session, exchange: Exchange) -> None:
        """Take the consequences of an exchange that ended."""
        request, done = exchange.request, exchange.state is State.DONE
        if request.name:
            self._named.pop(request.name, None)
        if request.name and done:
            with suppress(sqlite3.Error):  # told before under another name, and kept so
                self._agreed.note_hardware(request.name, session.hardware)
        if done and request.tells_time:
            session.skew.forget()
        if done and request.command == SET_KEY:
            self._keys.taken(session.device, request)
            session.key = self._keys.words(session.device)
        if done and request.command in SETTINGS:
            session.breaks = 0

    def _peer(self, session: Session) -> Peer:
        profile = self._profile(session.device)
        fields = {} if session.last is None else session.last.fields
        password = profile.password if profile is not None else None
        if password is not None:
            password = self._agreed.password_of(session.device, password)
        return Peer(
            session.device,
            fields.get("ST", "32"),
            password or fields.get("PW", NO_PASSWORD),
            self._dialect(session),
            self._keys.seal(session.device, profile.sm4 if profile is not None else None),
        )

    async def _ended(self, exchange: Exchange) -> Exchange:
        end = asyncio.get_running_loop().create_future()
        self._ends[id(exchange)] = end
        await end
        return exchange


def _wait_as_agreed(session: Session, profile: Profile | None) -> None:
    """Wait for a logger's answers as long, and ask again as often, as it is told to do itself."""
    over_time_s, resends = (profile.over_time_s, profile.resends) if profile else (None, None)
    if session.conversation is not None:
        session.conversation.over_time_s = over_time_s or OVER_TIME_S
        session.conversation.resends = RESENDS if resends is None else resends


def _has_keys(profiles: Profiles | None) -> bool:
    if profiles is None:
        return False
    every = [profiles.default, *profiles.devices.values()]
    return any(profile is not None and profile.sm4 is not None for profile in every)
