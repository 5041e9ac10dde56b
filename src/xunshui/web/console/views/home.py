"""Site home: the one sentence, the water graph, what needs a look, the last 24 hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from xunshui.balance import SITE
from xunshui.quantities import show
from xunshui.site.kinds import INTAKE, REUSED, WaterKind
from xunshui.telemetry.gateway.status import STALE_S, read_status
from xunshui.web.console import sensing
from xunshui.web.console.access import site_in
from xunshui.web.console.models import LiveSite
from xunshui.web.console.network import drawing, figure
from xunshui.web.console.now import HEADLINES, Picture, Told, picture, total_by_hour
from xunshui.web.console.store import site_of_row
from xunshui.web.console.trend import Line, Trend, trend
from xunshui.web.console.views.frame import frame

MOST_NEEDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something that a person should look at, and where."""

    shape: str
    text: str
    url: str


@login_required
def home(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the site as it runs."""
    row = site_in(request, pk)
    return render(request, "console/home.html", _context(row))


@login_required
def now(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the part that changes, as it is fetched every few seconds."""
    row = site_in(request, pk)
    return render(request, "console/now.html", _context(row))


def _context(row: LiveSite) -> dict[str, Any]:
    site, reader = site_of_row(row), sensing.reader()
    context: dict[str, Any] = frame(row, site, "home")
    if reader is None:
        return context
    shown = picture(site, reader, sensing.now_us())
    told = [flow.told for flow in shown.flows]
    return context | {
        "picture": shown,
        "headlines": [_headline(shown, key) for key in HEADLINES],
        "counts": {str(each): told.count(each) for each in Told},
        "complete": f"{shown.complete * 100:.1f}",
        "drawing": drawing(shown),
        "units": _units(shown),
        "needs": list(_needs(row, shown))[:MOST_NEEDS],
        "trend": _trend(shown),
    }


def _headline(shown: Picture, key: str) -> dict[str, str]:
    value = shown.values[key]
    text = "无法判定" if value.value is None else f"{show(value.value, 2)} {value.unit}"
    return {
        "title": {"reuse_rate": "重复利用率", "reclaimed_share": "再生水比重"}[key],
        "text": text,
        "reason": value.reason,
    }


def _units(shown: Picture) -> list[dict[str, Any]]:
    return [
        {
            "title": unit.name,
            "in": figure(float(row.inflow - row.columns["circulating_in"])),
            "out": figure(float(row.outflow - row.columns["circulating_out"])),
            "residual": "缺测" if row.residual is None else figure(abs(float(row.residual))),
            "sign": "" if row.residual is None else "+" if row.residual >= 0 else "−",
            "state": {True: "closes", False: "open", None: "cannot_tell"}[row.closes],
        }
        for unit in shown.site.units
        for row in (shown.ledger.row(unit.id),)
    ]


def _needs(row: LiveSite, shown: Picture) -> Iterator[Need]:
    devices = reverse("console:devices", args=[row.pk])
    status = read_status(sensing.folder())
    if status is None or sensing.now_us() / 1e6 - status["written_at"] > STALE_S:
        yield Need(shape="▲", text="采集网关没有运行，读数不再更新", url=devices)
    for unit in shown.site.units:
        line = shown.ledger.row(unit.id)
        if line.closes is False and line.residual is not None and unit.id != SITE:
            side = "进水比出水多" if line.residual > 0 else "出水比进水多"
            text = f"{unit.name}：{side} {figure(abs(float(line.residual)))} m³/h，超过允差"
            yield Need(shape="▲", text=text, url=reverse("console:balance", args=[row.pk]))
    for flow in shown.flows:
        if flow.told is Told.MISSING:
            text = f"{flow.stream.name or flow.stream.id}：过去 24 小时读数不足一半"
            yield Need(shape="?", text=text, url=reverse("console:points", args=[row.pk]))
    for point in shown.site.points:
        last = shown.latest.get(point.id)
        if last is not None and last.late:
            url = reverse("console:point", args=[row.pk, point.id])
            yield Need(shape="?", text=f"点位 {point.id}（{point.at}）读数晚到", url=url)


def _trend(shown: Picture) -> Trend | None:
    edges = shown.hours.edges_us
    groups = (
        ("取水", "conventional", INTAKE),
        ("重复利用（不含循环）", "reuse", REUSED - {kind for kind in WaterKind if "circulating" in kind}),
        ("外排", "discharge", {WaterKind.DISCHARGE}),
    )
    lines = [
        Line(
            title=title,
            kind=kind,
            at_us=edges[1:],
            values=total_by_hour(
                shown, {flow.stream.id for flow in shown.flows if flow.stream.kind in kinds}
            ),
        )
        for title, kind, kinds in groups
    ]
    return trend(lines, edges[0], edges[-1])
