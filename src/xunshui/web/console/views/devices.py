"""Devices: which are heard, what they did wrong, how the gateway is, and channels that no point names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xunshui.site import Site
from xunshui.telemetry.gateway.status import STALE_S, read_status
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import DAY_US, SECOND_US, local_datetime
from xunshui.telemetry.series import latest
from xunshui.web.console import sensing
from xunshui.web.console.access import site_in
from xunshui.web.console.settled import transfers_of
from xunshui.web.console.store import device_of, devices_of, site_as_stored, site_of_row
from xunshui.web.console.views.frame import frame

SHOWN_SKEW_S = 10.0
CALL_BY_THEMSELVES = frozenset({"hj212", "sl651", "szy206"})
"""Protocols whose devices connect to the gateway; to all others the gateway connects."""


@login_required
def devices(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the devices that the site's points name, and the gateway."""
    row = site_in(request, pk)
    site, reader = site_of_row(row), sensing.reader()
    status = read_status(sensing.folder())
    own = _own(site)
    last = _last(site, reader) if reader is not None else {}
    channels = reader.channels() if reader is not None else []
    named = {point.channel for point in site.points}
    context: dict[str, Any] = frame(row, site, "devices") | {
        "status": status,
        "running": status is not None and sensing.now_us() / SECOND_US - status["written_at"] < STALE_S,
        "devices": [_device(name, status or {}, points, last.get(name)) for name, points in own.items()],
        "unknown": [
            channel.name
            for channel in channels
            if f"{channel.protocol}:{channel.device}" in own and channel.name not in named
        ],
        "transfers": transfers_of(row.organisation),
        "given_away": [name for name in devices_of(site_as_stored(row)) if name not in own],
        "foreign": len({f"{each.protocol}:{each.device}" for each in channels} - own.keys()),
    }
    return render(request, "console/devices.html", context)


def _last(site: Site, reader: Reader) -> dict[str, int]:
    """Return the instant of the last reading of each device within two days."""
    found: dict[str, int] = {}
    told = latest(site, reader, sensing.now_us(), 2 * DAY_US)
    for point in site.points:
        if point.id in told:
            name = device_of(point)
            found[name] = max(found.get(name, 0), told[point.id].at_us)
    return found


def _own(site: Site) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for point in site.points:
        found.setdefault(device_of(point), []).append(point.id)
    return found


def _device(name: str, status: Mapping[str, Any], points: list[str], last_us: int | None) -> dict[str, Any]:
    protocol, _, device = name.partition(":")
    calls = protocol in CALL_BY_THEMSELVES
    told = (_of_caller if calls else _of_connector)(protocol, device, status)
    return {
        "protocol": protocol,
        "device": device,
        "points": points,
        "last": local_datetime(last_us) if last_us is not None else None,
        "told": told,
    }


def _of_caller(protocol: str, device: str, status: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what is known of a logger or station that calls by itself; None where it has not called."""
    for session in status.get("sessions", ()):
        if (session["protocol"], session["device"]) == (protocol, device):
            return {
                "online": session["connected"],
                "count": f"{session['frames']} 帧",
                "refused": session["refused"],
                "quirks": session["quirks"],
                "skew": _skew(session.get("skew_s")),
                "requests": session.get("requests", []),
                "reason": session["last_reason"],
                "raw": session["last_bad"],
            }
    return None


def _skew(skew_s: float | None) -> str:
    """Return in words how far a device's clock is off; nothing where it is not, or not known."""
    if skew_s is None or abs(skew_s) < SHOWN_SKEW_S:
        return ""
    return f"时钟{'快' if skew_s > 0 else '慢'} {abs(skew_s):.0f} 秒"


def _of_connector(protocol: str, device: str, status: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what is known of a device that is asked or listened to; behind a broker, what is known of the broker."""
    same = [each for each in status.get("devices", ()) if each["protocol"] == protocol]
    found = next((each for each in same if each["name"] == device), None)
    if found is None and protocol == "mqtt" and len(same) == 1:
        found = same[0]
    if found is None:
        return None
    return {
        "online": found["state"] == "healthy",
        "count": f"{found['readings']} 个读数",
        "refused": found["refused"],
        "quirks": [],
        "reason": found["last_error"],
        "raw": "",
    }
