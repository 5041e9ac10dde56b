"""From the spool to the lake: what is in the spool and not yet in the lake is carried over, once.

Each table notes in the same commit how far it came, so that a flush which was cut off anywhere is repeated without
harm; the spool is told last, and only then may it forget.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from xunshui.telemetry.batch import Batch, table_bytes
from xunshui.telemetry.failpoint import reached
from xunshui.telemetry.lake.tables import BATCHES, READINGS, append, open_table
from xunshui.telemetry.localtime import DAY_US, SHIFT_US, day_of
from xunshui.telemetry.spool import batches_after, newest_of, note_read, open_to_write, place_of, source_of

READER = "lake"
BATCHES_AT_ONCE = 10_000
BYTES_AT_ONCE = 64_000_000
"""What is carried with one commit: as much as memory allows, because old data touches many days at once."""
ORDER = [("day", "ascending"), ("channel", "ascending"), ("at_us", "ascending"), ("seq", "ascending")]
ZSTD = pa.ipc.IpcWriteOptions(compression="zstd")


@dataclass(frozen=True, slots=True)
class Flushed:
    """What a flush carried over, the last batch that is in the lake now, and whether more waited when it began.

    What comes while it flushes does not count: a busy gateway would never let its keeper come to tidying.
    """

    batches: int
    samples: int
    seq: int
    more: bool = False


def flush(spool_folder: Path, lake: Path, *, most: int = BATCHES_AT_ONCE) -> Flushed:
    """Carry up to `most` batches over; raises `ForeignLake`, OSError."""
    spool = open_to_write(spool_folder)
    try:
        source = source_of(spool)
        place, _ = place_of(spool, READER)
        newest = newest_of(spool)
        batches = batches_after(spool, place, most=most, most_bytes=BYTES_AT_ONCE)
        if not batches:
            return Flushed(0, 0, place)
        frames, readings = open_table(lake, "batches", source), open_table(lake, "readings", source)
        _carry(frames, batches, source, batches_rows)
        reached("between-tables")
        _carry(readings, batches, source, readings_rows)
        reached("after-lake-commit")
        note_read(spool, READER, batches[-1].seq)
        last = batches[-1].seq
        samples = sum(batch.samples.num_rows for batch in batches)
        return Flushed(len(batches), samples, last, more=last < newest)
    finally:
        spool.close()


def batches_rows(batches: Sequence[Batch]) -> pa.Table:
    """Return the rows of `batches`."""
    columns = {
        "day": [day_of(batch.committed_us) for batch in batches],
        "seq": [batch.seq for batch in batches],
        "committed_us": [batch.committed_us for batch in batches],
        "frame_count": [batch.frames.num_rows for batch in batches],
        "digest": [batch.digest for batch in batches],
        "frames": [table_bytes(batch.frames, ZSTD) for batch in batches],
    }
    return pa.table(columns, schema=BATCHES)


def readings_rows(batches: Sequence[Batch]) -> pa.Table:
    """Return the rows of `readings`, in the order they are best compressed and found."""
    samples = with_seqs(batches)
    local = pc.add(samples.column("at_us"), SHIFT_US)
    # Integer division rounds towards zero: an instant before 1970 would fall on the wrong day, and there is none.
    day = pc.divide(local, DAY_US).cast(pa.int32())
    return samples.add_column(0, READINGS.field("day"), day).cast(READINGS).sort_by(ORDER)


def with_seqs(batches: Sequence[Batch]) -> pa.Table:
    """Return the samples of batches, each with the number of its batch."""
    counts = [batch.samples.num_rows for batch in batches]
    seqs = np.repeat(np.array([batch.seq for batch in batches], np.int64), counts)
    return pa.concat_tables([batch.samples for batch in batches]).append_column(
        READINGS.field("seq"), pa.array(seqs)
    )


def _carry(
    table: DeltaTable, batches: Sequence[Batch], source: str, rows_of: Callable[[Sequence[Batch]], pa.Table]
) -> None:
    known = table.transaction_version(source) or 0
    new = [batch for batch in batches if batch.seq > known]
    if new:
        append(table, rows_of(new), source, new[-1].seq)
