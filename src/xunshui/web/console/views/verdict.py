"""The verdict from metered water: the three gates of a year, and the meters behind every volume."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from xunshui.assess import as_json
from xunshui.site.graph import Stream
from xunshui.telemetry.errors import PeriodMissing
from xunshui.telemetry.metered import Metered, period_of
from xunshui.web.accounts.actor import Actor
from xunshui.web.console import sensing
from xunshui.web.console.access import actor_in, is_own, site_shown
from xunshui.web.console.judged import judged
from xunshui.web.console.models import LiveSite
from xunshui.web.console.network import figure
from xunshui.web.console.store import site_of_row
from xunshui.web.console.views.frame import frame
from xunshui.web.programme.permissions import visible_to


@login_required
def verdict(request: HttpRequest, pk: int, period: str) -> HttpResponse:
    """Show the verdict whose volumes of the period are metered."""
    row = site_shown(request, pk)
    own = is_own(request, row)
    site, reader = site_of_row(row), sensing.reader()
    try:
        chosen = period_of(site, period)
    except PeriodMissing as error:
        raise Http404 from error
    context: dict[str, Any] = frame(row, site, "verdict", own=own) | {"period": chosen}
    if own:
        context["applications"] = _applications(row, actor_in(request))
    if reader is not None:
        account = judged(row, period)
        found, told = account.found, as_json(account.assessment)
        context |= {
            "told": told,
            "gates": told["gates"],
            "streams": [_stream(stream, found) for stream in site.streams],
        }
    return render(request, "console/verdict.html", context)


def _applications(row: LiveSite, actor: Actor) -> list[dict[str, Any]]:
    """Return the organisation's applications, each with whether the site is shown for it."""
    shown = set(row.shares.values_list("application_id", flat=True))
    own = visible_to(actor).filter(applicant=row.organisation).order_by("-number")
    return [{"application": each, "shown": each.pk in shown} for each in own]


def _stream(stream: Stream, found: Metered) -> dict[str, Any]:
    typed = stream.volume_m3.get(found.period)
    volume = found.streams.get(stream.id)
    metered_here = stream.id in found.streams
    return {
        "stream": stream,
        "typed": figure(None if typed is None else float(typed)),
        "metered": figure(None if volume is None else float(volume)) if metered_here else "",
        "difference": _difference(typed, volume),
        "meters": [found.meters[meter] for meter in stream.meters if meter in found.meters],
    }


def _difference(typed: Any, volume: Any) -> str:
    if not typed or volume is None:
        return ""
    return f"{(float(volume) / float(typed) - 1) * 100:+.2f} %".replace("-", "−")
