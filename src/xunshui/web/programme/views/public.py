"""The call as the ministry publishes it, and the public notice of the cases."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xunshui.register import directions, register
from xunshui.review import ApplicationState, RoundState
from xunshui.web.programme import clock
from xunshui.web.programme.call import call_of
from xunshui.web.programme.models import Application, Round

SHOWN_IN_NOTICE = (
    ApplicationState.ON_NOTICE,
    ApplicationState.STRUCK,
    ApplicationState.PUBLISHED,
    ApplicationState.DELISTED,
)


def open_rounds() -> QuerySet[Round]:
    """Return the rounds that the public may see: all that have left preparation."""
    return Round.objects.exclude(state=RoundState.PREPARING)


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Show every round with how far it has come."""
    context = {"rounds": open_rounds(), "now": clock.now()}
    return render(request, "programme/public/calls.html", context)


@require_safe
def call(request: HttpRequest, year: int) -> HttpResponse:
    """Show the call of a round like the ministry's own page."""
    round_ = public_round(year)
    context = {
        "round": round_,
        "notice": register(round_.notice).notice,
        "call": call_of(round_, clock.now()),
        "directions": directions(),
    }
    return render(request, "programme/public/call.html", context)


@require_safe
def notice(request: HttpRequest, year: int) -> HttpResponse:
    """Show the public notice of a round, and after it what came of it."""
    round_ = public_round(year)
    if not round_.is_decided_in_public:
        raise Http404(f"{year} 年度还没有公示；公示开始以后名单在这里")
    now = clock.now()
    context = {
        "round": round_,
        "cases": cases_on_notice(round_),
        "call": call_of(round_, now),
        "takes_objections": takes_objections(round_),
    }
    return render(request, "programme/public/notice.html", context)


def public_round(year: int) -> Round:
    """Return a round that the public may see; 404 for any other year."""
    round_ = open_rounds().filter(year=year).first()
    if round_ is None:
        raise Http404(f"{year} 年度没有发布过征集通知")
    return round_


def cases_on_notice(round_: Round) -> QuerySet[Application]:
    """Return the cases that stand or stood on the notice of a round."""
    rows = Application.objects.filter(round=round_, state__in=SHOWN_IN_NOTICE)
    return rows.select_related("applicant").order_by("direction", "number")


def takes_objections(round_: Round) -> bool:
    """Return whether objections are taken now."""
    over = round_.notice_to is None or clock.now() >= round_.notice_to
    return round_.state == RoundState.ON_NOTICE and not over
