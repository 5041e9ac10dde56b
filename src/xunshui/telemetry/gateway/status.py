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
from xunshui.telemetry.gateway.calls import Caller, Listener
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.gateway.hj212_listener import Hj212Listener
from xunshui.telemetry.gateway.news import tell_news
from xunshui.telemetry.gateway.session import Session
from xunshui.telemetry.gateway.stations import Station, StationListener

FILE = "gateway.json"
EVERY_S = 2.0
LONGEST_REMARK = 60
MOST_HEX = 1_000
STALE_S = 10.0


async def write_status(folder: Path, told: Callable[[], Mapping[str, Any]]) -> None:
    """Write the status again and again until cancelled, and tell what has changed."""
    before = told()
    while True:
        now = told()
        tell_news(before, now)
        before = now
        waiting = folder / f".{FILE}"
        waiting.write_text(json.dumps(now, ensure_ascii=False), encoding="utf-8")
        waiting.replace(folder / FILE)
        await asyncio.sleep(EVERY_S)


def status(
    committer: Committer,
    listener: Hj212Listener,
    halls: Sequence[StationListener],
    devices: Sequence[DeviceState],
    *,
    started: float,
    now: float,
) -> dict[str, Any]:
    """Return the status as plain data; times are seconds since 1970."""
    listeners: tuple[Listener[Any], ...] = (listener, *halls)
    return {
        "written_at": now,
        "started_at": started,
        "waiting": committer.waiting,
        **asdict(committer.counts),
        "connections": sum(len(each.connections) for each in listeners),
        "refused_frames": sum(each.refused_frames for each in listeners),
        "refused_bytes": sum(each.refused_bytes for each in listeners),
        "turned_away": sum(each.turned_away for each in listeners),
        "sessions": [
            *(_session(session) for session in listener.callers.values()),
            *(_station(hall.tongue.protocol, station) for hall in halls for station in hall.callers.values()),
        ],
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
        **_caller("hj212", session),
        "last_bad": session.last_bad.decode("utf-8", "backslashreplace"),
        "quirks": sorted(quirk.value for quirk in session.quirks),
        "skew_s": session.skew_s,
        "hardware": session.hardware,
        "key": session.key,
        "requests": [exchange.told() for exchange in session.conversation.last]
        if session.conversation
        else [],
    }


def _station(protocol: str, station: Station) -> dict[str, Any]:
    return {
        **_caller(protocol, station),
        "last_bad": station.last_bad[:MOST_HEX].hex(" ").upper(),
        "quirks": [f"{name}：{shortened(form)}" for name, form in station.remarks.items()],
        "skew_s": None,
        "requests": [],
    }


def _caller(protocol: str, caller: Caller) -> dict[str, Any]:
    return {
        "protocol": protocol,
        "device": caller.device,
        "address": caller.address,
        "connected": caller.connected,
        "first_at": caller.first_at,
        "last_at": caller.last_at,
        "frames": caller.frames,
        "refused": caller.refused,
        "last_reason": caller.last_reason,
    }


def shortened(form: str) -> str:
    """Return what fits a table on a page; the whole of it is in the frame."""
    return form if len(form) <= LONGEST_REMARK else f"{form[:LONGEST_REMARK]}…"
