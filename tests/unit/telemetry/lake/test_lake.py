"""From spool to lake and back: every reading once, the latest wins, and history stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from hypothesis import given, settings
from hypothesis import strategies as st

from xunshui.telemetry.batch import digest_of_frames, table_of
from xunshui.telemetry.errors import ForeignLake
from xunshui.telemetry.failpoint import VARIABLE
from xunshui.telemetry.lake import Reader, compact, flush, lake_of, vacuum
from xunshui.telemetry.lake.forget import forget
from xunshui.telemetry.lake.read import MOST_CHUNKS
from xunshui.telemetry.localtime import DAY_US, HOUR_US, day_of
from xunshui.telemetry.sample import Arrival, Quality, Sample
from xunshui.telemetry.spool import SpoolWriter, note_read, open_to_write, prune
from xunshui.telemetry.trace import seals

NEW_YEAR = 1_704_038_400_000_000  # 2024-01-01 00:00 in China


def told(number: int, *values: tuple[int, float], device: str = "A") -> Arrival:
    samples = [Sample("x", at_us, value, Quality.VALID) for at_us, value in values]
    return Arrival("hj212", device, NEW_YEAR + number, b"frame %d" % number, samples, f"{number}")


def all_of(spool: Path) -> list[tuple[int, int, float]]:
    reader = Reader(spool)
    try:
        found = reader.readings([channel.id for channel in reader.channels()], 0, 10 * NEW_YEAR)
    finally:
        reader.close()
    columns = (found.column(name).to_pylist() for name in ("channel", "at_us", "value"))
    return list(zip(*columns, strict=True))


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SpoolWriter]:
    spool = SpoolWriter(tmp_path)
    yield spool
    spool.close()


def flush_all(spool: Path) -> None:
    while flush(spool, lake_of(spool)).batches:
        pass


def test_readings_are_found_before_and_after_they_move(writer: SpoolWriter, tmp_path: Path) -> None:
    writer.commit([told(1, (NEW_YEAR, 1.0), (NEW_YEAR - 1, 2.0))], NEW_YEAR)
    before = all_of(tmp_path)
    flush_all(tmp_path)
    writer.commit([told(2, (NEW_YEAR + 5, 3.0))], NEW_YEAR)

    assert before == [(1, NEW_YEAR - 1, 2.0), (1, NEW_YEAR, 1.0)]
    assert all_of(tmp_path) == [*before, (1, NEW_YEAR + 5, 3.0)]


def test_midnight_in_china_parts_the_days(writer: SpoolWriter, tmp_path: Path) -> None:
    writer.commit([told(1, (NEW_YEAR, 1.0), (NEW_YEAR - 1, 2.0))], NEW_YEAR)
    flush_all(tmp_path)

    days = sorted(path.name for path in (lake_of(tmp_path) / "readings").glob("day=*"))
    assert days == ["day=19722", "day=19723"]  # 2024-01-01 is 19,723 days after 1970-01-01


def test_latest_received_wins_and_history_stays(writer: SpoolWriter, tmp_path: Path) -> None:
    for number, value in enumerate((1.0, 9.0, 5.0)):
        writer.commit([told(number, (NEW_YEAR, value))], NEW_YEAR)
        if number != 2:
            flush_all(tmp_path)
    compact(lake_of(tmp_path), day_of(NEW_YEAR) + 1)
    reader = Reader(tmp_path)
    history = reader.history(1, NEW_YEAR)
    reader.close()

    assert all_of(tmp_path) == [(1, NEW_YEAR, 5.0)]
    assert (history.column("value").to_pylist(), history.column("seq").to_pylist()) == (
        [1.0, 9.0, 5.0],
        [1, 2, 3],
    )


def test_raw_frames_lie_in_the_lake_under_their_seal(writer: SpoolWriter, tmp_path: Path) -> None:
    writer.commit([told(1, (NEW_YEAR, 1.0)), told(2, (NEW_YEAR, 1.0))], NEW_YEAR)
    flush_all(tmp_path)
    [row] = pa.table(DeltaTable(str(lake_of(tmp_path) / "batches")).to_pyarrow_table()).to_pylist()

    raws = table_of(row["frames"]).column("raw").to_pylist()
    assert raws == [b"frame 1", b"frame 2"]
    assert row["digest"] == digest_of_frames(raws)


def test_crowded_days_become_one_file_of_each_table_and_keep_every_batch(
    writer: SpoolWriter, tmp_path: Path
) -> None:
    for number in range(5):
        writer.commit([told(number, (NEW_YEAR + number, 1.0))], NEW_YEAR)
        flush_all(tmp_path)
    compact(lake_of(tmp_path), day_of(NEW_YEAR), files=3)

    tables = [DeltaTable(str(lake_of(tmp_path) / name)) for name in ("readings", "batches")]
    assert [len(table.file_uris()) for table in tables] == [1, 1]
    assert sorted(pa.table(tables[1].to_pyarrow_table()).column("seq").to_pylist()) == [1, 2, 3, 4, 5]


def test_flush_repeated_after_the_spool_forgot_its_place_adds_nothing(
    writer: SpoolWriter, tmp_path: Path
) -> None:
    writer.commit([told(1, (NEW_YEAR, 1.0))], NEW_YEAR)
    flush_all(tmp_path)
    spool = open_to_write(tmp_path)
    note_read(spool, "lake", 0)
    spool.close()
    during = all_of(tmp_path)
    flush_all(tmp_path)
    reader = Reader(tmp_path)

    assert during == all_of(tmp_path) == [(1, NEW_YEAR, 1.0)]
    assert reader.history(1, NEW_YEAR).num_rows == 1
    reader.close()


@pytest.mark.parametrize("place", ["between-tables", "after-lake-commit", "in-compaction", "in-vacuum"])
def test_kill_anywhere_in_the_keeping_loses_and_doubles_nothing(
    place: str, writer: SpoolWriter, tmp_path: Path
) -> None:
    for number in range(4):
        writer.commit([told(number, (NEW_YEAR + number, float(number)))], NEW_YEAR)
        if number < 3:
            flush_all(tmp_path)
    code = (
        "import sys; from pathlib import Path; from xunshui.telemetry.lake import *; spool = Path(sys.argv[1]);"
        "flush(spool, lake_of(spool)); compact(lake_of(spool), 99_999); vacuum(lake_of(spool), hours=0)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], env=os.environ | {VARIABLE: place}, check=False
    )
    found = all_of(tmp_path)
    flush_all(tmp_path)
    compact(lake_of(tmp_path), 99_999)
    vacuum(lake_of(tmp_path), hours=0)
    prune(tmp_path, keep=0)
    reader = Reader(tmp_path)

    assert ended.returncode == -signal.SIGKILL
    assert found == all_of(tmp_path) == [(1, NEW_YEAR + number, float(number)) for number in range(4)]
    assert [reader.history(1, NEW_YEAR + number).num_rows for number in range(4)] == [1, 1, 1, 1]
    reader.close()


def test_lake_of_another_spool_is_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        spool = SpoolWriter(tmp_path / name)
        spool.commit([told(1, (NEW_YEAR, 1.0))], NEW_YEAR)
        spool.close()
    flush(tmp_path / "one", tmp_path / "lake")

    with pytest.raises(ForeignLake, match="属于另一个缓存"):
        flush(tmp_path / "two", tmp_path / "lake")


steps = st.lists(
    st.one_of(
        st.sampled_from(["flush", "compact", "prune", "vacuum"]),
        st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), min_size=1, max_size=4),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(steps)
def test_whatever_is_done_in_between_reads_are_those_of_a_dictionary(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str | list[tuple[int, int]]]
) -> None:
    spool = tmp_path_factory.mktemp("spool")
    writer = SpoolWriter(spool)
    expected: dict[int, float] = {}
    for number, step in enumerate(steps):
        match step:
            case "flush":
                flush_all(spool)
            case "compact":
                compact(lake_of(spool), day_of(NEW_YEAR) + 1)
            case "vacuum":
                vacuum(lake_of(spool), hours=0)
            case "prune":
                prune(spool, keep=0)
            case list():
                readings = [(NEW_YEAR + hour * HOUR_US, float(value)) for hour, value in dict(step).items()]
                expected.update(readings)
                writer.commit([told(number, *readings)], NEW_YEAR + DAY_US)
        if expected:
            assert all_of(spool) == [(1, at_us, value) for at_us, value in sorted(expected.items())]
    writer.close()


def test_one_reader_sees_all_while_batches_come_and_move(writer: SpoolWriter, tmp_path: Path) -> None:
    writer.commit([told(0, (NEW_YEAR, 0.0))], NEW_YEAR)
    reader = Reader(tmp_path)
    seen = []
    for number in range(1, 2 * MOST_CHUNKS):
        writer.commit([told(number, (NEW_YEAR + number, float(number)))], NEW_YEAR)
        if number % 50 == 0:
            flush_all(tmp_path)
        seen.append(reader.readings([1], 0, 10 * NEW_YEAR)["value"].to_pylist())
    reader.close()

    assert seen == [[float(each) for each in range(number + 1)] for number in range(1, 2 * MOST_CHUNKS)]


def test_flush_says_whether_more_waited(writer: SpoolWriter, tmp_path: Path) -> None:
    for number in range(3):
        writer.commit([told(number, (NEW_YEAR + number, 1.0))], NEW_YEAR)

    flushed = [flush(tmp_path, lake_of(tmp_path), most=2) for _ in range(3)]

    assert [(each.batches, each.more) for each in flushed] == [(2, True), (1, False), (0, False)]


def test_what_is_older_than_asked_is_let_go_of_and_the_rest_stays(
    writer: SpoolWriter, tmp_path: Path
) -> None:
    old, new = NEW_YEAR, NEW_YEAR + 3 * DAY_US
    writer.commit([told(1, (old, 1.0), (new, 2.0))], old)
    writer.commit([told(2, (new + 1, 3.0))], new)
    flush_all(tmp_path)
    gone = forget(lake_of(tmp_path), day_of(new))
    flush_all(tmp_path)

    assert gone == 2  # one file of readings, one of batches
    assert [value for _, _, value in all_of(tmp_path)] == [2.0, 3.0]
    assert seals(tmp_path, [1, 2]).keys() == {1, 2}  # the spool still has what the lake let go of
