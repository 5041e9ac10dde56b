"""Pages of the ministry: what the provinces recommended, passed or refused on form, and one case to read."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from xunshui.web.programme import clock
from xunshui.web.programme.acts import lines_of
from xunshui.web.programme.dossier import body_name, dossier_of
from xunshui.web.programme.elsewhere import elsewhere
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.permissions import visible_to
from xunshui.web.programme.publish import delist
from xunshui.web.programme.screen import screen
from xunshui.web.programme.views.asking import actor_in, application_in
from xunshui.web.programme.views.ministry_asking import for_ministry, frame, round_in

AFTER_SCREENING = {True: "in_review", False: "screened_out"}


@for_ministry
def screening(request: HttpRequest, year: int) -> HttpResponse:
    """Show the recommended cases, those still to be screened first."""
    round_ = round_in(year)
    rows = visible_to(actor_in(request)).filter(round=round_).select_related("applicant", "round")
    ordered = sorted(rows, key=lambda row: (row.state != "recommended", row.body, row.rank or 0, row.number))
    context = frame(round_, "screening") | {
        "rows": [(row, body_name(row.body), row.state_title(by_ministry=True)) for row in ordered],
        "waiting": sum(row.state == "recommended" for row in ordered),
    }
    return render(request, "programme/ministry/screening.html", context)


@for_ministry
@require_POST
def screen_one(request: HttpRequest, number: str) -> HttpResponse:
    """Let a case into the review or refuse it; the same press twice is one."""
    application = application_in(request, number)
    passes = request.POST.get("act") == "pass"
    if application.state != AFTER_SCREENING[passes]:
        reason = request.POST.get("reason", "").strip()
        application = screen(number, passes=passes, reason=reason, actor=actor_in(request), now=clock.now())
    text = "形式审查通过，可以分配专家" if passes else "形式审查不通过，申报单位会看到理由"
    messages.success(request, f"{number}：{text}。", extra_tags="good")
    return redirect(f"/ministry/{application.round.year}/screening/")


@for_ministry
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case as it was handed in, with everything that was done to it; that it was read is kept."""
    application = application_in(request, number)
    leave_line(application, "read.case", actor=actor_in(request), now=clock.now())
    context = frame(application.round, "screening") | {
        "application": application,
        "dossier": dossier_of(application, blind=False),
        "state_title": application.state_title(by_ministry=True),
        "endorsements": application.endorsements.select_related("association"),
        "scorings": application.scorings.select_related("expert__person"),
        "objections": application.objections.all(),
        "lines": lines_of(application.chain, application.subject),
        "elsewhere": elsewhere(application),
        "may_screen": application.state == "recommended",
        "may_delist": application.state == "published",
    }
    return render(request, "programme/ministry/case.html", context)


@for_ministry
@require_POST
def delist_one(request: HttpRequest, number: str) -> HttpResponse:
    """Take a published case off the list."""
    application = application_in(request, number)
    if application.state != "delisted":
        reason = request.POST.get("reason", "").strip()
        delist(number, reason=reason, actor=actor_in(request), now=clock.now())
    messages.success(request, f"{number} 已移出；公开页面保留说明，地址不变。", extra_tags="good")
    return redirect(f"/ministry/case/{number}/")
