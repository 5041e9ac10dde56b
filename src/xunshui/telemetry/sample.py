"""A sample: what one channel told for one instant, with its quality; and an arrival: what came in one piece."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Quality(IntEnum):
    """How far a sample can be trusted; the first eight are the data flags of HJ 212 (table 8 of 2017)."""

    VALID = 0
    OUT_OF_SERVICE = 1
    MAINTENANCE = 2
    TYPED_IN = 3
    FAULT = 4
    CALIBRATING = 5
    ABOVE_RANGE = 6
    NO_LINK = 7
    UNKNOWN_FLAG = 8
    """The device sent a flag that no table knows; the frame holds it."""
    BELOW_RANGE = 9
    UNCERTAIN = 10
    BAD = 11


QUALITY_LABELS = {
    Quality.VALID: "有效",
    Quality.OUT_OF_SERVICE: "停运",
    Quality.MAINTENANCE: "维护",
    Quality.TYPED_IN: "手工输入",
    Quality.FAULT: "仪器故障",
    Quality.CALIBRATING: "校准",
    Quality.ABOVE_RANGE: "超上限",
    Quality.NO_LINK: "通信中断",
    Quality.UNKNOWN_FLAG: "标记不明",
    Quality.BELOW_RANGE: "超下限",
    Quality.UNCERTAIN: "不确定",
    Quality.BAD: "坏值",
}


class Sample(NamedTuple):
    """One value of one channel.

    `code` names the channel within its device, such as ``2051/w00000-Cou``; `at_us` is the instant it holds
    for [µs since 1970 UTC], the start of the period for means and sums; `value` is in the channel's own unit.
    """

    code: str
    at_us: int
    value: float
    quality: Quality = Quality.VALID


class Arrival(NamedTuple):
    """What a device sent in one piece: the raw bytes, and the samples that were read from them.

    `key` tells a resend: the same device and key is kept once. An empty key is never a resend.
    """

    protocol: str
    device: str
    received_us: int
    raw: bytes
    samples: list[Sample]
    key: str = ""
