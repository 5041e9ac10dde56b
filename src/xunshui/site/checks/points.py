"""Checks of measuring points: each channel once, and every point told fully enough to be read."""

from __future__ import annotations

from collections.abc import Iterator

from xunshui.site.mistakes import Mistake, shown
from xunshui.site.model import Site
from xunshui.site.points import VOLUME_KINDS, PointKind


def channels_once(site: Site) -> Iterator[Mistake]:
    """A channel is tied to one point only."""
    owners: dict[str, str] = {}
    for row, point in enumerate(site.points):
        if owners.setdefault(point.channel, point.id) != point.id:
            yield Mistake(
                loc=("points", row, "channel"),
                problem=f"通道“{shown(point.channel)}”已属于点位“{owners[point.channel]}”",
                accepted="每个通道一行",
            )


def volumes_can_be_read(site: Site) -> Iterator[Mistake]:
    """What turns readings into volumes is told where it is needed, and only there."""
    for row, point in enumerate(site.points):
        if point.kind in VOLUME_KINDS and not point.factor:
            yield Mistake(
                loc=("points", row, "factor"), problem="换算系数不能是 0", accepted="大于 0 的数，如 1"
            )
        if point.kind is PointKind.INTERVAL and not point.interval_min:
            yield Mistake(
                loc=("points", row, "interval_min"),
                problem="时段水量没有间隔",
                accepted="分钟数，如 60、1440",
            )
        if point.rolls_over_at is not None and not (
            point.kind is PointKind.TOTALISER and point.rolls_over_at
        ):
            yield Mistake(
                loc=("points", row, "rolls_over_at"),
                problem="只有累计水量有翻转值，且大于 0",
                accepted="留空，或如 1000000",
            )


def parameters(site: Site) -> Iterator[Mistake]:
    """A point of water quality says which parameter it tells; no other does."""
    for row, point in enumerate(site.points):
        if (point.kind is PointKind.QUALITY) != (point.parameter is not None):
            quality = point.kind is PointKind.QUALITY
            yield Mistake(
                loc=("points", row, "parameter"),
                problem="水质点位没有污染物编码" if quality else "只有水质点位填写污染物编码",
                accepted="HJ 525 编码，如 w01018" if quality else "留空",
            )
