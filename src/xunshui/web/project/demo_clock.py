"""The demo's clock: how far the invented round lies from the present, kept in the home folder."""

from __future__ import annotations

import datetime as dt
from pathlib import Path


def demo_offset(file: Path) -> dt.timedelta:
    """Return the offset in `file` [s], or none where the demo has not been made yet."""
    if not file.exists():
        return dt.timedelta(0)
    return dt.timedelta(seconds=float(file.read_text(encoding="ascii")))


def set_demo_clock(file: Path, *, shown: dt.datetime, now: dt.datetime) -> None:
    """Keep the offset that makes `now` look like `shown`."""
    file.write_text(str((shown - now).total_seconds()), encoding="ascii")
