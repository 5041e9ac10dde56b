"""Showing a site to those who check an application, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from xunshui.web.console.access import actor_in, site_in
from xunshui.web.console.share import share, take_back
from xunshui.web.programme import clock
from xunshui.web.programme.permissions import visible_to


@login_required
@require_POST
def shares(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the site for one of the organisation's applications, or take that back."""
    row, actor = site_in(request, pk), actor_in(request)
    own = visible_to(actor).filter(applicant=row.organisation)
    application = get_object_or_404(own, number=request.POST.get("application", ""))
    if request.POST.get("take_back"):
        take_back(row, application, actor=actor, now=clock.now())
        messages.success(request, f"已收回：审核申报 {application.number} 的单位不再看得到这个站点")
    else:
        share(row, application, actor=actor, now=clock.now())
        messages.success(
            request, f"已出示：推荐单位和工业和信息化部审核申报 {application.number} 时，看得到结论和读数"
        )
    year = request.POST.get("year", "")
    return redirect("console:verdict", row.pk, year) if year else redirect("console:home", row.pk)
