"""The centre's side of SZY206: what may be confirmed to a station, and what tells a resend.

A confirmation is the station's control byte with the direction turned, its address, its function and one byte. That
byte is a command: it puts the station into a mode of work. By the text of SL/T 427-2021, 0 is compatible, 1 reports of
its own accord, 2 answers when asked, 3 is being repaired. The form follows one public program for SZY206; no public
pair of frames shows it. Therefore nothing is confirmed unless a mode is given; a station that waits resends, and is
kept once. A station with the longer time label of SL/T 427-2021 is never confirmed: it would set its clock by the
answer.

>>> raw = bytes.fromhex("681A68B31237899876C000000000000800000000000000000057172800F116")
>>> hear(raw, 0, mode=0).answer.hex().upper(), hear(raw, 0).answer
('680868331237899876C0009316', b'')
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from hashlib import blake2b

from xunshui.telemetry.heard import Heard, Tongue
from xunshui.telemetry.szy206.frame import framed, framer
from xunshui.telemetry.szy206.message import SELF_REPORT, SPLIT, UPWARD, Message, read_frame
from xunshui.telemetry.szy206.samples import samples_of
from xunshui.telemetry.szy206.time_label import SHORT, instant_of

LINK_TEST = "02"
MODES = {0: "兼容", 1: "自报", 2: "查询应答", 3: "调试"}


def tongue(mode: int | None = None) -> Tongue:
    """Return SZY206 as a protocol to listen for; `mode` is what confirmations say, None confirms nothing."""
    return Tongue("szy206", framer, partial(hear, mode=mode))


def hear(raw: bytes, now_us: int, mode: int | None = None) -> Heard:
    """Return what a good frame that came at `now_us` says to the centre."""
    message = read_frame(raw)
    if not message.is_upward:
        return Heard(message.station, [], reason="下行报文，终端不会发")
    return Heard(
        message.station,
        samples_of(message, now_us),
        key_of(raw, message, now_us),
        answer_to(raw, message, mode),
        tuple(_remarks(message, now_us)),
    )


def answer_to(raw: bytes, message: Message, mode: int | None) -> bytes:
    """Return the frame that confirms this one, or nothing."""
    if mode is None or message.packet is not None or message.function not in (SELF_REPORT, LINK_TEST):
        return b""
    if message.function == SELF_REPORT and len(message.time_label) != SHORT:
        return b""
    said = mode if message.function == SELF_REPORT else 0
    return framed(bytes([raw[3] & ~(UPWARD | SPLIT)]) + raw[4:10] + bytes([said]))


def key_of(raw: bytes, message: Message, now_us: int) -> str:
    """Return what tells a resend of a self-report: kind, instant and data; empty for all else.

    The count of the frame in C does not count: a resend counts down.
    """
    at_us = instant_of(message.time_label, now_us)
    if message.function != SELF_REPORT or at_us is None:
        return ""
    return f"{raw[3] & 0x0F:X}/{at_us}/{blake2b(raw[10:-2], digest_size=8).hexdigest()}"


def _remarks(message: Message, now_us: int) -> Iterator[tuple[str, str]]:
    name = " ".join(filter(None, (message.function, message.kind)))
    if message.reason:
        yield name, f"{message.reason}；原文已保存"
    if message.function != SELF_REPORT:
        return
    if message.measures is None:
        yield name, f"数值的写法没有依据，原样保存：{message.values.hex().upper()}"
    for measure in message.measures or ():
        if measure.value is None:
            yield f"{name} {measure.code}", f"没有取出数值：{measure.raw}"
    if message.time_label and instant_of(message.time_label, now_us) is None:
        yield "时间标签", f"读不出时刻，数值没有成为读数：{message.time_label.hex().upper()}"
    for title, state in (("报警状态", message.alarm), ("终端状态", message.state)):
        if any(state):
            yield title, state.hex().upper()
