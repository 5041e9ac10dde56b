"""The keys of encrypted loggers (SM4): which may open a frame, which one is in use, and a new one where it is wished.

A new key is on disk before it is sent. From then on frames of the old key and of the new are opened: nobody knows at
which of its frames the logger changes.
"""

from __future__ import annotations

import secrets
import sqlite3
import string
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from xunshui.telemetry.errors import NotAnswered
from xunshui.telemetry.gateway.hj212_agreed import Agreed
from xunshui.telemetry.hj212.message import Message
from xunshui.telemetry.hj212.requests import Request, set_key
from xunshui.telemetry.localtime import digits_of_instant, local_datetime

if TYPE_CHECKING:
    from xunshui.telemetry.hj212.profile import Sm4

LENGTH = 16
LETTERS = string.ascii_letters + string.digits
MOST_TRIED = 2
"""How many of the keys that a logger took, and of those that it was only offered, are tried."""
SEALED = frozenset({"1014", "3020"})
"""With all of 2000–2999, the commands whose CP is encrypted; from a public guide, for the standard was not read."""


class Keys:
    """All loggers' keys."""

    def __init__(self, agreed: Agreed) -> None:
        """Take where keys are kept."""
        self._agreed = agreed
        self._tried: dict[str, list[Sm4]] = {}

    def open(self, message: Message, sm4: Sm4) -> tuple[Message, str]:
        """Return a message deciphered, and why it could not be."""
        from xunshui.telemetry.hj212.sm4 import opened_by_any  # only where there are keys

        keys = self._of(message.device, sm4)
        found, reason, place = opened_by_any(message, keys)
        if place:
            keys.insert(0, keys.pop(place))
            self._adopt(message.device, keys[0].key)
        return found, reason

    def seal(self, device: str, sm4: Sm4 | None) -> Callable[[str, bytes], bytes] | None:
        """Return what enciphers the commands to a logger; None where they are sent plain."""
        if sm4 is None or sm4.requests != "encrypted":
            return None
        from xunshui.telemetry.hj212.sm4 import enciphered  # only where there are keys

        now = self._of(device, sm4)[0]
        return lambda command, body: (
            enciphered(body, now) if body and (command in SEALED or command.startswith("2")) else body
        )

    def new(self, device: str, sm4: Sm4 | None) -> Request:
        """Return the request that hands a logger a new key; the same again while it has not taken the last.

        Raises NotAnswered where no exchange is agreed or the key in its profile was used up, and sqlite3.Error.
        """
        if sm4 is None or sm4.exchange is None:
            raise NotAnswered(f"没有与 {device} 约定换密钥；在配置的 sm4 下写 exchange: {{}} 与 requests")
        wanted, stored = sm4.exchange.next_key, self._agreed.keys_of(device)
        open_ = next((each for each in stored if each.adopted_us is None), None)
        if wanted is not None and wanted in {sm4.key, *(each.key for each in stored if each.adopted_us)}:
            raise NotAnswered("配置中的 next_key 已经用过；写一个新的，或删去它由网关生成")
        if open_ is None or wanted not in (None, open_.key):
            made = digits_of_instant(time.time_ns() // 1000, milliseconds=True)
            self._agreed.offer(device, wanted or _by_chance(), made)
            open_ = self._agreed.keys_of(device)[0]
            # Behind the one in use, which goes on enciphering the commands until the new one is taken.
            self._of(device, sm4).insert(1, replace(sm4, key=open_.key))
        return set_key(open_.key, open_.made, sm4.exchange.separator)

    def taken(self, device: str, request: Request) -> None:
        """Note that a logger confirmed a key."""
        self._tried.pop(device, None)
        self._adopt(device, request.content[-LENGTH:])

    def words(self, device: str) -> str:
        """Return how far a logger's last key exchange has come; empty where there was none."""
        stored = self._agreed.keys_of(device)
        if not stored:
            return ""
        if stored[0].adopted_us is None:
            return "新密钥已下发，数采仪还没有用"
        return f"密钥 {local_datetime(stored[0].adopted_us):%Y-%m-%d %H:%M} 起用"

    def forget_order(self) -> None:
        """Look anew at which keys there are: the profiles changed."""
        self._tried.clear()

    def _of(self, device: str, sm4: Sm4) -> list[Sm4]:
        """Return a logger's keys in the order of trying, the one in use first."""
        found = self._tried.get(device)
        if found is None:
            found = self._tried[device] = keys_to_try(self._agreed, device, sm4)
        return found

    def _adopt(self, device: str, key: str) -> None:
        if any(each.key == key and each.adopted_us is None for each in self._agreed.keys_of(device)):
            with suppress(sqlite3.Error):  # on a full disk the key, kept before, is only not known as taken
                self._agreed.adopt(device, key, time.time_ns() // 1000)


def keys_to_try(agreed: Agreed, device: str, sm4: Sm4, *, every: bool = False) -> list[Sm4]:
    """Return the keys that may open a logger's frames: the newest it took, then those offered, then the older.

    Frames kept long ago may need `every` key; a gateway need not look back that far.
    """
    stored, most = agreed.keys_of(device), None if every else MOST_TRIED
    taken = [each.key for each in stored if each.adopted_us is not None][:most]
    offered = [each.key for each in stored if each.adopted_us is None][:most]
    keys = [*taken[:1], *([] if taken else [sm4.key]), *offered, *taken[1:], sm4.key]
    return [replace(sm4, key=key) for key in dict.fromkeys(keys)]


def _by_chance() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
