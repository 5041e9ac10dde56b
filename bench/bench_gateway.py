"""A gateway under load: frames acknowledged once they are on disk, and every value of them there after kill -9."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.gateways import BareGateway, Flusher, Gateway, Load
from bench.hj212_load import CODES, Told, at_of, device_of, value_of
from bench.readback import stored_rows
from bench.report import Bench
from xunshui.telemetry.lake import Reader

CONNECTIONS, WINDOW = 50, 20
LOAD_S, KILLED_AFTER_S, BARE_S, DISK_S = 15.0, 12.0, 6.0, 2.0
BLOCK = bytes(4096)


def main() -> None:
    """Run the bench."""
    bench = Bench()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _acknowledged(bench, folder)
        _queryable(bench, folder)
    bench.end()


def _acknowledged(bench: Bench, folder: Path) -> None:
    with BareGateway(folder / "bare") as bare:
        limit = _load(bare, BARE_S)
    syncs = _syncs_a_second(folder / "disk")
    with Gateway(folder / "alone") as gateway:
        told = _load(gateway, LOAD_S)
    beside = f"without storage {_rate(limit):,.0f}; the disk syncs {syncs:,.0f} times a second; load {os.getloadavg()[0]:.1f}"
    bench.at_least("acknowledged after commit", _rate(told), 10_000, "frames/s", beside=beside)
    p99 = f"without storage {1e3 * _p99(limit):.0f} ms"
    bench.at_most(f"window of {WINDOW} frames, p99", 1e3 * _p99(told), 500, "ms", beside=p99)
    bench.at_most("answers to other frames than were sent", told.wrong_answers, 1, "answers")


def _queryable(bench: Bench, folder: Path) -> None:
    """Kill the gateway and its flusher under load, and read back what was acknowledged."""
    spool = folder / "killed"
    flusher = Flusher(spool, every_s=2)
    with Gateway(spool) as gateway:
        load = Load(gateway.port, connections=CONNECTIONS, window=WINDOW, seconds=LOAD_S)
        flusher.start()
        time.sleep(KILLED_AFTER_S)
        gateway.kill()
        flusher.kill()
        told = load.told()
    began = time.perf_counter()
    missing = _missing(spool, told)
    beside = f"of {sum(told.acknowledged):,} frames; read back in {time.perf_counter() - began:.1f} s"
    bench.at_most("acknowledged values not there after kill -9", missing, 1, "values", beside=beside)
    there = sum(told.acknowledged) - -(-missing // len(CODES))
    bench.at_least(
        "queryable after the crash",
        there / told.seconds,
        3_000,
        "frames/s",
        beside=f"{len(CODES) * there / told.seconds:,.0f} values/s; flusher beside; load {os.getloadavg()[0]:.1f}",
    )
    flusher.once()
    stored = stored_rows(spool)
    bench.at_most("values doubled", stored.doubled, 1, "values", beside=f"{stored.rows:,} rows in the lake")


def _missing(spool: Path, told: Told) -> int:
    """Return how many of the acknowledged values cannot be read, or read otherwise than sent."""
    reader = Reader(spool)
    known = {channel.name: channel.id for channel in reader.channels()}
    missing = 0
    for number, count in enumerate(told.acknowledged):
        names = [f"hj212:{device_of(number)}/{code}" for code in CODES]
        channels = [known.get(name, -1) for name in names]
        found = reader.readings(channels, at_of(0), at_of(count))
        missing += sum(
            count - _right(found, channel, factor, count) for factor, channel in enumerate(channels)
        )
    reader.close()
    return missing


def _right(found: pa.Table, channel: int, factor: int, count: int) -> int:
    """Return how many of a channel's first readings are there with their values."""
    rows = found["channel"].to_numpy() == channel
    at_us, value = found["at_us"].to_numpy()[rows], found["value"].to_numpy()[rows]
    numbers = np.arange(count)
    if len(at_us) != count:
        return int(np.isin(at_of(0) + numbers * (at_of(1) - at_of(0)), at_us).sum())
    expected = np.round(value_of(0, factor) + numbers, 1)
    return int(((at_us == at_of(0) + numbers * (at_of(1) - at_of(0))) & (value == expected)).sum())


def _load(gateway: Gateway, seconds: float) -> Told:
    return Load(gateway.port, connections=CONNECTIONS, window=WINDOW, seconds=seconds).told()


def _rate(told: Told) -> float:
    return sum(told.acknowledged) / told.seconds


def _p99(told: Told) -> float:
    return sorted(told.windows_s)[int(len(told.windows_s) * 0.99)]


def _syncs_a_second(file: Path) -> float:
    """Return how often a second the disk takes 4 kB and says that they are there."""
    with file.open("ab", buffering=0) as disk:
        began, count = time.perf_counter(), 0
        while time.perf_counter() - began < DISK_S:
            disk.write(BLOCK)
            os.fdatasync(disk.fileno())
            count += 1
        return count / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
