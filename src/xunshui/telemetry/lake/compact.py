"""Keeping the lake quick: many small files of a day become one, and what nobody reads any more is deleted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

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
    return [day for day in crowded if _rewrite(table, day)]


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


def _rewrite(table: DeltaTable, day: int) -> bool:
    files = [file for each, file in days_and_files(table) if each == day]
    parts = [pq.ParquetFile(file).read() for file in files]
    if sum(part.num_rows for part in parts) > TOO_LARGE:
        return False
    rows = pa.concat_tables(parts)
    rows = rows.add_column(0, READINGS.field("day"), pa.array([day] * rows.num_rows, pa.int32()))
    before = table.version()
    reached("in-compaction")
    write_deltalake(
        table,
        rows.cast(READINGS).sort_by(ORDER),
        mode="overwrite",
        predicate=f"day = {day}",
        writer_properties=WRITER,
    )
    table.update_incremental()
    sync(table, before)
    return True
