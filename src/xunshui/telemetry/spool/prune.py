"""Giving space back: batches that everyone has read go, but for the last, by which resends are known."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from xunshui.telemetry.spool.schema import open_to_write

FRAMES_KEPT = 200_000
PAGES_AT_ONCE = 2_000


def note_read(spool: sqlite3.Connection, reader: str, seq: int, place: int = 0) -> None:
    """Note that `reader` needs no batch up to `seq` any more, and of the next one no frame before `place`."""
    spool.execute(
        "INSERT INTO reader VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, place = excluded.place",
        (reader, seq, place),
    )


def place_of(spool: sqlite3.Connection, reader: str) -> tuple[int, int]:
    """Return how far a reader has read: the last whole batch, and the frames of the next."""
    found = spool.execute("SELECT seq, place FROM reader WHERE name = ?", (reader,)).fetchone()
    return (int(found[0]), int(found[1])) if found else (0, 0)


def prune(folder: Path, *, keep: int = FRAMES_KEPT) -> int:
    """Delete what every reader has read, except the last `keep` frames; return how many batches went."""
    spool = open_to_write(folder)
    try:
        read = spool.execute("SELECT min(seq) FROM reader").fetchone()[0]
        if read is None:
            return 0
        newest = spool.execute(
            "SELECT seq FROM (SELECT seq, sum(frame_count) OVER (ORDER BY seq DESC) AS newer FROM batch) "
            "WHERE newer > ? ORDER BY seq DESC LIMIT 1",
            (keep,),
        ).fetchone()
        if newest is None:
            return 0
        gone = spool.execute("DELETE FROM batch WHERE seq <= ?", (min(read, newest[0]),)).rowcount
        spool.execute(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})").fetchall()
        return gone
    finally:
        spool.close()
