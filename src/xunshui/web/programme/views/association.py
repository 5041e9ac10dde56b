"""Pages of an association: the cases that may be endorsed, the ones it endorsed, and the words for one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from xunshui.register import bodies
from xunshui.review import Role
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme import clock
from xunshui.web.programme.endorse import endorse
from xunshui.web.programme.models import Endorsement
from xunshui.web.programme.permissions import NotYours, may_endorse, visible_to
from xunshui.web.programme.table_document import body_title
from xunshui.web.programme.views.asking import actor_in, application_in, current_round

ON_A_PAGE = 50


@login_required
def cases(request: HttpRequest) -> HttpResponse:
    """Show the submitted applications that the association may speak for, and those it spoke for."""
    actor, round_ = _association_in(request), current_round()
    words, body = request.GET.get("q", "").strip(), request.GET.get("body", "")
    mine = Endorsement.objects.filter(association=actor.organisation, application__round=round_)
    rows = visible_to(actor).filter(round=round_, state="submitted").exclude(endorsements__in=mine)
    if words:
        rows = rows.filter(Q(case_name__icontains=words) | Q(applicant__name__icontains=words))
    if body:
        rows = rows.filter(body=body)
    page = Paginator(rows.select_related("applicant").order_by("number"), ON_A_PAGE)
    context = {
        "round": round_,
        "page": page.get_page(request.GET.get("page")),
        "mine": mine.select_related("application__applicant", "application__round").order_by("-at"),
        "words": words,
        "body": body,
        "bodies": bodies(),
        "body_names": {row.code: row.short_name for row in bodies()},
    }
    return render(request, "programme/province/association.html", context)


@login_required
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show one case to an association, or keep its words for it."""
    actor = _association_in(request)
    application = application_in(request, number)
    if request.method == "POST":
        endorse(number, text=request.POST.get("text", ""), actor=actor, now=clock.now())
        text = f"对 {number} 的推荐已送达{body_title(application.body)}，只有该推荐单位能看到。"
        messages.success(request, text, extra_tags="good")
        return redirect("/association/")
    version = application.submission
    narrative = version.answers.get("narrative", {}) if version else {}
    context = {
        "application": application,
        "body": body_title(application.body),
        "state_title": application.state_title(),
        "open": may_endorse(actor, application),
        "mine": application.endorsements.filter(association=actor.organisation).first(),
        "narrative": [
            (title, narrative.get(f"abstract_{key}", ""))
            for key, title in (("background", "背景"), ("practice", "做法"), ("effect", "成效"))
        ],
    }
    return render(request, "programme/province/association_case.html", context)


def _association_in(request: HttpRequest) -> Actor:
    actor = actor_in(request)
    if actor.role is not Role.ASSOCIATION:
        raise NotYours("这里只有行业协会可以办理；请切换到行业协会的身份")
    return actor
