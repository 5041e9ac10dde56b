"""A month of a plant's readings while more come in: the last day of 20 points, the chart of it, and the month's balance."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import duckdb
import pyarrow.parquet as pq
from deltalake import DeltaTable

from bench.gateways import Flusher
from bench.month import CODES, DAYS, POINTS, build_month, code_of, device_of
from bench.report import Bench, median_call
from xunshui.site import Site, read_site
from xunshui.site.operation import Period
from xunshui.site.points import Point, PointKind
from xunshui.telemetry.lake import Reader, lake_of
from xunshui.telemetry.lake.chart import chart
from xunshui.telemetry.lake.tables import days_and_files
from xunshui.telemetry.localtime import DAY_US, date_of_day, day_of
from xunshui.telemetry.metered import metered

QUERIES, POINTS_ASKED = 120, 20
METERS = 26
SETTLE_S = 5.0
STEEL = Path("examples/steel_pass.json")


def main() -> None:
    """Run the bench."""
    bench = Bench()
    with tempfile.TemporaryDirectory() as folder:
        spool = Path(folder) / "spool"
        began = time.perf_counter()
        rows = build_month(spool, _now_us())
        bench.told("rows in the lake", rows, "rows", beside=f"built in {time.perf_counter() - began:.0f} s")
        bench.at_most("readings on disk", _bytes_a_row(spool), 4, "bytes/row")
        with _alive(spool):
            _dashboard(bench, spool)
            _balance(bench, spool)
    bench.end()


def _dashboard(bench: Bench, spool: Path) -> None:
    reader, random = Reader(spool), Random(0)
    _readings(reader, random)  # opens the files
    limit = _p95(lambda: _duckdb_alone(spool, random))
    beside = f"DuckDB alone on the same files, no order, no spool: {limit * 1e3:.0f} ms"
    bench.at_most(
        "last 24 h of 20 points, p95", 1e3 * _p95(lambda: _readings(reader, random)), 100, "ms", beside=beside
    )
    bench.at_most("the same in 300 buckets, p95", 1e3 * _p95(lambda: _chart(reader, random)), 100, "ms")
    reader.close()


def _balance(bench: Bench, spool: Path) -> None:
    site, period = _site(), _period()
    reader = Reader(spool)
    found = metered(site, period, reader)
    covered = sum(each.m3 is not None for each in found.meters.values())
    bench.at_least("meters whose readings cover the month", covered, METERS, "meters")
    bench.at_most(
        f"month's balance of {METERS} meters",
        median_call(lambda: metered(site, period, reader), runs=5),
        1,
        "s",
        beside=f"{sum(each.readings for each in found.meters.values()):,} readings",
    )
    reader.close()


@contextmanager
def _alive(spool: Path) -> Iterator[None]:
    """Have a writer and a flusher at work beside the block."""
    writer = subprocess.Popen([sys.executable, "-m", "bench.live_writer", str(spool)])
    flusher = Flusher(spool, every_s=2)
    flusher.start()
    try:
        time.sleep(SETTLE_S)
        yield
    finally:
        writer.kill()
        writer.wait()
        flusher.kill()


def _p95(call: Callable[[], object]) -> float:
    times = []
    for _ in range(QUERIES):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return sorted(times)[int(QUERIES * 0.95)]


def _asked(random: Random) -> tuple[list[int], int, int]:
    now_us = _now_us()
    return random.sample(range(1, POINTS + 1), POINTS_ASKED), now_us - DAY_US, now_us


def _readings(reader: Reader, random: Random) -> None:
    reader.readings(*_asked(random))


def _chart(reader: Reader, random: Random) -> None:
    chart(reader, *_asked(random))


def _duckdb_alone(spool: Path, random: Random) -> None:
    channels, from_us, to_us = _asked(random)
    files = [
        file
        for day, file in days_and_files(DeltaTable(str(lake_of(spool) / "readings")))
        if day >= day_of(from_us)
    ]
    _ENGINE.sql(
        "SELECT channel, at_us, value, quality FROM read_parquet($files) "
        f"WHERE channel IN ({', '.join(map(str, channels))}) AND at_us >= {from_us} AND at_us < {to_us}",
        params={"files": files},
    ).to_arrow_table()


def _bytes_a_row(spool: Path) -> float:
    table = DeltaTable(str(lake_of(spool) / "readings"))
    files = [Path(file.removeprefix("file://")) for _, file in days_and_files(table)]
    rows: int = sum(pq.read_metadata(file).num_rows for file in files)
    return sum(file.stat().st_size for file in files) / rows


def _site() -> Site:
    """Return the steel works with one point a meter, each a rate of another channel of the month."""
    site = read_site(STEEL)
    points = tuple(
        Point(
            id=f"P{number}",
            channel=f"hj212:{device_of(number * 19 // CODES)}/{code_of(number * 19 % CODES)}",
            at=meter.id,
            kind=PointKind.RATE,
            interval_min=Decimal(1),
        )
        for number, meter in enumerate(site.meters)
    )
    return replace(site, points=points)


def _period() -> Period:
    today = day_of(_now_us())
    return Period(id="month", start=date_of_day(today - DAYS), end=date_of_day(today - 1))


def _now_us() -> int:
    return time.time_ns() // 1000


_ENGINE = duckdb.connect()

if __name__ == "__main__":
    main()
