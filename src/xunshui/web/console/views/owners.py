"""The ministry's pages of devices: whose each is, and giving one to the organisation that it belongs to."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from xunshui.review import StepRefused
from xunshui.web.console.access import actor_in
from xunshui.web.console.owners import (
    LONGEST_REASON,
    Owned,
    Settlement,
    check_may_settle,
    owned_device,
    owned_devices,
    possible_takers,
    settle,
)
from xunshui.web.programme import clock

PER_PAGE = 25


@login_required
@require_safe
def owners(request: HttpRequest) -> HttpResponse:
    """List the devices with their owners, those that somebody still names in vain first."""
    check_may_settle(actor_in(request))
    asked = request.GET.get("q", "").strip()
    rows = [one for one in owned_devices() if asked.lower() in _searched(one)]
    rows.sort(key=lambda one: not one.idle_sites)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "console/owners.html", {"page": page, "q": asked})


@login_required
def settle_one(request: HttpRequest) -> HttpResponse:
    """Show one device with its history, and give it to another organisation."""
    check_may_settle(actor_in(request))
    if request.method != "POST":
        return _page(request, _owned(request.GET.get("device", "")))
    told = _told(request)
    try:
        row = settle(told, actor=actor_in(request), now=clock.now())
    except StepRefused as error:
        return _page(request, _owned(told.device), told, error.reasons)
    messages.success(
        request, f"设备 {row.device} 已划归 {row.taker}：由它写进站点文件后取数；两家单位的“设备”页都写明了"
    )
    return redirect("console:owners")


def _page(
    request: HttpRequest, owned: Owned, told: Settlement | None = None, mistakes: tuple[str, ...] = ()
) -> HttpResponse:
    context = {
        "owned": owned,
        "takers": possible_takers(owned),
        "told": told,
        "mistakes": mistakes,
        "longest": LONGEST_REASON,
    }
    return render(request, "console/settle.html", context, status=409 if mistakes else 200)


def _told(request: HttpRequest) -> Settlement:
    return Settlement(
        device=request.POST.get("device", ""),
        giver_id=_number(request.POST.get("giver", "")),
        taker_id=_number(request.POST.get("taker", "")),
        reason=request.POST.get("reason", "").strip(),
        typed=request.POST.get("typed", "").strip(),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _owned(device: str) -> Owned:
    found = owned_device(device)
    if found is None:
        raise Http404(f"没有设备“{device}”")
    return found


def _searched(one: Owned) -> str:
    return " ".join((one.device, str(one.owner or ""), *(row.name for row in one.sites))).lower()
