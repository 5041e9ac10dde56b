"""Points: what each told last, its trend, and the way from a reading to the frame that told it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from xunshui.register import Parameter, parameters
from xunshui.site import Site
from xunshui.site.labels import label
from xunshui.site.points import Point, PointKind
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import DAY_US, HOUR_US, local_datetime
from xunshui.telemetry.sample import QUALITY_LABELS, Quality
from xunshui.telemetry.series import Latest, latest
from xunshui.telemetry.spool import Channel
from xunshui.telemetry.trace import Told, told_by
from xunshui.telemetry.volume import COUNTED
from xunshui.web.console import sensing
from xunshui.web.console.access import is_own, site_in, site_shown
from xunshui.web.console.network import figure
from xunshui.web.console.point_trend import point_trend
from xunshui.web.console.store import site_of_row
from xunshui.web.console.views.frame import frame

SPANS = {"24h": ("24 小时", DAY_US), "7d": ("7 天", 7 * DAY_US), "62d": ("62 天", 62 * DAY_US)}
UNITS = {
    PointKind.RATE: "m³/h",
    PointKind.TOTALISER: "m³",
    PointKind.INTERVAL: "m³",
    PointKind.LEVEL: "m",
}
MOST_ROWS = 40
MOST_RAW = 8_000
"""How many bytes of an arrival are shown; an imported file's chunk is far longer."""


@login_required
def points(request: HttpRequest, pk: int) -> HttpResponse:
    """List the site's points with what each told last."""
    row = site_in(request, pk)
    site, reader = site_of_row(row), sensing.reader()
    found = latest(site, reader, sensing.now_us(), 2 * DAY_US) if reader is not None else {}
    rows = [
        {
            "point": point,
            "kind": title_of(point),
            "unit": unit_of(point),
            "last": found.get(point.id),
            "value": _figure(found.get(point.id)),
            "at": local_datetime(found[point.id].at_us) if point.id in found else None,
            "state": _state(found.get(point.id)),
        }
        for point in site.points
    ]
    return render(request, "console/points.html", frame(row, site, "points") | {"rows": rows})


@login_required
def point(request: HttpRequest, pk: int, point_id: str) -> HttpResponse:
    """Show one point: its trend and its readings, the last first."""
    row = site_shown(request, pk)
    site, reader = site_of_row(row), sensing.reader()
    found = _point(site, point_id)
    chosen = request.GET.get(
        "span", "24h" if found.interval_min is None or found.interval_min < 60 else "62d"
    )
    span = chosen if chosen in SPANS else "24h"
    context: dict[str, Any] = frame(row, site, "points", own=is_own(request, row)) | { "point": found, "kind": title_of(found),
        "unit": unit_of(found), "span": span, "spans": SPANS,
    }  # fmt: skip
    if reader is not None:
        context |= _readings(found, reader, SPANS[span][1])
    return render(request, "console/point.html", context)


@login_required
def reading(request: HttpRequest, pk: int, point_id: str, at_us: int) -> HttpResponse:
    """Show every value that came for one instant, and the frames that told them."""
    row = site_shown(request, pk)
    site, reader = site_of_row(row), sensing.reader()
    found = _point(site, point_id)
    channel = _channel(reader, found) if reader is not None else None
    if reader is None or channel is None:
        raise Http404
    history = reader.history(channel.id, at_us).to_pylist()
    if not history:
        raise Http404
    told = [
        {
            "value": told["value"],
            "quality": QUALITY_LABELS[Quality(told["quality"])],
            "seq": told["seq"],
            "frames": [_frame(each) for each in told_by(sensing.folder(), channel, at_us, told["seq"])],
        }
        for told in reversed(history)
    ]
    context = frame(row, site, "points", own=is_own(request, row)) | { "point": found, "channel": channel, "told": told,
        "at": local_datetime(at_us), "factor": found.factor, "unit": unit_of(found),
        "value": figure(told[0]["value"] * float(found.factor)),
    }  # fmt: skip
    return render(request, "console/reading.html", context)


def unit_of(point: Point) -> str:
    """Return the unit that a point's readings have once they are converted."""
    measured = _parameter(point)
    return measured.unit if measured else UNITS.get(point.kind, "")


def title_of(point: Point) -> str:
    """Return what a point tells, in words: 瞬时流量, or the parameter of water quality."""
    measured = _parameter(point)
    return measured.title if measured else label(point.kind)


def _parameter(point: Point) -> Parameter | None:
    if point.parameter is None:
        return None
    return next((each for each in parameters() if each.code == point.parameter), None)


def _readings(found: Point, reader: Reader, span_us: int) -> dict[str, Any]:
    now_us = sensing.now_us()
    channel = _channel(reader, found)
    if channel is None:
        return {"never": True}
    rows = reader.readings([channel.id], now_us - span_us, now_us + HOUR_US)
    at_us, value = rows["at_us"].to_numpy(), rows["value"].to_numpy() * float(found.factor)
    quality = rows["quality"].to_numpy()
    ends_us = (now_us - span_us, now_us)
    last = slice(None, -MOST_ROWS - 1, -1)
    return {
        "count": len(at_us),
        "trend": point_trend(found, title_of(found), reader, channel.id, rows, ends_us),
        "readings": [
            {
                "at_us": int(at),
                "at": local_datetime(int(at)),
                "value": f"{number:,.3f}".replace(",", "\u202f"),
                "quality": QUALITY_LABELS[Quality(int(mark))],
                "counts": Quality(int(mark)) in COUNTED,
            }
            for at, number, mark in zip(at_us[last], value[last], quality[last], strict=True)
        ],
    }


def _frame(told: Told) -> dict[str, Any]:
    return {
        "received": local_datetime(told.received_us),
        "raw": told.raw[:MOST_RAW].decode("utf-8", "backslashreplace"),
        "cut": max(0, len(told.raw) - MOST_RAW),
        "digest": told.digest,
    }


def _point(site: Site, point_id: str) -> Point:
    found = next((point for point in site.points if point.id == point_id), None)
    if found is None:
        raise Http404
    return found


def _channel(reader: Reader, found: Point) -> Channel | None:
    return next((channel for channel in reader.channels() if channel.name == found.channel), None)


def _figure(last: Latest | None) -> str:
    return "" if last is None else figure(last.value)


def _state(last: Latest | None) -> str:
    if last is None:
        return "missing"
    if last.quality not in COUNTED:
        return "flagged"
    return "late" if last.late else "fresh"
