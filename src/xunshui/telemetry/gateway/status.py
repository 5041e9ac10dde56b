"""What a gateway says of itself: one small JSON file in its folder, written anew every few seconds.

The pages and the health check read it; a file that is not renewed says that no gateway runs.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xunshui.telemetry.connectors.supervise import DeviceState
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.gateway.hj212_listener import Listener
from xunshui.telemetry.gateway.session import Session

FILE = "gateway.json"
EVERY_S = 2.0
STALE_S = 10.0


async def write_status(folder: Path, told: Callable[[], Mapping[str, Any]]) -> None:
    """Write the status again and again until cancelled."""
    while True:
        waiting = folder / f".{FILE}"
        waiting.write_text(json.dumps(told(), ensure_ascii=False), encoding="utf-8")
        waiting.replace(folder / FILE)
        await asyncio.sleep(EVERY_S)


def status(
    committer: Committer,
    listener: Listener,
    devices: Sequence[DeviceState],
    *,
    started: float,
    now: float,
) -> dict[str, Any]:
    """Return the status as plain data; times are seconds since 1970."""
    return {
        "written_at": now,
        "started_at": started,
        "waiting": committer.waiting,
        **asdict(committer.counts),
        "connections": len(listener.connections),
        "refused_frames": listener.refused_frames,
        "refused_bytes": listener.refused_bytes,
        "turned_away": listener.turned_away,
        "sessions": [_session(session) for session in listener.sessions.values()],
        "devices": [device.told() for device in devices],
    }


def read_status(folder: Path) -> dict[str, Any] | None:
    """Return the last status in a gateway's folder, or None where there never was a gateway."""
    try:
        told: dict[str, Any] = json.loads((folder / FILE).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return told


def _session(session: Session) -> dict[str, Any]:
    return {
        "protocol": "hj212",
        "device": session.device,
        "address": session.address,
        "connected": session.connected,
        "first_at": session.first_at,
        "last_at": session.last_at,
        "frames": session.frames,
        "refused": session.refused,
        "last_reason": session.last_reason,
        "last_bad": session.last_bad.decode("utf-8", "backslashreplace"),
        "quirks": sorted(quirk.value for quirk in session.quirks),
        "skew_s": session.skew_s,
        "requests": [exchange.told() for exchange in session.conversation.last]
        if session.conversation
        else [],
    }
