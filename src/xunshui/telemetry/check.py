"""Whether a gateway's folder is whole: the spool's file, the lake's versions, the keys, and every frame by its digest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from xunshui.telemetry.batch import digest_of_frames, table_of
from xunshui.telemetry.errors import AgreedDamaged
from xunshui.telemetry.gateway.hj212_agreed import Agreed
from xunshui.telemetry.lake.flush import READER
from xunshui.telemetry.lake.tables import TABLES, days_and_files, lake_of
from xunshui.telemetry.spool import batches_after, newest_of, open_to_read, place_of

BYTES_AT_ONCE = 64_000_000
ROWS_AT_ONCE = 64


class SensingDamaged(ValueError):
    """What is wrong with a gateway's folder."""


def check_spool(folder: Path) -> int:
    """Return the number of the last batch; raises `SensingDamaged` where SQLite or the lake's log finds damage.

    The loggers' keys are looked at too: most frames that come after a restoration could not be read without them.
    """
    spool = open_to_read(folder)
    try:
        found = [str(row[0]) for row in spool.execute("PRAGMA integrity_check")]
        if found != ["ok"]:
            raise SensingDamaged(f"spool.sqlite3 已损坏：{'；'.join(found[:5])}")
        for name in TABLES:
            _files(folder, name)
        Agreed(folder)
        return newest_of(spool)
    except AgreedDamaged as error:
        raise SensingDamaged(str(error)) from None
    except sqlite3.DatabaseError as error:
        raise SensingDamaged(f"spool.sqlite3 已损坏：{error}") from None
    finally:
        spool.close()


def check_frames(folder: Path) -> int:
    """Recompute the digest of every batch, in lake and spool; return how many; raises `SensingDamaged`.

    Each number occurs once, and behind the lake's last none is left out.
    """
    spool = open_to_read(folder)
    try:
        passed, _ = place_of(spool, READER)
        numbers = [seq for seq in _lake_numbers(folder) if seq <= passed]
        seq = passed
        while batches := batches_after(spool, seq, most_bytes=BYTES_AT_ONCE):
            for batch in batches:
                _compare(batch.seq, digest_of_frames(batch.frames.column("raw").to_pylist()), batch.digest)
            numbers += [batch.seq for batch in batches]
            seq = batches[-1].seq
        _all_there(numbers, passed, newest_of(spool))
    except (sqlite3.Error, pa.ArrowInvalid) as error:
        raise SensingDamaged(f"读不出报文：{error}") from None
    finally:
        spool.close()
    return len(numbers)


def _all_there(numbers: list[int], passed: int, newest: int) -> None:
    if len(set(numbers)) != len(numbers):
        raise SensingDamaged("有的批次有两份")
    behind = sum(number > passed for number in numbers)
    if behind != newest - passed:
        raise SensingDamaged(f"缓存应有第 {passed + 1} 至 {newest} 批，只有 {behind} 批")


def _lake_numbers(folder: Path) -> Iterator[int]:
    for file in _files(folder, "batches"):
        for rows in pq.ParquetFile(file).iter_batches(ROWS_AT_ONCE, columns=["seq", "digest", "frames"]):
            for row in rows.to_pylist():
                frames = table_of(row["frames"]).column("raw").to_pylist()
                _compare(row["seq"], digest_of_frames(frames), row["digest"])
                yield row["seq"]


def _files(folder: Path, name: str) -> list[Path]:
    place = lake_of(folder) / name
    if not DeltaTable.is_deltatable(str(place)):
        return []
    try:
        files = [Path(file.removeprefix("file://")) for _, file in days_and_files(DeltaTable(str(place)))]
    except DeltaError as error:
        raise SensingDamaged(f"lake/{name} 已损坏：{error}") from None
    if missing := next((file for file in files if not file.exists()), None):
        raise SensingDamaged(f"lake/{name} 缺文件 {missing.name}")
    return files


def _compare(seq: int, found: str, told: str) -> None:
    if found != told:
        raise SensingDamaged(f"第 {seq} 批的报文与摘要不符：记录 {told}，实为 {found}")
