"""The keeper of the lake: flushes, compacts, vacuums and prunes, once or for as long as it is let."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from xunshui.telemetry.lake.compact import compact, vacuum
from xunshui.telemetry.lake.flush import Flushed, flush
from xunshui.telemetry.lake.forget import forget
from xunshui.telemetry.lake.status import write_flushed
from xunshui.telemetry.lake.tables import lake_of
from xunshui.telemetry.localtime import day_of
from xunshui.telemetry.spool import newest_of, open_to_read, prune

COMPACT_EVERY_S = 60.0
VACUUM_EVERY_S = 1_800.0


def keep(spool: Path, every_s: float | None = None, days: int | None = None) -> Iterator[Flushed]:
    """Flush until nothing is left, or with `every_s` again and again until TERM or INT; yields each flush.

    With `days` what is older than that many days is let go of.

    Raises `SpoolMissing`, `ForeignLake`, OSError.
    """
    open_to_read(spool).close()
    lake = lake_of(spool)
    stop = threading.Event()
    if every_s is not None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    compacted = vacuumed = float("-inf")
    while True:
        flushed = flush(spool, lake)
        write_flushed(spool, flushed, behind=_newest(spool) - flushed.seq)
        yield flushed
        if flushed.more:
            continue
        now = time.monotonic()
        if now - compacted >= COMPACT_EVERY_S:
            compact(lake, day_of(time.time_ns() // 1000))
            compacted = now
        if now - vacuumed >= VACUUM_EVERY_S:
            if days is not None:
                forget(lake, day_of(time.time_ns() // 1000) - days)
            vacuum(lake)
            vacuumed = now
        prune(spool)
        if every_s is None or stop.wait(every_s):
            return


def _newest(spool: Path) -> int:
    database = open_to_read(spool)
    try:
        return newest_of(database)
    finally:
        database.close()
