"""Devices: which are heard, what they did wrong, how the gateway is, and channels that no point names."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xunshui.site import Site
from xunshui.telemetry.gateway.status import STALE_S, read_status
from xunshui.telemetry.localtime import SECOND_US, local_datetime
from xunshui.web.console import sensing
from xunshui.web.console.access import site_in
from xunshui.web.console.store import site_of_row
from xunshui.web.console.views.frame import frame


@login_required
def devices(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the devices that the site's points name, and the gateway."""
    row = site_in(request, pk)
    site, reader = site_of_row(row), sensing.reader()
    status = read_status(sensing.folder())
    own = _own(site)
    sessions = status["sessions"] if status else []
    heard = {f"{each['protocol']}:{each['device']}": each for each in sessions}
    channels = reader.channels() if reader is not None else []
    named = {point.channel for point in site.points}
    context: dict[str, Any] = frame(row, site, "devices") | {
        "status": status,
        "running": status is not None and sensing.now_us() / SECOND_US - status["written_at"] < STALE_S,
        "devices": [_device(name, heard.get(name), points) for name, points in own.items()],
        "unknown": [
            channel.name
            for channel in channels
            if f"{channel.protocol}:{channel.device}" in own and channel.name not in named
        ],
        "foreign": len({f"{each.protocol}:{each.device}" for each in channels} - own.keys()),
    }
    return render(request, "console/devices.html", context)


def _own(site: Site) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for point in site.points:
        found.setdefault(point.channel.partition("/")[0], []).append(point.id)
    return found


def _device(name: str, session: dict[str, Any] | None, points: list[str]) -> dict[str, Any]:
    protocol, _, device = name.partition(":")
    return {
        "protocol": protocol,
        "device": device,
        "points": points,
        "session": session,
        "last": local_datetime(round(session["last_at"] * SECOND_US)) if session else None,
    }
