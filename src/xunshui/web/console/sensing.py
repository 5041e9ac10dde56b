"""The readings behind the pages: one reader a thread, opened when it is first needed."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from django.conf import settings

from xunshui.telemetry.errors import SpoolMissing
from xunshui.telemetry.lake import Reader

_own = threading.local()


def folder() -> Path:
    """Return the gateway's folder."""
    found: Path = settings.SENSING
    return found


def reader() -> Reader | None:
    """Return this thread's reader, or None where no gateway has run yet."""
    place = folder()
    known: tuple[Path, Reader] | None = getattr(_own, "reader", None)
    if known is None or known[0] != place:
        try:
            known = _own.reader = (place, Reader(place))
        except SpoolMissing:
            return None
    return known[1]


def now_us() -> int:
    """Return the present instant [µs]: readings bear real time, in a demo too."""
    return time.time_ns() // 1000
