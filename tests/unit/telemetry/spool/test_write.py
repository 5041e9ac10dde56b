"""The spool keeps each arrival once, numbers its batches without a gap, and gives space back only when all have read."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from xunshui.telemetry.errors import SpoolMissing
from xunshui.telemetry.sample import Arrival, Quality, Sample
from xunshui.telemetry.spool import (
    SpoolWriter,
    batches_after,
    note_read,
    open_to_read,
    open_to_write,
    prune,
)
from xunshui.telemetry.spool.write import REMEMBERED


def arrival(number: int, device: str = "A") -> Arrival:
    samples = [Sample("2011/w00000-Rtd", number * 1_000_000, number / 2, Quality.VALID)]
    return Arrival("hj212", device, number, b"frame %d" % number, samples, f"key {number}")


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SpoolWriter]:
    spool = SpoolWriter(tmp_path)
    yield spool
    spool.close()


def test_batch_holds_frames_values_and_their_seal(writer: SpoolWriter, tmp_path: Path) -> None:
    kept = writer.commit([arrival(1), arrival(2)], 99)
    [batch] = batches_after(open_to_read(tmp_path), 0)

    whole = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (b"frame 1", b"frame 2"))
    assert (kept.seq, kept.kept, kept.resent) == (1, 2, 0)
    assert batch.frames.column("raw").to_pylist() == [b"frame 1", b"frame 2"]
    assert batch.samples.to_pydict() == {
        "channel": [1, 1],
        "at_us": [1_000_000, 2_000_000],
        "value": [0.5, 1.0],
        "quality": [0, 0],
    }
    assert batch.digest == "sha256:" + hashlib.sha256(whole).hexdigest()


def test_resend_is_kept_once_also_after_a_restart(tmp_path: Path) -> None:
    first = SpoolWriter(tmp_path)
    first.commit([arrival(1)], 0)
    assert first.commit([arrival(1)], 0).seq is None
    first.close()

    second = SpoolWriter(tmp_path)
    kept = second.commit([arrival(1), arrival(2), arrival(1, "B")], 0)
    second.close()

    assert (kept.seq, kept.kept, kept.resent) == (2, 2, 1)


def test_the_last_keys_of_each_device_are_remembered(tmp_path: Path) -> None:
    first = SpoolWriter(tmp_path)
    first.commit([arrival(number) for number in range(2 * REMEMBERED)], 0)
    first.close()
    second = SpoolWriter(tmp_path)
    last = [arrival(number) for number in range(REMEMBERED, 2 * REMEMBERED)]

    assert second.commit(last, 0).kept == 0
    second.close()


def test_failed_commit_keeps_nothing_and_the_same_arrivals_come_again(
    writer: SpoolWriter, tmp_path: Path
) -> None:
    writer.commit([arrival(1)], 0)
    blocker = open_to_write(tmp_path)
    blocker.execute(
        "CREATE TRIGGER full BEFORE INSERT ON batch BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
    )
    with pytest.raises(sqlite3.Error, match="disk is full"):
        writer.commit([arrival(2, "new device")], 0)
    blocker.execute("DROP TRIGGER full")
    blocker.close()

    assert writer.commit([arrival(2, "new device")], 0).seq == 2


def test_nothing_goes_before_every_reader_has_read(writer: SpoolWriter, tmp_path: Path) -> None:
    for number in range(10):
        writer.commit([arrival(number)], 0)
    database = open_to_write(tmp_path)
    note_read(database, "lake", 8)
    note_read(database, "forward:bureau", 3)

    assert prune(tmp_path, keep=2) == 3
    assert [batch.seq for batch in batches_after(database, 0)] == [4, 5, 6, 7, 8, 9, 10]
    note_read(database, "forward:bureau", 10)
    note_read(database, "lake", 10)
    assert prune(tmp_path, keep=2) == 5
    assert [batch.seq for batch in batches_after(database, 0)] == [9, 10]


def test_missing_spool_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SpoolMissing, match="xunshui gateway --spool"):
        open_to_read(tmp_path / "nowhere")


def test_two_writers_take_turns(writer: SpoolWriter, tmp_path: Path) -> None:
    other = SpoolWriter(tmp_path)
    writer.commit([arrival(1), arrival(2, "B")], 1)
    kept = [other.commit([arrival(3, "B")], 2), writer.commit([arrival(3, "B"), arrival(4)], 3)]
    other.close()

    assert [(each.seq, each.kept, each.resent) for each in kept] == [(2, 1, 0), (3, 1, 1)]
    assert [batch.seq for batch in batches_after(open_to_read(tmp_path), 0)] == [1, 2, 3]


def test_note_within_a_commit_holds_exactly_as_long_as_the_batch(writer: SpoolWriter, tmp_path: Path) -> None:
    def note(database: sqlite3.Connection) -> None:
        database.execute("INSERT INTO imported VALUES ('d', 'f', 1)")

    writer.commit([arrival(1)], 1, within=note)
    with pytest.raises(sqlite3.IntegrityError):
        writer.commit([arrival(2)], 2, within=note)

    assert len(batches_after(open_to_read(tmp_path), 0)) == 1


def test_resends_are_known_behind_imported_history(writer: SpoolWriter, tmp_path: Path) -> None:
    writer.commit([arrival(1)], 1)
    for number in range(2 * REMEMBERED):
        writer.commit([arrival(number)._replace(key="")], 1)
    again = SpoolWriter(tmp_path)

    assert again.commit([arrival(1)], 2).resent == 1
    again.close()
