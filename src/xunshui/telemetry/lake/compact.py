"""Keeping the lake quick: many small files of a day become one, and what nobody reads any more is deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, write_deltalake

from xunshui.telemetry.failpoint import reached
from xunshui.telemetry.lake.flush import ORDER
from xunshui.telemetry.lake.tables import READINGS, WRITER, days_and_files, sync

FILES_A_DAY = 12
BATCH_FILE_BYTES = 256_000_000
HOURS_KEPT = 1
"""How long replaced files stay for those who are reading them."""
ROWS_AT_ONCE = 2_000_000
"""Rows of several days that are rewritten with one commit."""
TOO_LARGE = 20_000_000
"""Rows of a day beyond which its files are left as they are: they would not fit into memory beside the rest."""


def compact(lake: Path, today: int, *, files: int = FILES_A_DAY) -> list[int]:
    """Rewrite each day of more than `files` files, each day before `today` of more than one; return the days.

    Readings are sorted anew; batches, which may be large, are only put together, and only where a day is crowded.
    """
    _join_batches(lake / "batches", files)
    folder = lake / "readings"
    if not DeltaTable.is_deltatable(str(folder)):
        return []
    table = DeltaTable(str(folder))
    counted = Counter(day for day, _ in days_and_files(table))
    crowded = sorted(day for day, count in counted.items() if count > (1 if day < today else files))
    return [day for days in _groups(table, crowded) for day in _rewrite(table, days)]


def vacuum(lake: Path, *, hours: int = HOURS_KEPT) -> int:
    """Delete files that no version since `hours` names; return how many."""
    gone = 0
    for name in ("readings", "batches"):
        folder = lake / name
        if DeltaTable.is_deltatable(str(folder)):
            table = DeltaTable(str(folder))
            gone += len(table.vacuum(retention_hours=hours, dry_run=False, enforce_retention_duration=False))
            reached("in-vacuum")
    return gone


def _join_batches(folder: Path, files: int) -> None:
    if not DeltaTable.is_deltatable(str(folder)):
        return
    table = DeltaTable(str(folder))
    counted = Counter(day for day, _ in days_and_files(table))
    if max(counted.values(), default=0) > files:
        before = table.version()
        table.optimize.compact(target_size=BATCH_FILE_BYTES, writer_properties=WRITER)
        table.update_incremental()
        sync(table, before)


def _groups(table: DeltaTable, crowded: list[int]) -> Iterator[list[int]]:
    """Yield the crowded days in groups that fit into memory; a day that does not is left out."""
    rows: Counter[int] = Counter()
    for day, file in days_and_files(table):
        if day in crowded:
            rows[day] += pq.read_metadata(file).num_rows
    group: list[int] = []
    size = 0
    for day in crowded:
        if rows[day] > TOO_LARGE:
            continue
        if group and size + rows[day] > ROWS_AT_ONCE:
            yield group
            group, size = [], 0
        group.append(day)
        size += rows[day]
    if group:
        yield group


def _rewrite(table: DeltaTable, days: list[int]) -> list[int]:
    """Write the rows of these days anew, one file a day; return the days."""
    parts = [
        _with_day(pq.ParquetFile(file).read(), day) for day, file in days_and_files(table) if day in days
    ]
    before = table.version()
    reached("in-compaction")
    write_deltalake(
        table,
        pa.concat_tables(parts).cast(READINGS).sort_by(ORDER),
        mode="overwrite",
        predicate=f"day IN ({', '.join(map(str, days))})",
        writer_properties=WRITER,
    )
    table.update_incremental()
    sync(table, before)
    return days


def _with_day(rows: pa.Table, day: int) -> pa.Table:
    return rows.add_column(0, READINGS.field("day"), pa.array(np.full(rows.num_rows, day, np.int32)))
