"""One gateway a spool: two would know nothing of each other's resends, and keep them twice."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from xunshui.telemetry.errors import SpoolInUse
from xunshui.telemetry.lock import holder_of, take_lock

FILE = "gateway.lock"


def lock_spool(folder: Path) -> IO[str]:
    """Take a spool's folder for this gateway, until it is closed or the process ends; raises `SpoolInUse`."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return take_lock(folder / FILE)
    except BlockingIOError:
        pid = holder_of(folder / FILE)
        who = f"（进程 {pid}）" if pid else ""
        raise SpoolInUse(
            f"{folder} 已有一个网关在用{who}；一个文件夹只能有一个网关：先停掉它，或用 --spool 另给一个文件夹"
        ) from None
