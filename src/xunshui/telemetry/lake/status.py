"""What the flusher says of itself: `flusher.json` in the gateway's folder, written anew after every round."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from xunshui.telemetry.lake.flush import Flushed

FILE = "flusher.json"


def write_flushed(folder: Path, flushed: Flushed, *, behind: int) -> None:
    """Say that a round is over, and how far the lake is; times are seconds since 1970. Raises OSError."""
    now = time.time()
    told = {"written_at": now, "flushed_at": now, "seq": flushed.seq, "behind": behind}
    waiting = folder / f".{FILE}"
    waiting.write_text(json.dumps(told), encoding="utf-8")
    waiting.replace(folder / FILE)


def read_flushed(folder: Path) -> dict[str, Any] | None:
    """Return what the flusher said last, or None where none ever ran."""
    try:
        told: dict[str, Any] = json.loads((folder / FILE).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return told
