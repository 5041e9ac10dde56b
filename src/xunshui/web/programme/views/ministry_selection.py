"""Pages of the ministry: standings with the line at K, staged outcomes, minutes, public notice, publication."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from xunshui.review import APPLICATION, ROUND, ApplicationFacts, StepRefused
from xunshui.web.programme import clock
from xunshui.web.programme.cut import Cut, CutRow, cut_at
from xunshui.web.programme.decide import announce, stage, standings, write_minutes
from xunshui.web.programme.dossier import body_name
from xunshui.web.programme.ministry_forms import NoticeForm
from xunshui.web.programme.models import Round
from xunshui.web.programme.open_round import round_facts
from xunshui.web.programme.publish import publish
from xunshui.web.programme.views.asking import actor_in, application_in
from xunshui.web.programme.views.ministry_asking import for_ministry, frame, round_in

DEFAULT_BAND = Decimal(2)
RELEASED = ("on_notice", "published", "struck", "delisted")


@for_ministry
def selection(request: HttpRequest, year: int) -> HttpResponse:
    """Show the standings with the line at `?k=`."""
    return _page(request, round_in(year))


@for_ministry
@require_POST
def stage_one(request: HttpRequest, number: str) -> HttpResponse:
    """Stage the outcome of one case."""
    application = application_in(request, number)
    wanted = request.POST.get("act", "")
    if wanted not in ("select", "pass_over"):
        raise StepRefused("拟定结果", ("请选择“拟入选”或“不入选”",))
    reason = request.POST.get("reason", "").strip()
    if wanted == "pass_over" and not reason:
        raise StepRefused("拟定结果", ("不入选请写明理由；名单公开后申报单位会看到",))
    stage(number, selected=wanted == "select", reason=reason, actor=actor_in(request), now=clock.now())
    k = request.POST.get("k", "")
    return redirect(
        f"/ministry/{application.round.year}/selection/{f'?k={k}' if k.isdecimal() else ''}#n{number}"
    )


@for_ministry
@require_POST
def minutes(request: HttpRequest, year: int) -> HttpResponse:
    """Keep the minutes."""
    write_minutes(
        round_in(year), request.POST.get("minutes", "").strip(), actor=actor_in(request), now=clock.now()
    )
    messages.success(request, "会议纪要已保存。", extra_tags="good")
    return redirect(f"/ministry/{year}/selection/#release")


@for_ministry
@require_POST
def announce_list(request: HttpRequest, year: int) -> HttpResponse:
    """Release the list and open the public notice; the name of the round is typed to confirm."""
    round_, form = round_in(year), NoticeForm(request.POST)
    if round_.is_decided_in_public:
        return redirect(f"/ministry/{year}/selection/")
    _confirmed(request, round_, "公示拟入选名单")
    if not form.is_valid():
        return _page(request, round_, notice_form=form)
    told = form.cleaned_data
    announce(round_, days=told["days"], contact=told["contact"], actor=actor_in(request), now=clock.now())
    messages.success(request, f"名单已公开，公示 {told['days']} 天；异议在“异议”页受理。", extra_tags="good")
    return redirect(f"/ministry/{year}/selection/")


@for_ministry
@require_POST
def publish_list(request: HttpRequest, year: int) -> HttpResponse:
    """Publish the list after the notice; the name of the round is typed to confirm."""
    round_ = round_in(year)
    if round_.state != "published":
        _confirmed(request, round_, "正式公布")
        publish(round_, actor=actor_in(request), now=clock.now())
    messages.success(request, "名单已公布，案例进入公开案例库。", extra_tags="good")
    return redirect(f"/ministry/{year}/selection/")


def _page(request: HttpRequest, round_: Round, **forms: Any) -> HttpResponse:
    facts = round_facts(round_, now=clock.now())
    rows = standings(round_)
    cut = cut_at(rows, _places(request, len(rows)), band=_band(request))
    context = frame(round_, "selection") | {
        "cut": cut,
        "rows": [_shown(row, request) for row in cut.rows],
        "facts": facts,
        "offers": {o.step.event: o for o in ROUND.offers(round_.state, actor_in(request).role, facts)},
        "notice_form": NoticeForm(),
        "tally": _tally(cut),
        "unscreened": round_.applications.filter(state="recommended").count(),
        "released": round_.applications.filter(state__in=RELEASED).select_related("applicant"),
        "confirm": confirmation(round_),
    }
    status = 422 if forms else 200
    return render(request, "programme/ministry/selection.html", context | forms, status=status)


def _shown(row: CutRow, request: HttpRequest) -> dict[str, Any]:
    """Return a row with what may be staged and what stands in the way."""
    application = row.standing.application
    missing = max(application.round.experts_per_case - len(row.standing.totals), 0)
    facts = ApplicationFacts(now=clock.now(), reviews_missing=missing)
    offers = list(APPLICATION.offers("in_review", actor_in(request).role, facts))
    return {
        "cut": row,
        "body": body_name(application.body),
        "state": application.state_title(by_ministry=True),
        "hindrances": offers[0].hindrances,
    }


def _tally(cut: Cut) -> dict[str, int]:
    states = [row.standing.application.state for row in cut.rows]
    return {state: states.count(state) for state in ("in_review", "selected", "not_selected")}


def _places(request: HttpRequest, most: int) -> int:
    text = request.GET.get("k", "")
    return min(int(text), most) if text.isdecimal() and len(text) < 6 else 0


def _band(request: HttpRequest) -> Decimal:
    try:
        band = Decimal(request.GET.get("band", ""))
    except InvalidOperation:
        return DEFAULT_BAND
    return band if band.is_finite() and 0 <= band <= 100 else DEFAULT_BAND


def confirmation(round_: Round) -> str:
    """Return what is typed to confirm that a list is made public."""
    return f"{round_.year} 年名单"


def _confirmed(request: HttpRequest, round_: Round, title: str) -> None:
    if request.POST.get("typed", "").strip() != confirmation(round_):
        raise StepRefused(title, (f"请输入“{confirmation(round_)}”以确认；名单公开后不能收回",))
