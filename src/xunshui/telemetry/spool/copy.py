"""A copy of the spool while the gateway writes, brought into line with a version of the lake."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from xunshui.telemetry.spool.prune import note_read
from xunshui.telemetry.spool.read import newest_of
from xunshui.telemetry.spool.schema import FILE, open_to_read


def copy_spool(folder: Path, into: Path) -> None:
    """Copy the spool of `folder` as of one moment; raises `SpoolMissing`, sqlite3.Error."""
    into.mkdir(parents=True, exist_ok=True)
    open_to_read(folder).close()
    copy_database(folder / FILE, into / FILE)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database in use, for its owner's eyes alone (SQLite's online backup); raises sqlite3.Error.

    In one step: with several, a gateway that commits between them would make it begin anew each time.
    """
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))
    reading, writing = (
        sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True),
        sqlite3.connect(target),
    )
    try:
        reading.backup(writing)
        # The copy travels alone: it must not look for a write-ahead log beside it.
        writing.execute("PRAGMA journal_mode=DELETE")
    finally:
        writing.close()
        reading.close()


def follows(copy: Path, reader: str, passed: int) -> bool:
    """Make the spool in `copy` say that `reader` has read up to `passed`; False where batches behind that are gone."""
    spool = sqlite3.connect(copy / FILE, isolation_level=None)
    try:
        [held] = spool.execute("SELECT count(*) FROM batch WHERE seq > ?", (passed,)).fetchone()
        if held != newest_of(spool) - passed:
            return False
        note_read(spool, reader, passed)
        return True
    finally:
        spool.close()
