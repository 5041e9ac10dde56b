"""The host's role towards HJ 212 loggers: clocks, settings, keys and MN as agreed, and what a person asks for.

Nothing is sent unasked to a logger without a profile.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from xunshui.telemetry.errors import NotAnswered
from xunshui.telemetry.gateway.hj212_agreed import Agreed
from xunshui.telemetry.gateway.hj212_clocks import Clocks
from xunshui.telemetry.gateway.hj212_exchanges import Exchanges, wait_as_agreed
from xunshui.telemetry.gateway.hj212_terms import Terms
from xunshui.telemetry.gateway.hj212_wishes import Wishes
from xunshui.telemetry.gateway.session import Session
from xunshui.telemetry.hj212.commands import request_of
from xunshui.telemetry.hj212.host import NOTICES, NOTICES_2025
from xunshui.telemetry.hj212.message import Message
from xunshui.telemetry.hj212.requests import (
    SET_KEY,
    SET_PASSWORD,
    SETTINGS,
    Exchange,
    Request,
    State,
    set_clock,
)

if TYPE_CHECKING:
    from xunshui.telemetry.hj212.profile import Profiles

MOST_BREAKS = 3
"""How often settings are told again to a logger that breaks the connection over them."""


class Host:
    """The host of all loggers of one gateway."""

    def __init__(self, profiles: Profiles | None = None, agreed: Agreed | None = None) -> None:
        """Take what was agreed with which logger, in its profile and over the wire."""
        self.terms = Terms(profiles, agreed or Agreed())
        self._exchanges = Exchanges(self.terms, self._came_of)
        self._clocks = Clocks(self.terms, self._exchanges)
        self._wishes = Wishes(self.terms, self._exchanges, self._clocks)

    def agree(self, profiles: Profiles, sessions: Collection[Session]) -> None:
        """Take other profiles, and tell each logger what has changed for it: now, or when it is heard again."""
        known = {session.device: self.terms.settings(session.device) for session in sessions}
        self.terms.replace(profiles)
        for session in sessions:
            settings = self.terms.settings(session.device)
            told = [request for request in settings if request not in known[session.device]]
            session.breaks = 0
            wait_as_agreed(session, self.terms.of(session.device))
            self._tell(session, told)

    def linked(self, session: Session) -> None:
        """Tell a logger what its profile says: all when it is first heard, later what it had not confirmed."""
        session.hardware = self.terms.agreed.hardware_of(session.device)
        session.key = self.terms.keys.words(session.device)
        settings, untold = self.terms.settings(session.device), session.untold
        session.untold = []
        if self.terms.of(session.device) is not None and not session.is_nameless:
            for request in settings if untold is None else untold:
                self._exchanges.ask(session, request)

    def measured(self, session: Session, message: Message, now_ns: int) -> None:
        """Take a real-time frame for the logger's clock, and set that where it is to be."""
        self._clocks.measured(session, message, now_ns)

    def wished(self, session: Session, message: Message) -> None:
        """Grant what a logger asks for, once that is on disk and confirmed: the time, a new key, its MN."""
        self._wishes.wished(session, message)

    def notices_to(self, message: Message) -> frozenset[str]:
        """Return the commands that are notices in this logger's dialect."""
        return NOTICES_2025 if self.terms.dialect_of(message) == "2025" else NOTICES

    def heard(self, session: Session, message: Message) -> None:
        """Take what a logger says while it is asked something."""
        self._exchanges.heard(self._wishes.who_speaks(session, message), message)

    def lost(self, session: Session) -> None:
        """End what was asked over a connection that is gone; what was agreed is told again when it is back."""
        broken, settings = self._exchanges.break_off(session), self.terms.settings(session.device)
        untold = [request for request in broken if request in settings]
        if untold and session.breaks < MOST_BREAKS:
            session.breaks += 1
            self._tell(session, untold)

    async def asked(
        self, session: Session, command: str, given: Mapping[str, str], period_us: tuple[int, int] | None
    ) -> Exchange:
        """Send a command that a person asks for and return what came of it. Raises NotAnswered."""
        from xunshui.telemetry.hj212.read import read_commands  # slow import, and only where one asks

        try:
            request = request_of(read_commands(), command, self.terms.dialect(session), given, period_us)
        except ValueError as error:
            raise NotAnswered(str(error)) from None
        exchange = await self._asked(session, request)
        if command == SET_PASSWORD and exchange.state is State.DONE:
            self.terms.note_password(session.device, given["NewPW"])
        return exchange

    async def asked_clock(self, session: Session) -> Exchange:
        """Set a logger's clock now and return what came of it."""
        return await self._asked(session, set_clock(self.terms.dialect(session)))

    async def asked_key(self, session: Session) -> Exchange:
        """Hand a logger a new key now and return what came of it. Raises NotAnswered."""
        dialect = self.terms.dialect(session)
        if dialect != "2025":
            raise NotAnswered(f"换密钥（1014）只有 2025 版才有，这台数采仪按 {dialect} 版对话")
        return await self._asked(session, self.terms.new_key(session))

    async def run(self) -> None:
        """Ask again, or give up, where an answer is overdue; runs until cancelled."""
        await self._exchanges.run()

    async def _asked(self, session: Session, request: Request) -> Exchange:
        return await self._exchanges.ended(self._exchanges.ask(session, request))

    def _tell(self, session: Session, told: list[Request]) -> None:
        """Tell a logger settings now, or, where it is not there, as soon as it is heard again."""
        if not told or session.is_nameless:
            return
        if session.connection is not None:
            for request in told:
                self._exchanges.ask(session, request)
        elif session.untold is not None:
            session.untold += [request for request in told if request not in session.untold]
            # Its next message is then looked at as a first one.
            session.last = None

    def _came_of(self, session: Session, exchange: Exchange) -> None:
        """Take the consequences of an exchange that ended."""
        request, done = exchange.request, exchange.state is State.DONE
        if request.name:
            self._wishes.came_of_name(session, exchange)
        if done and request.tells_time:
            session.skew.forget()
        if done and request.command == SET_KEY:
            self.terms.keys.taken(session.device, request)
            session.key = self.terms.keys.words(session.device)
        if done and request.command in SETTINGS:
            session.breaks = 0
