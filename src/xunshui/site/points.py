"""Measuring points: what a device tells of a meter, a tank or a stream, and how its readings become volumes."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from xunshui.site.columns import Amount, Id, Number, Text, column, element


class PointKind(StrEnum):
    """What a point's readings are."""

    TOTALISER = "totaliser"
    RATE = "rate"
    INTERVAL = "interval"
    LEVEL = "level"
    QUALITY = "quality"


POINT_KIND_TITLES = {
    PointKind.TOTALISER: "累计水量",
    PointKind.RATE: "瞬时流量",
    PointKind.INTERVAL: "时段水量",
    PointKind.LEVEL: "液位",
    PointKind.QUALITY: "水质",
}
VOLUME_KINDS = (PointKind.TOTALISER, PointKind.INTERVAL, PointKind.RATE)
"""The kinds that tell volume."""


@element
class Point:
    """One measuring point: a channel that a device sends, tied to what it measures.

    A reading times `factor` is m³ (totaliser, interval), m³/h (rate), m (level) or the unit of the water
    quality register (quality). `highest` and `lowest` bound what can be true, `rolls_over_at` is where a totaliser
    starts again from zero; all three are in the reading's own unit.
    """

    id: Annotated[Id, column("编号", "全表唯一，如 P101")]
    channel: Annotated[
        Text, column("通道", "设备送来的名字，如 hj212:MN/2011/w00000-Rtd；全部：xunshui lake points")
    ]
    at: Annotated[Id, column("对象", "水量填水表编号，液位填水池编号，水质填水流编号")]
    kind: Annotated[PointKind, column("读数含义")]
    parameter: Annotated[Id | None, column("污染物编码", "水质填写，HJ 525 编码")] = None
    factor: Annotated[Amount, column("换算系数", "读数乘以它得 m³、m³/h 或 m；L/s 填 3.6")] = Decimal(1)
    rolls_over_at: Annotated[Amount | None, column("翻转值", "累计读数回零处，如 1000000")] = None
    lowest: Annotated[Number | None, column("下限", "低于它的读数不可信")] = None
    highest: Annotated[Number | None, column("上限", "高于它的读数不可信")] = None
    interval_min: Annotated[Amount | None, column("间隔", "多久一个读数；时段水量必填", unit="min")] = None
    note: Annotated[Text, column("备注")] = ""
