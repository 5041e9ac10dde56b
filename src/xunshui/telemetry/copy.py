"""A gateway's folder as of one moment, while gateway, flusher and forwarders go on.

    spool.sqlite3              batches with the keys by which resends are known, and how far each reader has come
    lake/readings, …/batches   one version of each table
    hj212.sqlite3              keys, passwords and hardware agreed with loggers
    forward-*.json, forward-refused.jsonl, simulated

The lake is taken before the spool, so that it is never ahead: batches that a later gateway numbers must be news to it.
What was carried over and pruned in between would be in neither; batches are numbered without a gap, so that is seen,
and it is tried again.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deltalake.exceptions import DeltaError

from xunshui.telemetry.errors import CopyRefused, ForeignLake
from xunshui.telemetry.gateway.hj212_agreed import FILE as AGREED
from xunshui.telemetry.lake.flush import READER
from xunshui.telemetry.lake.tables import TABLES, lake_of
from xunshui.telemetry.lake.version import link_version
from xunshui.telemetry.lock import take_lock
from xunshui.telemetry.spool import open_to_read, source_of
from xunshui.telemetry.spool.copy import copy_database, copy_spool, follows

COPY, LOCK = ".backup", "backup.lock"
TRIES = 10
REFUSED, SIMULATED = "forward-refused.jsonl", "simulated"


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """Give a copy of a gateway's folder for the length of the block; raises `SpoolMissing`, `CopyRefused`, OSError.

    It lies in the folder itself, so that the lake's files can be linked and take no room.
    """
    try:
        lock = take_lock(folder / LOCK)
    except BlockingIOError:
        raise CopyRefused(f"{folder} 正由另一个备份读取；等它做完再试") from None
    copy = folder / COPY
    try:
        _copy(folder, copy)
        yield copy
    finally:
        shutil.rmtree(copy, ignore_errors=True)
        lock.close()


def _copy(folder: Path, copy: Path) -> None:
    source = _source(folder)
    last: Exception | None = None
    for _ in range(TRIES):
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        # Before the spool: what is told again is known, what is not told again is missing.
        _copy_small(folder, copy, SIMULATED)
        try:
            passed = _link_lake(folder, copy, source)
        except (OSError, DeltaError) as error:
            last = error
            continue
        copy_spool(folder, copy)
        if follows(copy, READER, passed):
            # Behind the spool: a refusal is written down before its place is noted, a key before a frame bears it.
            _copy_small(folder, copy, REFUSED, "forward-*.json")
            _copy_agreed(folder, copy)
            return
    raise CopyRefused(f"{folder} 试了 {TRIES} 次都在变（{last or '搬运正忙'}）；稍后再备份")


def _link_lake(folder: Path, copy: Path, source: str) -> int:
    """Link every table of the lake; return the last batch that is in all of them."""
    passed = []
    for name in TABLES:
        table = link_version(lake_of(folder) / name, lake_of(copy) / name)
        if table is not None and table.metadata().description != source:
            raise ForeignLake(f"{lake_of(folder) / name} 属于另一个缓存，不能与 {folder} 一起备份")
        passed.append((table.transaction_version(source) or 0) if table is not None else 0)
    return min(passed)


def _source(folder: Path) -> str:
    spool = open_to_read(folder)
    try:
        return source_of(spool)
    finally:
        spool.close()


def _copy_agreed(folder: Path, copy: Path) -> None:
    if (folder / AGREED).exists():
        try:
            copy_database(folder / AGREED, copy / AGREED)
        except sqlite3.Error as error:
            raise CopyRefused(
                f"{folder / AGREED} 读不出（{error}），没有备份；运行 xunshui gateway 看怎样修"
            ) from None


def _copy_small(folder: Path, copy: Path, *patterns: str) -> None:
    """Copy small files that are renamed into place or appended to; of these no line that is still being written."""
    for file in sorted({found for pattern in patterns for found in folder.glob(pattern)}):
        content = file.read_bytes()
        if file.suffix == ".jsonl":
            content = content[: content.rfind(b"\n") + 1]
        (copy / file.name).write_bytes(content)
