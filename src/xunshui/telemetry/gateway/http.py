"""The gateway's health and metrics over HTTP, for whoever watches it: /health and /metrics (Prometheus text format)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Status = Callable[[], Mapping[str, Any]]
LONGEST_REQUEST = 8_192
REQUEST_S = 5.0
TOTALS = {
    "batches": "batches committed",
    "frames": "frames kept",
    "resent": "frames that were kept before",
    "samples": "readings kept",
    "failures": "commits that the disk refused",
    "refused_frames": "frames that could not be read",
    "refused_bytes": "bytes of frames that could not be read",
    "turned_away": "connections closed because they were no loggers",
}
GAUGES = {
    "waiting": "arrivals that wait for a commit",
    "connections": "connections of loggers and stations",
    "failing": "1 while the disk refuses",
    "slowest_commit_s": "slowest commit since the start in seconds",
    "started_at": "start as seconds since 1970",
}


async def serve_http(host: str, port: int, status: Status) -> asyncio.Server:
    """Answer GET /health and GET /metrics; the caller closes the server. Raises OSError."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_S):
                head = await reader.readuntil(b"\r\n\r\n")
            writer.write(_answer(head, status()))
            await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(answer, host, port, limit=LONGEST_REQUEST)


def metrics(status: Mapping[str, Any]) -> str:
    """Return a status in Prometheus' text format.

    >>> metrics({"frames": 3, "failing": False, "devices": []}).splitlines()[2]
    'xunshui_frames_total 3'
    """
    return "\n".join(
        [*_counted(status), *_devices(status.get("devices", ())), *_callers(status.get("sessions", ())), ""]
    )


def _answer(head: bytes, status: Mapping[str, Any]) -> bytes:
    method, _, rest = head.decode("latin-1").partition(" ")
    path = rest.partition(" ")[0].partition("?")[0]
    if method != "GET":
        return _response("405 Method Not Allowed", "text/plain", "GET\n")
    if path == "/metrics":
        return _response("200 OK", "text/plain; version=0.0.4", metrics(status))
    if path == "/health":
        healthy = not status["failing"]
        told = {
            "healthy": healthy,
            "last_error": status["last_error"],
            "waiting": status["waiting"],
            "callers": _numbers_of(status["sessions"]),
        }
        body = json.dumps(told, ensure_ascii=False) + "\n"
        return _response("200 OK" if healthy else "503 Service Unavailable", "application/json", body)
    return _response("404 Not Found", "text/plain", "/health, /metrics\n")


def _response(state: str, kind: str, body: str) -> bytes:
    content = body.encode()
    return (
        f"HTTP/1.1 {state}\r\nContent-Type: {kind}; charset=utf-8\r\n"
        f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    ).encode() + content


def _counted(status: Mapping[str, Any]) -> Iterator[str]:
    for names, kind, ending in ((TOTALS, "counter", "_total"), (GAUGES, "gauge", "")):
        for name, words in names.items():
            if name in status:
                yield f"# HELP xunshui_{name}{ending} {words}"
                yield f"# TYPE xunshui_{name}{ending} {kind}"
                yield f"xunshui_{name}{ending} {_number(status[name])}"


def _devices(devices: Any) -> Iterator[str]:
    if devices:
        yield "# HELP xunshui_device_up 1 where a device that is asked or listened to answers"
        yield "# TYPE xunshui_device_up gauge"
    for device in devices:
        labels = f'protocol="{_escaped(device["protocol"])}",device="{_escaped(device["name"])}"'
        yield f"xunshui_device_up{{{labels}}} {int(device['state'] == 'healthy')}"


def _callers(sessions: Any) -> Iterator[str]:
    for name, key, words in (
        ("connected", "connected", "1 while a logger or station that calls by itself is connected"),
        ("last_frame_at", "last_at", "last frame of a logger or station as seconds since 1970"),
    ):
        if sessions:
            yield f"# HELP xunshui_caller_{name} {words}"
            yield f"# TYPE xunshui_caller_{name} gauge"
        for session in sessions:
            labels = f'protocol="{_escaped(session["protocol"])}",device="{_escaped(session["device"])}"'
            yield f"xunshui_caller_{name}{{{labels}}} {_number(session[key])}"


def _numbers_of(sessions: Any) -> dict[str, dict[str, int]]:
    """Return how many devices called, and how many are connected, by protocol."""
    found: dict[str, dict[str, int]] = {}
    for session in sessions:
        numbers = found.setdefault(session["protocol"], {"known": 0, "connected": 0})
        numbers["known"] += 1
        numbers["connected"] += bool(session["connected"])
    return found


def _number(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else repr(value)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
