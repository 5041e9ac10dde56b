"""Charts by hand: what a bucket tells, that none is invented, and that the worst quality shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from xunshui.telemetry.lake import Reader, flush, lake_of
from xunshui.telemetry.lake.chart import BEST_TO_WORST, chart
from xunshui.telemetry.sample import Arrival, Quality, Sample
from xunshui.telemetry.spool import SpoolWriter

START = 1_704_038_400_000_000
MINUTE = 60_000_000


def told(spool: Path, *readings: tuple[str, int, float, Quality]) -> None:
    writer = SpoolWriter(spool)
    for code, minute, value, quality in readings:
        sample = Sample(code, START + minute * MINUTE, value, quality)
        writer.commit([Arrival("hj212", "A", START, b"frame", [sample])], START)
    writer.close()


def charted(spool: Path, minutes: int, buckets: int) -> list[tuple[object, ...]]:
    reader = Reader(spool)
    found = chart(reader, [1, 2], START, START + minutes * MINUTE, buckets=buckets)
    reader.close()
    return [
        (
            row["channel"],
            (row["at_us"] - START) // MINUTE,
            row["lowest"],
            row["highest"],
            row["mean"],
            row["worst"],
        )
        for row in found.to_pylist()
    ]


def test_bucket_tells_lowest_highest_mean_and_worst(tmp_path: Path) -> None:
    told(
        tmp_path,
        ("x", 0, 1.0, Quality.VALID),
        ("x", 1, 9.0, Quality.FAULT),
        ("x", 4, 2.0, Quality.VALID),
        ("x", 10, 7.0, Quality.UNCERTAIN),
        ("y", 9, 5.0, Quality.VALID),
    )

    assert charted(tmp_path, minutes=20, buckets=4) == [
        (1, 0, 1.0, 9.0, 4.0, Quality.FAULT),
        (1, 10, 7.0, 7.0, 7.0, Quality.UNCERTAIN),
        (2, 5, 5.0, 5.0, 5.0, Quality.VALID),
    ]


def test_corrected_reading_counts_once_and_the_lake_makes_no_difference(tmp_path: Path) -> None:
    told(tmp_path, ("x", 0, 1.0, Quality.BAD), ("x", 1, 3.0, Quality.VALID))
    flush(tmp_path, lake_of(tmp_path))
    told(tmp_path, ("x", 0, 5.0, Quality.VALID))

    assert charted(tmp_path, minutes=2, buckets=1) == [(1, 0, 3.0, 5.0, 4.0, Quality.VALID)]


@pytest.mark.parametrize("buckets", [1, 300], ids=["one bucket", "more buckets than minutes"])
def test_nothing_told_gives_no_bucket(tmp_path: Path, buckets: int) -> None:
    told(tmp_path, ("x", 50, 1.0, Quality.VALID))

    assert charted(tmp_path, minutes=20, buckets=buckets) == []


def test_every_quality_has_its_place() -> None:
    assert sorted(BEST_TO_WORST) == sorted(Quality)
    assert BEST_TO_WORST[0] is Quality.VALID
    assert BEST_TO_WORST[-1] is Quality.BAD
