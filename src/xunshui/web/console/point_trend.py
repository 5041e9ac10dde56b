"""The trend of one point: its readings where they fit on a screen, else the lowest and highest of each bucket."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from xunshui.site.points import Point
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.lake.chart import BUCKETS, chart
from xunshui.telemetry.series import late_after_us
from xunshui.telemetry.volume import COUNTED
from xunshui.web.console.trend import Line, Trend, trend

MOST_DRAWN = 1_500


def point_trend(
    point: Point, title: str, reader: Reader, channel: int, readings: pa.Table, ends_us: tuple[int, int]
) -> Trend | None:
    """Return the trend between two instants [µs]; None where there is nothing to draw.

    Flagged readings are left out of a line of readings; in buckets all count. A line breaks where the next reading
    was overdue.
    """
    if len(readings) <= MOST_DRAWN:
        return trend([_line_of_readings(point, title, readings)], *ends_us, from_zero=False)
    found = chart(reader, [channel], *ends_us)
    overdue_us = max(late_after_us(point), 2 * (ends_us[1] - ends_us[0]) // BUCKETS)
    lines = [
        _line(
            words, kind, found["at_us"].to_numpy(), found[name].to_numpy() * float(point.factor), overdue_us
        )
        for words, kind, name in (
            ("最高", "reclaimed", "highest"),
            ("平均", "conventional", "mean"),
            ("最低", "series", "lowest"),
        )
    ]
    return trend(lines, *ends_us, from_zero=False)


def _line_of_readings(point: Point, title: str, readings: pa.Table) -> Line:
    counts = np.isin(readings["quality"].to_numpy(), COUNTED)
    values = np.where(counts, readings["value"].to_numpy() * float(point.factor), np.nan)
    return _line(title, "conventional", readings["at_us"].to_numpy(), values, late_after_us(point))


def _line(title: str, kind: str, at_us: Sequence[int], values: Iterable[float], overdue_us: int) -> Line:
    """Return a line with a gap after each reading whose next one was overdue."""
    told_at: list[int] = []
    told: list[float] = []
    for at, value in zip(at_us, values, strict=True):
        if told_at and at - told_at[-1] > overdue_us:
            told_at.append(told_at[-1] + 1)
            told.append(math.nan)
        told_at.append(int(at))
        told.append(float(value))
    return Line(title=title, kind=kind, at_us=told_at, values=told)
