"""A month in the lake: 500 points, a reading a minute, 30 whole days and today, as the flusher leaves it behind itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from xunshui.telemetry.lake.flush import READER
from xunshui.telemetry.lake.tables import READINGS, append, lake_of, open_table
from xunshui.telemetry.localtime import DAY_US, MINUTE_US, SECOND_US, day_of, start_of_day
from xunshui.telemetry.sample import Arrival, Quality, Sample
from xunshui.telemetry.spool import SpoolWriter, note_read, open_to_write

DEVICES, CODES = 25, 20
POINTS = DEVICES * CODES
DAYS = 30
MINUTES_A_DAY = DAY_US // MINUTE_US
BAD_SHARE = 0.01


def device_of(number: int) -> str:
    """Return the MN of a device."""
    return f"32{number:022d}"


def code_of(number: int) -> str:
    """Return the code of a device's channel."""
    return f"2011/w{number:05d}-Rtd"


def reported(device: int, at_us: int, value: float) -> Arrival:
    """Return what a device sends each minute: one value of each of its channels."""
    samples = [Sample(code_of(code), at_us, round(value + code, 2), Quality.VALID) for code in range(CODES)]
    return Arrival("hj212", device_of(device), at_us, b"%d %d" % (device, at_us), samples, f"{at_us}")


def build_month(spool: Path, now_us: int, seed: int = 0) -> int:
    """Write the month up to `now_us` into the lake of this folder; return how many rows.

    Day by day in the order and form that compaction leaves: one file, sorted by channel and instant. Each device's
    report of a minute is a batch of its own, so that the batch numbers are as many as in life.
    """
    source, channels = _registered(spool, now_us)
    first = day_of(now_us) - DAYS
    last_seq = 1 + (DAYS + 1) * MINUTES_A_DAY * DEVICES
    table = open_table(lake_of(spool), "readings", source)
    random = np.random.default_rng(seed)
    rows = 0
    for day in range(first, first + DAYS + 1):
        part = _rows_of(day, first, channels, now_us, random)
        append(table, part, source, last_seq)
        rows += part.num_rows
    _told_as_flushed(spool, last_seq)
    return rows


def _registered(spool: Path, now_us: int) -> tuple[str, list[int]]:
    """Return the spool's name and its channels, which one report of each device makes known."""
    writer = SpoolWriter(spool)
    start = now_us - (DAYS + 1) * DAY_US
    writer.commit([reported(device, start, 0.0) for device in range(DEVICES)], start)
    writer.close()
    return writer.source, list(range(1, POINTS + 1))


def _rows_of(day: int, first: int, channels: list[int], now_us: int, random: np.random.Generator) -> pa.Table:
    minutes = np.arange(MINUTES_A_DAY, dtype=np.int64)
    at = start_of_day(day) + minutes * MINUTE_US
    at = at[at < now_us]
    count = len(at)
    place = ((at - start_of_day(first)) // MINUTE_US)[None, :]
    channel = np.asarray(channels, np.int32)[:, None]
    device = (np.arange(POINTS) // CODES)[:, None]
    wave = 50 + channel % 40 + 10 * np.sin(2 * np.pi * place / MINUTES_A_DAY)
    value = np.round(wave + random.normal(0, 1, (POINTS, count)), 2)
    quality = np.where(random.random((POINTS, count)) < BAD_SHARE, int(Quality.FAULT), int(Quality.VALID))
    whole = (POINTS, count)
    columns = {
        "day": np.full(POINTS * count, day, np.int32),
        "channel": np.broadcast_to(channel, whole).ravel(),
        "at_us": np.broadcast_to(at[None, :] + device * SECOND_US, whole).ravel(),
        "value": value.ravel(),
        "quality": quality.ravel().astype(np.int8),
        "seq": (2 + place * DEVICES + device).ravel(),
    }
    return pa.table(columns, schema=READINGS)


def _told_as_flushed(spool: Path, last_seq: int) -> None:
    database = open_to_write(spool)
    database.execute("DELETE FROM batch")
    database.execute("UPDATE spool SET last_seq = ?", (last_seq,))
    note_read(database, READER, last_seq)
    database.close()
