"""A copy of the spool while the gateway writes, brought into line with a version of the lake."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from xunshui.telemetry.spool.prune import note_read
from xunshui.telemetry.spool.read import newest_of
from xunshui.telemetry.spool.schema import FILE, open_to_read


def copy_spool(folder: Path, into: Path) -> None:
    """Copy the spool of `folder` as of one moment (SQLite's online backup); raises `SpoolMissing`, sqlite3.Error.

    In one step: with several, a gateway that commits between them would make it begin anew each time.
    """
    into.mkdir(parents=True, exist_ok=True)
    source, target = open_to_read(folder), sqlite3.connect(into / FILE)
    try:
        source.backup(target)
        # The copy travels alone: it must not look for a write-ahead log beside it.
        target.execute("PRAGMA journal_mode=DELETE")
    finally:
        target.close()
        source.close()


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
