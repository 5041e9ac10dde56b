"""What a forwarder says of itself: `forward-NAME.json` in the spool's folder, written anew every two seconds."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from xunshui.telemetry.forward.conversation import Counts

EVERY_S = 2.0


@dataclass(slots=True)
class State:
    """How the link stands."""

    to: str
    started_at: float = field(default_factory=time.time)
    connected: bool = False
    connections: int = 0
    behind_batches: int = 0
    last_error: str = ""


def file_of(folder: Path, name: str) -> Path:
    """Return where the forwarder of this name tells its state."""
    return folder / f"forward-{name}.json"


def write_status(folder: Path, name: str, state: State, counts: Counts) -> None:
    """Write the state; times are seconds since 1970. Raises OSError."""
    told = {"written_at": time.time(), "name": name, **asdict(state), **asdict(counts)}
    file = file_of(folder, name)
    waiting = file.with_name(f".{file.name}")
    waiting.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    waiting.replace(file)


def read_status(folder: Path, name: str) -> dict[str, Any] | None:
    """Return the last state of a forwarder, or None where it never ran."""
    try:
        told: dict[str, Any] = json.loads(file_of(folder, name).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return told


def read_all(folder: Path) -> list[dict[str, Any]]:
    """Return the last state of every forwarder, by name."""
    names = [file.stem.removeprefix("forward-") for file in sorted(folder.glob("forward-*.json"))]
    return [told for name in names if (told := read_status(folder, name)) is not None]
