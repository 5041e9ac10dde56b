"""The sites of an organisation: the list, a file stored, the file given back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from xunshui.review import StepRefused
from xunshui.telemetry.metered import volume_points
from xunshui.web.accounts.actor import Actor
from xunshui.web.console.access import actor_in, check_may_store, site_in, sites_of
from xunshui.web.console.store import STEP, read_upload, site_of_row, store
from xunshui.web.programme import clock


@login_required
def sites(request: HttpRequest) -> HttpResponse:
    """List the actor's sites; take a site file."""
    actor = actor_in(request)
    if request.method != "POST":
        return _page(request, actor)
    check_may_store(actor)
    try:
        return _store(request, actor)
    except StepRefused as error:
        return _page(request, actor, mistakes=error.reasons)


def _store(request: HttpRequest, actor: Actor) -> HttpResponse:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise StepRefused(STEP, ("没有选择文件",))
    site = read_upload(file)
    assert actor.organisation is not None  # said by check_may_store
    row = store(site, actor.organisation, actor=actor, now=clock.now())
    points = len(volume_points(site))
    messages.success(request, f"已存入“{row.name}”，{points} 个水量点位")
    return redirect("console:home", row.pk)


def _page(request: HttpRequest, actor: Actor, mistakes: tuple[str, ...] = ()) -> HttpResponse:
    rows = [(row, site_of_row(row)) for row in sites_of(actor)]
    context: dict[str, Any] = {
        "rows": rows,
        "mistakes": mistakes,
        "may_store": actor.organisation is not None,
    }
    return render(request, "console/sites.html", context, status=409 if mistakes else 200)


@login_required
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the site file back as it is stored."""
    row = site_in(request, pk)
    response = HttpResponse(row.content, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="site-{row.pk}.json"'
    return response
