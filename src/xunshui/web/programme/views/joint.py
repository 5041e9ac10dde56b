"""Joint applicants: the lead invites, each confirms or leaves."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from xunshui.web.programme import clock
from xunshui.web.programme.models import Partner
from xunshui.web.programme.partners import confirm, invite, leave
from xunshui.web.programme.views.applicant import page_context
from xunshui.web.programme.views.asking import actor_in, filing_in, own_filing_in


@login_required
def partners_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show the joint applicants of an application, or invite one."""
    if request.method == "POST":
        own_filing_in(request, number)
        invite(
            number,
            credit_code=request.POST.get("credit_code", ""),
            role=request.POST.get("role", "").strip()[:60],
            share=request.POST.get("share", "").strip()[:300],
            actor=actor_in(request),
            now=clock.now(),
        )
        messages.success(request, "已邀请；对方负责人确认后才能提交。", extra_tags="good")
        return redirect(request.path)
    application = filing_in(request, number)
    partners = application.partners.select_related("organisation")
    context = page_context(request, application) | {"partners": partners, "section": {"id": "partners"}}
    return render(request, "programme/applicant/partners.html", context)


@login_required
def joint(request: HttpRequest) -> HttpResponse:
    """Show the applications that the actor's organisation was invited to join."""
    rows = Partner.objects.filter(organisation=actor_in(request).organisation)
    rows = rows.select_related("application__applicant", "application__round")
    return render(request, "programme/applicant/joint.html", {"rows": rows})


@login_required
@require_POST
def joint_one(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm a joint application, or leave it."""
    act = leave if request.POST.get("act") == "leave" else confirm
    act(number, actor=actor_in(request), now=clock.now())
    return redirect("/joint/")
