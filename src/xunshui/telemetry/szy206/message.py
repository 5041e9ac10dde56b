"""Messages of SZY206: the control byte, the address, what is said, and the tail of a self-report.

>>> raw = bytes.fromhex("681A68B31237899876C000000000000800000000000000000057172800F116")
>>> message = read_frame(raw)
>>> message.station, message.kind, message.function, message.values.hex(), message.time_label.hex()
('1237899876', '流量', 'C0', '00000000000800000000', '0057172800')
"""

from __future__ import annotations

from typing import NamedTuple

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
"""By the low four bits of C, for what a station sends."""
UPWARD, SPLIT = 0x80, 0x40
"""Bits of C, by one public program."""
TAIL = 9


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
    reason: str = ""


def read_frame(raw: bytes) -> Message:
    """Return what a frame says, one that `framer` found good; never raises: what is wrong stands in `reason`."""
    control, content = raw[3], raw[4:-2]
    is_split = bool(control & SPLIT)
    packet = content[0] if is_split and content else None
    content = content[is_split:]
    is_upward = bool(control & UPWARD)
    kind = KINDS[control & 0x0F] if is_upward else ""
    head = (is_upward, packet, kind, content[:5].hex().upper(), content[5:6].hex().upper())
    data = content[6:]
    if len(content) < 6:
        return Message(*head, b"", reason="拆分的帧里放不下地址和功能码")
    if head[-1] != SELF_REPORT or not is_upward or is_split:
        return Message(*head, data)
    if len(data) < TAIL:
        return Message(*head, data, reason=f"自报数据 {len(data)} 字节，放不下报警、状态和时间标签")
    values, tail = data[:-TAIL], data[-TAIL:]
    return Message(*head, values, tail[:2], tail[2:4], tail[4:])
