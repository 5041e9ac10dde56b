"""Readings for a chart: as many as a screen has room for, and nothing hidden.

The stretch is cut into buckets of one length. Of each bucket the lowest, highest and mean value are told, so that a
peak of one minute is seen in a month; and the worst quality, so that one faulty reading is seen too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from xunshui.telemetry.lake.read import Reader
from xunshui.telemetry.sample import Quality

BUCKETS = 300
BEST_TO_WORST = (
    Quality.VALID,
    Quality.TYPED_IN,
    Quality.UNCERTAIN,
    Quality.UNKNOWN_FLAG,
    Quality.BELOW_RANGE,
    Quality.ABOVE_RANGE,
    Quality.CALIBRATING,
    Quality.MAINTENANCE,
    Quality.OUT_OF_SERVICE,
    Quality.FAULT,
    Quality.NO_LINK,
    Quality.BAD,
)
"""Which quality stands for a bucket that holds several: the last of these."""
CHART = pa.schema(
    [
        pa.field("channel", pa.int32(), nullable=False),
        pa.field("at_us", pa.int64(), nullable=False),
        pa.field("lowest", pa.float64(), nullable=False),
        pa.field("highest", pa.float64(), nullable=False),
        pa.field("mean", pa.float64(), nullable=False),
        pa.field("worst", pa.int8(), nullable=False),
        pa.field("readings", pa.int64(), nullable=False),
    ]
)
_BY_RANK = np.array(BEST_TO_WORST, np.int8)
_RANKS = np.argsort(_BY_RANK)


def chart(
    reader: Reader, channels: Sequence[int], from_us: int, to_us: int, *, buckets: int = BUCKETS
) -> pa.Table:
    """Return channel, at_us, lowest, highest, mean, worst, readings of each bucket that holds readings, in order.

    `at_us` is where the bucket begins. All readings count, whatever their quality.
    """
    width_us = max(1, -(-(to_us - from_us) // buckets))
    found = reader.readings(channels, from_us, to_us)
    channel, value = found["channel"].to_numpy(), found["value"].to_numpy()
    bucket = (found["at_us"].to_numpy() - from_us) // width_us
    starts = np.flatnonzero(np.append(True, (np.diff(channel) != 0) | (np.diff(bucket) != 0))[: len(channel)])
    counts = np.diff(np.append(starts, len(channel)))
    worst = _worst(found["quality"].to_numpy(), starts)
    columns = (
        channel[starts],
        from_us + bucket[starts] * width_us,
        *_of_each(value, starts, counts),
        worst,
        counts,
    )
    return pa.table(list(columns), schema=CHART)


def _of_each(
    value: NDArray[np.float64], starts: NDArray[np.intp], counts: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the lowest, highest and mean value of each bucket."""
    if not len(starts):
        return value, value, value
    return (
        np.minimum.reduceat(value, starts),
        np.maximum.reduceat(value, starts),
        np.add.reduceat(value, starts) / counts,
    )


def _worst(quality: NDArray[np.int8], starts: NDArray[np.intp]) -> NDArray[np.int8]:
    if not len(starts):
        return quality
    return _BY_RANK[np.maximum.reduceat(_RANKS[quality], starts)]
