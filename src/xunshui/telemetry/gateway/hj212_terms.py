"""What holds between the platform and each logger: its profile, and what was agreed over the wire since."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING

from xunshui.telemetry.errors import NotAnswered
from xunshui.telemetry.gateway.hj212_agreed import Agreed
from xunshui.telemetry.gateway.hj212_keys import Keys
from xunshui.telemetry.gateway.session import Session
from xunshui.telemetry.hj212.message import Message
from xunshui.telemetry.hj212.requests import Peer, Request, dialect_of, first_link

if TYPE_CHECKING:
    from xunshui.telemetry.hj212.profile import Profile, Profiles

NO_PASSWORD = "123456"


class Terms:
    """The terms with all loggers."""

    def __init__(self, profiles: Profiles | None, agreed: Agreed) -> None:
        """Take the profiles, and what was agreed over the wire."""
        self.agreed = agreed
        self.keys = Keys(agreed)
        self.deciphers = _has_keys(profiles)
        """Whether any message may have to be deciphered; asked for each, so kept."""
        self._profiles = profiles

    def replace(self, profiles: Profiles) -> None:
        """Take other profiles."""
        self._profiles = profiles
        self.deciphers = _has_keys(profiles)
        self.keys.forget_order()

    def of(self, device: str) -> Profile | None:
        """Return a logger's profile, or None where nothing was agreed with it."""
        return None if self._profiles is None else self._profiles.of(device)

    def settings(self, device: str) -> list[Request]:
        """Return what a logger is told when it is first heard."""
        profile = self.of(device)
        return [] if profile is None else list(first_link(profile))

    def name_of(self, serial: str) -> str | None:
        """Return the MN that belongs to a logger's hardware."""
        return self._profiles.name_of(serial) if self._profiles is not None and serial else None

    def open(self, message: Message) -> tuple[Message, str]:
        """Return a message deciphered where its sender's profile has a key, and why it could not be."""
        profile = self.of(message.device)
        if profile is None or profile.sm4 is None:
            return message, ""
        return self.keys.open(message, profile.sm4)

    def dialect_of(self, message: Message) -> str:
        """Return the dialect that a message is to be read in."""
        return dialect_of(message.version, self.of(message.device))

    def dialect(self, session: Session) -> str:
        """Return the dialect that a logger is spoken to in."""
        version = "2017" if session.last is None else session.last.version
        return dialect_of(version, self.of(session.device))

    def peer(self, session: Session) -> Peer:
        """Return whom a request to a logger goes to."""
        profile = self.of(session.device)
        fields = {} if session.last is None else session.last.fields
        password = profile.password if profile is not None else None
        if password is not None:
            password = self.agreed.password_of(session.device, password)
        return Peer(
            session.device,
            fields.get("ST", "32"),
            password or fields.get("PW", NO_PASSWORD),
            self.dialect(session),
            self.keys.seal(session.device, profile.sm4 if profile is not None else None),
        )

    def new_key(self, session: Session) -> Request:
        """Return the request that hands a logger a new key, which is then on disk. Raises NotAnswered."""
        profile = self.of(session.device)
        try:
            request = self.keys.new(session.device, profile.sm4 if profile is not None else None)
        except sqlite3.Error as error:
            raise NotAnswered(f"新密钥没能落盘（{error}），没有下发；看磁盘是否写得进，再试一次") from None
        session.key = self.keys.words(session.device)
        return request

    def note_password(self, device: str, now: str) -> None:
        """Note a password that a logger took in place of the one in its profile. Raises NotAnswered."""
        profile = self.of(device)
        if profile is None or profile.password is None:
            return
        try:
            self.agreed.change_password(device, profile.password, now)
        except sqlite3.Error as error:
            raise NotAnswered(
                f"数采仪已改用新口令，但网关没能记下（{error}）；在配置里写上新口令，再运行 xunshui hj212 reload"
            ) from None


def _has_keys(profiles: Profiles | None) -> bool:
    return profiles is not None and any(profile.sm4 is not None for profile in _every(profiles))


def _every(profiles: Profiles) -> Iterator[Profile]:
    if profiles.default is not None:
        yield profiles.default
    yield from profiles.devices.values()
