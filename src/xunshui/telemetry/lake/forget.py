"""Retention: readings and frames older than a day are let go of, for good, once vacuum has deleted their files."""

from __future__ import annotations

from pathlib import Path

from deltalake import DeltaTable

from xunshui.telemetry.lake.tables import sync


def forget(lake: Path, before: int) -> int:
    """Let go of readings whose local day, and of batches whose day of arrival, lies before; return the files gone."""
    gone = 0
    for name in ("readings", "batches"):
        folder = lake / name
        if not DeltaTable.is_deltatable(str(folder)):
            continue
        table = DeltaTable(str(folder))
        known = table.version()
        told = table.delete(f"day < {before}")
        table.update_incremental()
        sync(table, known)
        gone += int(told["num_removed_files"])
    return gone
