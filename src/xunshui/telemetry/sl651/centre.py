"""The centre's side of SL 651: what is confirmed to a station, and what tells a resend.

In mode M2 a station sends its reports and waits to be told that each was taken. The confirmation bears the report's
serial and time of sending and ends in ESC. That form is in both public pairs of question and answer, which this
module makes byte for byte; a public station's firmware accepts it, and stays connected after ESC and hangs up after
EOT. ACK for a report of which more follows (ETB) rests on one public program. Stations in mode M1 wait for nothing:
for them, confirming can be left off. Nothing is asked, no clock is set, and reports split in packets (M3) are kept and
not confirmed.

>>> raw = bytes.fromhex(
...     "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F05910111549"
...     "20190000052619000005392300000127381211150320FA"
... )
>>> hear(raw, Confirm.STAY).answer.hex().upper()
'7E7E00123456780112343080080200035910111549471B75D4'
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import partial

from xunshui.telemetry.heard import Heard, Tongue
from xunshui.telemetry.sl651.elements import title_of
from xunshui.telemetry.sl651.frame import ACK, EOT, ESC, ETB, FUNCTION, framed, framer
from xunshui.telemetry.sl651.message import Message, read_frame
from xunshui.telemetry.sl651.samples import samples_of


class Confirm(StrEnum):
    """How a report is confirmed."""

    STAY = "stay"
    LEAVE = "leave"
    OFF = "off"


ENDS = {Confirm.STAY: ESC, Confirm.LEAVE: EOT}
REPORTED = frozenset({"30", "31", "32", "33", "34", "35", "36"})
"""What a station sends of its own accord and has confirmed; keeping the link (2F) is not, by two public programs."""


def tongue(confirm: Confirm = Confirm.STAY) -> Tongue:
    """Return SL 651 as a protocol to listen for."""
    return Tongue("sl651", framer, partial(_hear_at, confirm=confirm))


def hear(raw: bytes, confirm: Confirm) -> Heard:
    """Return what a good frame says to the centre."""
    message = read_frame(raw)
    if not message.is_upward:
        return Heard(message.station, [], reason="下行报文，测站不会发")
    return Heard(
        message.station,
        samples_of(message),
        key_of(message),
        answer_to(raw, message, confirm),
        tuple(_remarks(message)),
    )


def answer_to(raw: bytes, message: Message, confirm: Confirm) -> bytes:
    """Return the frame that confirms a report, or nothing where none is due."""
    end = ENDS.get(confirm)
    if end is None or message.serial is None or message.function not in REPORTED:
        return b""
    address = raw[3:8] + raw[2:3]
    return framed(address, raw[8:10], raw[FUNCTION], message.body[:8], ACK if message.end == ETB else end)


def key_of(message: Message) -> str:
    """Return what tells a resend: function, serial and time of sending; for a packet, all of it.

    The content does not count, because a public station's firmware writes the strength of its signal anew each time.
    """
    if message.is_whole and message.serial is not None:
        return f"{message.function}/{message.body[:8].hex()}"
    return f"{message.function}/{message.body.hex()}" if message.body else ""


def _hear_at(raw: bytes, _now_us: int, confirm: Confirm) -> Heard:
    return hear(raw, confirm)


def _remarks(message: Message) -> Iterator[tuple[str, str]]:
    if message.reason:
        yield f"功能码 {message.function}", f"{message.reason}；原文已保存"
    elif message.function in REPORTED and not message.elements:
        yield f"功能码 {message.function}", "正文没有拆开；原文已保存"
    for element in message.elements:
        if element.value is None:
            name = " ".join(filter(None, (element.id, title_of(element.id))))
            yield f"要素 {name}", f"没有取出数值：{element.raw}"
