"""What lies in a lake, row by row, counted without the reader that the bench is about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
from deltalake import DeltaTable

from xunshui.telemetry.lake import lake_of


@dataclass(frozen=True, slots=True)
class Stored:
    """The rows of a lake's readings, and how many of them repeat a channel and instant."""

    rows: int
    doubled: int


def stored_rows(spool: Path) -> Stored:
    """Return the rows of the lake of this folder; flush first what is to be counted."""
    files = DeltaTable(str(lake_of(spool) / "readings")).file_uris()
    found = duckdb.execute(
        "SELECT count(*), count(DISTINCT (channel, at_us)) FROM read_parquet($files)", {"files": files}
    ).fetchall()
    [(rows, different)] = found
    return Stored(rows, rows - different)
