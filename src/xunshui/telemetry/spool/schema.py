"""The spool's file: SQLite, every commit synced, one row a batch."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from xunshui.telemetry.errors import SpoolDamaged, SpoolMissing

FILE = "spool.sqlite3"
TABLES = """
CREATE TABLE IF NOT EXISTS spool (id INTEGER PRIMARY KEY CHECK (id = 1), source TEXT NOT NULL, last_seq INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS device (
    id INTEGER PRIMARY KEY, protocol TEXT NOT NULL, name TEXT NOT NULL, first_us INTEGER NOT NULL, UNIQUE (protocol, name));
CREATE TABLE IF NOT EXISTS channel (
    id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES device, code TEXT NOT NULL, first_us INTEGER NOT NULL,
    UNIQUE (device, code));
CREATE TABLE IF NOT EXISTS batch (
    seq INTEGER PRIMARY KEY, committed_us INTEGER NOT NULL, frame_count INTEGER NOT NULL, sample_count INTEGER NOT NULL,
    frames BLOB NOT NULL, samples BLOB NOT NULL, keys BLOB NOT NULL, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reader (name TEXT PRIMARY KEY, seq INTEGER NOT NULL, place INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS imported (digest TEXT PRIMARY KEY, file TEXT NOT NULL, chunks INTEGER NOT NULL);
"""


def open_to_write(folder: Path) -> sqlite3.Connection:
    """Open the spool in `folder`, made where it is not there yet; a commit returns once it is on disk.

    Raises `SpoolDamaged`, and sqlite3.OperationalError where the disk refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(folder / FILE, timeout=20, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection)
    except sqlite3.OperationalError:
        connection.close()
        raise
    except sqlite3.DatabaseError as error:
        connection.close()
        raise SpoolDamaged(
            f"{folder / FILE}：已损坏（{error}），收到的报文没有地方可存；把这个文件夹改名移开（不要删），"
            "用 xunshui restore 恢复备份，或先用 --spool 另给一个空文件夹启动"
        ) from None
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    # Space of deleted batches is given back a little at a time, never in one long lock; told before the first page.
    connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.executescript(TABLES)


def holds_spool(folder: Path) -> bool:
    """Return whether a gateway or an import has ever written to this folder."""
    return (folder / FILE).exists()


def open_to_read(folder: Path) -> sqlite3.Connection:
    """Open the spool in `folder` for reading alone; raises `SpoolMissing`."""
    file = folder / FILE
    if not file.exists():
        raise SpoolMissing(f"{folder} 里没有 {FILE}；先运行 xunshui gateway --spool {folder}")
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=20, check_same_thread=False
    )
    connection.execute("PRAGMA query_only=ON")
    return connection
