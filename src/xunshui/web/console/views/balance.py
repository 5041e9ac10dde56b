"""The balance by hour, day or month: what each meter counted, what each unit's water adds up to, and who is suspected."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xunshui.balance import Row
from xunshui.site import Site
from xunshui.telemetry.localtime import date_of_day, day_of, day_of_date, local_datetime, start_of_day
from xunshui.telemetry.series import Series, days_before, hours_before
from xunshui.telemetry.volume import Floats
from xunshui.web.console import sensing
from xunshui.web.console.access import site_in
from xunshui.web.console.models import LiveSite
from xunshui.web.console.network import figure
from xunshui.web.console.reconciled import Reconciled, span_of, watch_soon
from xunshui.web.console.reconciled_table import rows_of, uncheckable_of, words_of_test
from xunshui.web.console.spans import words_of
from xunshui.web.console.store import site_of_row
from xunshui.web.console.suspects import suspects_of, suspects_of_span, watch_words
from xunshui.web.console.units import Balance, balances, is_metered
from xunshui.web.console.views.frame import frame

STEPS = {"hour": "时", "day": "日", "month": "月"}
COUNTS = {"hour": 24, "day": 14, "month": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterRow:
    """What one meter counted, stretch by stretch [m³]."""

    meter: str
    name: str
    point: str
    cells: tuple[str, ...]
    total: str


@login_required
def balance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the meters' volumes and the site's balance by hour, day or month."""
    row = site_in(request, pk)
    by = request.GET.get("by", "day")
    by = by if by in STEPS else "day"
    site, reader = site_of_row(row), sensing.reader()
    context: dict[str, Any] = frame(row, site, "balance") | {"by": by, "steps": STEPS}
    if reader is not None:
        span = span_of(row, by, reader, edges_before(sensing.now_us(), by))
        found = span.told.found
        context |= _reconciled(row, span) | {
            "heads": [_head(edge, by) for edge in found.edges_us[:-1]],
            "meters": [_meter(site, meter, found) for meter in found.meters],
            "sums": _sums(site, found),
            "units": [_unit(row) for row in balances(site, found)],
        }
    return render(request, "console/balance.html", context)


def _reconciled(row: LiveSite, span: Reconciled) -> dict[str, Any]:
    watch = watch_soon(row)
    since = suspects_of(watch, sensing.now_us()) if watch is not None else []
    return {
        "when": words_of(span.told.found),
        "test": words_of_test(span),
        "watch": watch_words(watch),
        "suspects": [*since, *suspects_of_span(span, since)],
        "flows": rows_of(span),
        "uncheckable": uncheckable_of(span),
        "estimated": sum(not is_metered(stream, span.told.found) for stream in span.told.site.streams),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A residual in one stretch."""

    text: str
    over: bool


def _unit(balance: Balance) -> dict[str, Any]:
    return {
        "name": balance.unit.name,
        "estimated": balance.estimated,
        "streams": balance.streams,
        "cells": [_residual(row) for row in balance.rows],
    }


def _residual(row: Row) -> Cell:
    if row.residual is None:
        return Cell(text="缺测", over=False)
    over = row.closes is False
    sign = "+" if row.residual >= 0 else "−"
    return Cell(text=f"{'▲ ' if over else ''}{sign}{figure(abs(float(row.residual)))}", over=over)


def edges_before(now_us: int, by: str) -> list[int]:
    """Return the edges of the last whole hours or days, or of the last months with the begun one."""
    if by == "hour":
        return hours_before(now_us, COUNTS[by])
    if by == "day":
        return days_before(now_us, COUNTS[by])
    today = date_of_day(day_of(now_us))
    months = [today.year * 12 + today.month - 1 - back for back in range(COUNTS[by])]
    starts = [dt.date(month // 12, month % 12 + 1, 1) for month in reversed(months)]
    return [*(start_of_day(day_of_date(start)) for start in starts), start_of_day(day_of(now_us))]


def _head(edge_us: int, by: str) -> str:
    return local_datetime(edge_us).strftime({"hour": "%H:%M", "day": "%m-%d", "month": "%Y-%m"}[by])


def _meter(site: Site, meter: str, found: Series) -> MeterRow:
    volumes = found.meters[meter]
    name = next((each.name for each in site.meters if each.id == meter), "")
    return MeterRow(
        meter=meter,
        name=name,
        point=found.points[meter],
        cells=_cells(volumes),
        total=_whole(volumes),
    )


def _sums(site: Site, found: Series) -> list[dict[str, Any]]:
    """Return intake, discharge and the like over the streams that are metered."""
    groups = (("取水（已计量）", "in"), ("排水（已计量）", "out"))
    sums = []
    for title, side in groups:
        meters = {
            meter
            for stream in site.streams
            if (stream.source if side == "in" else stream.target) == "env"
            for meter in stream.meters
            if meter in found.meters
        }
        if meters:
            total = np.sum([found.meters[meter] for meter in meters], axis=0)
            sums.append({"title": title, "cells": _cells(total), "total": _whole(total)})
    return sums


def _cells(volumes: Floats) -> tuple[str, ...]:
    return tuple(figure(float(volume)) if np.isfinite(volume) else "缺测" for volume in volumes)


def _whole(volumes: Floats) -> str:
    return figure(float(volumes.sum())) if np.isfinite(volumes).all() else "缺测"
