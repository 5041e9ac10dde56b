"""Pages of an expert: the reviews, one case with the rubric beside it, its print-out; score, hand in, recuse."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from xunshui.review import SCORING, Role, ScoringState
from xunshui.web.programme import clock
from xunshui.web.programme.dossier import dossier_of, name_for_experts
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Scoring
from xunshui.web.programme.permissions import NotYours, expert_of
from xunshui.web.programme.review_sheet import criteria_of, scores_posted
from xunshui.web.programme.score import hand_in, recuse, save_scores, scoring_facts, wrong_scores
from xunshui.web.programme.views.asking import actor_in


@login_required
def reviews(request: HttpRequest) -> HttpResponse:
    """Show the actor's reviews: to do, done, given up."""
    actor = actor_in(request)
    expert = expert_of(actor)
    if actor.role is not Role.EXPERT or expert is None:
        raise NotYours("这一页由在库的评审专家使用；请切换身份，或联系工业和信息化部核对专家库")
    rows = Scoring.objects.filter(expert=expert).select_related(
        "application__round", "application__applicant"
    )
    now = clock.now()
    shown = [(row.state, _listed(row, now)) for row in rows.order_by("assigned_at", "id")]
    context = {
        name: [item for state, item in shown if state == wanted]
        for name, wanted in (
            ("todo", ScoringState.ASSIGNED),
            ("done", ScoringState.SCORED),
            ("given_up", ScoringState.CONFLICTED),
        )
    }
    return render(request, "programme/expert/reviews.html", context)


@login_required
def review(request: HttpRequest, scoring_id: int) -> HttpResponse:
    """Show a case with the rubric beside it, or keep what was scored and, on the button, hand it in."""
    scoring = _own(request, scoring_id)
    if request.method == "POST":
        return _post(request, scoring)
    return render(request, "programme/expert/review.html", _context(request, scoring))


@login_required
def print_out(request: HttpRequest, scoring_id: int) -> HttpResponse:
    """Show the case file as one page to print or keep for reading without a network; the trail knows of it."""
    scoring = _own(request, scoring_id)
    leave_line(scoring, "read.case", actor=actor_in(request), now=clock.now(), how="print")
    return render(request, "programme/expert/print.html", _context(request, scoring) | {"unfolded": True})


@login_required
@require_POST
def recuse_self(request: HttpRequest, scoring_id: int) -> HttpResponse:
    """Give the case up for a conflict of interest."""
    actor = actor_in(request)
    scoring = Scoring.objects.filter(pk=scoring_id, expert=expert_of(actor)).first()
    if scoring is None:
        raise Http404("没有这份评审")
    if scoring.state != ScoringState.CONFLICTED:
        recuse(scoring_id, reason=request.POST.get("reason", "").strip(), actor=actor, now=clock.now())
    messages.success(request, "已回避；这份评审由别的专家完成。", extra_tags="good")
    return redirect("/expert/")


def _listed(row: Scoring, now: dt.datetime) -> dict[str, Any]:
    return {
        "row": row,
        "case": name_for_experts(row.application),
        "days": (now - row.assigned_at).days,
    } | _progress(row)


def _own(request: HttpRequest, scoring_id: int) -> Scoring:
    """Return a review of the actor's that is not given up; 404 otherwise, as if it did not exist."""
    expert = expert_of(actor_in(request))
    rows = Scoring.objects.select_related("application__round", "application__applicant", "expert__person")
    found = rows.exclude(state=ScoringState.CONFLICTED).filter(pk=scoring_id, expert=expert).first()
    if expert is None or found is None:
        raise Http404("没有这份评审，或者它没有分配给您")
    return found


def _post(request: HttpRequest, scoring: Scoring) -> HttpResponse:
    wants_in = request.POST.get("act") == "hand_in"
    if scoring.state == ScoringState.ASSIGNED or not wants_in:
        scores, comment = scores_posted(scoring, request.POST), request.POST.get("comment", "").strip()
        wrong = wrong_scores(scoring, scores)
        if wrong:
            return _unsaved(request, scoring, scores, comment, wrong)
        scoring = save_scores(scoring.pk, scores, comment=comment, actor=actor_in(request), now=clock.now())
    if request.headers.get("HX-Request"):
        return render(request, "programme/expert/saved.html", {"scoring": scoring} | _progress(scoring))
    if wants_in:
        return _hand_in(request, scoring)
    messages.success(request, "已保存；全部打分并写明依据后再提交。", extra_tags="good")
    return redirect(f"/expert/{scoring.pk}/")


def _unsaved(
    request: HttpRequest,
    scoring: Scoring,
    scores: dict[str, dict[str, str]],
    comment: str,
    wrong: dict[str, str],
) -> HttpResponse:
    """Show the sheet as it was typed, with what is wrong; nothing is written and nothing typed is lost."""
    if request.headers.get("HX-Request"):
        context: dict[str, Any] = {"wrong": list(wrong.values())}
        return render(request, "programme/expert/saved.html", context, status=422)
    scoring.scores, scoring.comment = scores, comment
    context = _context(request, scoring, wrong)
    return render(request, "programme/expert/review.html", context, status=422)


def _hand_in(request: HttpRequest, scoring: Scoring) -> HttpResponse:
    done = hand_in(scoring.pk, actor=actor_in(request), now=clock.now())
    messages.success(request, f"评分已提交，加权总分 {done.total}。", extra_tags="good")
    return redirect("/expert/")


def _context(request: HttpRequest, scoring: Scoring, wrong: dict[str, str] | None = None) -> dict[str, Any]:
    round_ = scoring.application.round
    facts = scoring_facts(scoring, now=clock.now())
    offers = {offer.step.event: offer for offer in SCORING.offers(scoring.state, Role.EXPERT, facts)}
    return {
        "scoring": scoring,
        "round": round_,
        "dossier": dossier_of(scoring.application, blind=round_.blind),
        "criteria": criteria_of(scoring, wrong or {}),
        "wrong": list((wrong or {}).values()),
        "may_score": "hand_in" in offers and facts.reviewing,
        "conflicts": facts.conflicts,
        "printed_at": clock.now(),
    } | _progress(scoring)


def _progress(scoring: Scoring) -> dict[str, Any]:
    given = [value for value in scoring.scores.values() if value.get("score") and value.get("reason")]
    return {"given": len(given), "criteria_count": len(scoring.application.round.rubric)}
