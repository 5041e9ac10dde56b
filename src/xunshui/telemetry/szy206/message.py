"""Messages of SZY206: the control byte, the address, what is said, and the parts of a self-report.

>>> raw = bytes.fromhex("681A68B31237899876C000000000000800000000000000000057172800F116")
>>> message = read_frame(raw)
>>> message.station, message.kind, message.function, message.values.hex(), message.time_label.hex()
('1237899876', '流量', 'C0', '00000000000800000000', '0057172800')
"""

from __future__ import annotations

from typing import NamedTuple

from xunshui.telemetry.szy206.time_label import LONG, SHORT, is_label
from xunshui.telemetry.szy206.values import Measure, measures_of, size_of

SELF_REPORT = "C0"
FUNCTIONS = {
    "02": "链路检测",
    "61": "图片",
    "81": "报警",
    "82": "人工置数",
    "B0": "查询实时值",
    "B1": "查询存储值",
    "C0": "自报",
}
KINDS = (
    "",
    "雨量",
    "水位",
    "流量",
    "流速",
    "闸位",
    "功率",
    "气压",
    "风速",
    "水温",
    "水质",
    "土壤含水率",
    "蒸发量",
    "报警",
    "综合",
    "水压",
)
"""By the low four bits of C, for what a station sends. SL/T 427-2021 has weather for 7, energy for 8 and rain totals
for 14."""
UPWARD, SPLIT = 0x80, 0x40
"""Bits of C, by a public program and the text of SL/T 427-2021."""
STATES = 4
"""Bytes of alarm and state before the time label."""


class Message(NamedTuple):
    """One frame. In a self-report `values` is what stands before `alarm`, `state` and `time_label`."""

    is_upward: bool
    packet: int | None
    """How many packets of a split message are still to come, this one counted; None where it is whole."""
    kind: str
    station: str
    function: str
    values: bytes
    alarm: bytes = b""
    state: bytes = b""
    time_label: bytes = b""
    measures: tuple[Measure, ...] | None = None
    """The values as numbers; None where it is not known how they are written."""
    reason: str = ""


def read_frame(raw: bytes) -> Message:
    """Return what a frame says, one that `framer` found good; never raises: what is wrong stands in `reason`."""
    control, content = raw[3], raw[4:-2]
    is_split = bool(control & SPLIT)
    packet = content[0] if is_split and content else None
    content = content[is_split:]
    is_upward = bool(control & UPWARD)
    kind = control & 0x0F
    title = KINDS[kind] if is_upward else ""
    head = (is_upward, packet, title, content[:5].hex().upper(), content[5:6].hex().upper())
    data = content[6:]
    if len(content) < 6:
        return Message(*head, b"", reason="拆分的帧里放不下地址和功能码")
    if head[-1] != SELF_REPORT or not is_upward or is_split:
        return Message(*head, data)
    if len(data) < STATES + SHORT:
        return Message(*head, data, reason=f"自报数据 {len(data)} 字节，放不下报警、状态和时间标签")
    label = _length_of_label(kind, data)
    values, states = data[: -STATES - label], data[-STATES - label : -label]
    return Message(*head, values, states[:2], states[2:], data[-label:], measures_of(kind, values))


def _length_of_label(kind: int, data: bytes) -> int:
    """Return the length of the time label: that of SL/T 427-2021 where only it leaves whole values before it."""
    size = size_of(kind)
    for length in (SHORT, LONG):
        before = len(data) - STATES - length
        if size is not None and before > 0 and before % size == 0 and is_label(data[-length:]):
            return length
    return SHORT
