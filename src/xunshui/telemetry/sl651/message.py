"""Messages of SL 651: the head of a frame, and the elements of a report.

A report's body is serial (2), time of sending (6, BCD), and then elements: an identifier, a byte that holds the
number of bytes that follow (upper five bits) and of decimals (lower three), and the value in BCD. ``F1F1`` goes
before the station's address and kind, ``F0F0`` before the time of observation of what follows. ``FF`` before an
identifier makes it one of the maker's own: named ``FF01`` here, and kept as it is.

>>> raw = bytes.fromhex(
...     "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F05910111549"
...     "20190000052619000005392300000127381211150320FA"
... )
>>> message = read_frame(raw)
>>> message.station, message.function, [(each.id, each.value) for each in message.elements]
('0012345678', '30', [('20', 0.5), ('26', 0.5), ('39', 0.127), ('38', 11.15)])
"""

from __future__ import annotations

from typing import NamedTuple

from xunshui.telemetry.localtime import instant_of_digits
from xunshui.telemetry.sl651.frame import AFTER, FIXED, FUNCTION, LENGTH, START, STX

FUNCTIONS = {
    "2F": "链路维持",
    "30": "测试",
    "31": "均匀时段",
    "32": "定时",
    "33": "加报",
    "34": "小时",
    "35": "人工置数",
    "36": "图片",
    "37": "查询实时数据",
    "38": "查询时段数据",
    "3A": "查询要素",
}
"""What each function is called; 31, 33, 34, 37 and 38 from memory and general guides."""
REPORTS = frozenset({"30", "32", "33", "34"})
"""Whose body is taken apart."""
STATION, OBSERVED = b"\xf1\xf1", b"\xf0\xf0"
MAKERS_OWN = 0xFF
NOT_NUMBERS = frozenset(range(0xF2, 0x100)) | {0x04, 0x05, 0x45}
"""Elements that are arrays, pictures, states or steps of time: two public programs; kept as they are."""


class Element(NamedTuple):
    """One element. `value` is None where its digits are no number: the sensor had none to tell."""

    id: str
    raw: str
    value: float | None
    observed_us: int | None


class Message(NamedTuple):
    """One frame. `reason` is empty where all of it could be read."""

    is_upward: bool
    centre: str
    station: str
    password: str
    function: str
    is_whole: bool
    serial: int | None
    sent_us: int | None
    elements: tuple[Element, ...]
    body: bytes
    end: int
    reason: str = ""


def read_frame(raw: bytes) -> Message:
    """Return what a frame says, one that `framer` found good; never raises: what is wrong stands in `reason`."""
    is_upward = raw[LENGTH] >> 4 == 0
    address = raw[2:8].hex().upper()
    centre, station = (address[:2], address[2:]) if is_upward else (address[10:], address[:10])
    function = f"{raw[FUNCTION]:02X}"
    body = raw[FIXED:-AFTER]
    is_whole = raw[START] == STX
    serial = sent_us = None
    elements: tuple[Element, ...] = ()
    reason = ""
    if not is_whole:
        reason = "多包报文的一包，未拆"
    elif len(body) >= 8:
        serial = int.from_bytes(body[:2])
        sent_us = _instant(body[2:8])
        if is_upward and function in REPORTS:
            elements, reason = _elements(body[8:])
    elif body:
        reason = f"正文 {len(body)} 字节，放不下流水号和发报时间"
    return Message(
        is_upward,
        centre,
        station,
        raw[8:10].hex().upper(),
        function,
        is_whole,
        serial,
        sent_us,
        elements,
        body,
        raw[-AFTER],
        reason,
    )


def _elements(body: bytes) -> tuple[tuple[Element, ...], str]:
    found: list[Element] = []
    observed: int | None = None
    at = 0
    while at < len(body):
        mark = body[at : at + 2]
        if mark in (STATION, OBSERVED):
            size = 6 if mark == STATION else 5
            content = body[at + 2 : at + 2 + size]
            if len(content) < size:
                return tuple(found), f"“{mark.hex().upper()}”之后不足 {size} 字节"
            if mark == OBSERVED:
                observed = _instant(content)
            at += 2 + size
            continue
        element, problem = _element(body[at:], observed)
        if problem:
            return tuple(found), problem
        found.append(element)
        at += len(element.id) // 2 + 1 + len(element.raw) // 2
    return tuple(found), ""


def _element(body: bytes, observed: int | None) -> tuple[Element, str]:
    """Return the element a body begins with, or what is wrong with it."""
    size_of_name = 2 if body[0] == MAKERS_OWN else 1
    name, defined, content = (
        body[:size_of_name],
        body[size_of_name : size_of_name + 1],
        body[size_of_name + 1 :],
    )
    title = name.hex().upper()
    empty = Element(title, "", None, observed)
    if not defined:
        return empty, f"要素 {title} 之后没有数据定义"
    size, decimals = defined[0] >> 3, defined[0] & 7
    if len(content) < size:
        return empty, f"要素 {title} 应有 {size} 字节，只剩 {len(content)}"
    value = None if name[0] in NOT_NUMBERS else number_of(content[:size], decimals)
    return Element(title, content[:size].hex().upper(), value, observed), ""


def number_of(content: bytes, decimals: int) -> float | None:
    """Return a number in BCD, or None where it is none; FF before the digits makes it negative.

    >>> number_of(bytes.fromhex("00000127"), 3), number_of(bytes.fromhex("FF0127"), 2), number_of(b"\\xff\\xff", 1)
    (0.127, -1.27, None)
    """
    digits = content.hex()
    sign = ""
    if digits.startswith("ff"):
        sign, digits = "-", digits[2:]
    if not digits.isdecimal():
        return None
    return float(f"{sign}{digits}e-{decimals}")


def _instant(content: bytes) -> int | None:
    """Return the instant of yyMMddHHmm with or without seconds; years are those of this century."""
    digits = content.hex()
    return instant_of_digits(f"20{digits}".ljust(14, "0")) if digits.isdecimal() else None
