"""One process at a time: a file that its process holds locked for as long as it lives, however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO


def take_lock(file: Path) -> IO[str]:
    """Lock a file, made where it is not there, and write this process's number into it; closing it lets go.

    Raises BlockingIOError where another process holds it.
    """
    handle = file.open("a+", encoding="ascii")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        raise
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


def holder_of(file: Path) -> str:
    """Return the number of the process that took a lock last, as it is told to people; empty where unknown."""
    try:
        told = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return told if told.isdigit() else ""
