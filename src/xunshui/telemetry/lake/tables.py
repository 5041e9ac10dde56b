"""The two Delta tables: their columns, how they are opened, and which files hold a day."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from deltalake import (
    ColumnProperties,
    CommitProperties,
    DeltaTable,
    Transaction,
    WriterProperties,
    write_deltalake,
)

from xunshui.telemetry.errors import ForeignLake

READINGS = pa.schema(
    [
        pa.field("day", pa.int32(), nullable=False),
        pa.field("channel", pa.int32(), nullable=False),
        pa.field("at_us", pa.int64(), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
        pa.field("quality", pa.int8(), nullable=False),
        pa.field("seq", pa.int64(), nullable=False),
    ]
)
BATCHES = pa.schema(
    [
        pa.field("day", pa.int32(), nullable=False),
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("committed_us", pa.int64(), nullable=False),
        pa.field("frame_count", pa.int32(), nullable=False),
        pa.field("digest", pa.string(), nullable=False),
        pa.field("frames", pa.binary(), nullable=False),
    ]
)
TABLES = {"readings": READINGS, "batches": BATCHES}
SETTINGS = {
    "delta.checkpointInterval": "50",
    "delta.logRetentionDuration": "interval 2 days",
    "delta.dataSkippingStatsColumns": "channel,at_us,seq",
}
PLAIN_FEATURES = {"appendOnly", "invariants", "timestampNtz"}
STEPS = ColumnProperties(dictionary_enabled=False, encoding="DELTA_BINARY_PACKED")
"""For numbers that grow by nearly equal steps: a thirtieth of what their dictionary takes."""
WRITER = WriterProperties(
    compression="ZSTD",
    compression_level=3,
    max_row_group_size=20_000,
    column_properties={"at_us": STEPS, "seq": STEPS},
)
"""Groups of some fourteen channels of a day: who asks for a few channels unpacks no more than their groups."""


def lake_of(spool: Path) -> Path:
    """Return where the lake of a spool's folder lies."""
    return spool / "lake"


def open_table(lake: Path, name: str, source: str) -> DeltaTable:
    """Open a table of the lake to write, made for this source where it is not there yet; raises `ForeignLake`."""
    folder = lake / name
    if not DeltaTable.is_deltatable(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        DeltaTable.create(
            str(folder),
            TABLES[name],
            mode="ignore",
            partition_by=["day"],
            name=name,
            description=source,
            configuration=SETTINGS,
        )
    table = DeltaTable(str(folder))
    if (owner := table.metadata().description) != source:
        raise ForeignLake(f"{folder} 属于另一个缓存（{owner}），不是 {source}；换一个文件夹")
    check_plain(table)
    return table


def check_plain(table: DeltaTable) -> None:
    """Raise `ForeignLake` where the files alone would not tell the rows: other tools may have switched that on."""
    protocol = table.protocol()
    features = {*(protocol.reader_features or ()), *(protocol.writer_features or ())}
    if odd := sorted(features - PLAIN_FEATURES):
        raise ForeignLake(f"{table.table_uri} 启用了 {'、'.join(odd)}，不能按文件读取")


def append(table: DeltaTable, rows: pa.Table, source: str, seq: int) -> None:
    """Add rows and the number of the last batch they come from, in one commit that is on disk on return."""
    before = table.version()
    write_deltalake(
        table,
        rows,
        mode="append",
        writer_properties=WRITER,
        commit_properties=CommitProperties(app_transactions=[Transaction(source, seq)]),
    )
    table.update_incremental()
    sync(table, before)


def sync(table: DeltaTable, since: int) -> None:
    """Put on disk what the commits after version `since` have written: the files, the log, and their names."""
    folder = Path(table.table_uri.removeprefix("file://"))
    log = folder / "_delta_log"
    folders = {log}
    for version in range(since + 1, table.version() + 1):
        commit = log / f"{version:020d}.json"
        for line in commit.read_text(encoding="utf-8").splitlines():
            if added := json.loads(line).get("add"):
                file = folder / added["path"]
                _sync_one(file)
                folders.update((file.parent, folder))
        _sync_one(commit)
    for each in folders:
        _sync_one(each)


def days_and_files(table: DeltaTable) -> list[tuple[int, str]]:
    """Return each file of a table with its local day."""
    actions = pa.table(table.get_add_actions(flatten=True))
    root = table.table_uri.rstrip("/")
    days: Iterable[int] = actions.column("partition.day").to_pylist()
    return [
        (day, f"{root}/{path}") for day, path in zip(days, actions.column("path").to_pylist(), strict=True)
    ]


def _sync_one(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
