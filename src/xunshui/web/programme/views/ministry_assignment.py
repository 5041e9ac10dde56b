"""Pages of the ministry: propose and make the assignment, add single experts, act on conflicts found late."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from xunshui.review import StepRefused
from xunshui.web.programme import clock
from xunshui.web.programme.assign import assign_one, assign_round, conflicts_found_late
from xunshui.web.programme.dossier import body_name
from xunshui.web.programme.models import Application, Expert, Round, Scoring
from xunshui.web.programme.proposal import proposal_for
from xunshui.web.programme.score import recuse
from xunshui.web.programme.views.asking import actor_in, application_in
from xunshui.web.programme.views.ministry_asking import for_ministry, frame, round_in


@for_ministry
def assignment(request: HttpRequest, year: int) -> HttpResponse:
    """Show who reviews what; with `?propose=1` also the assignment that could be made now."""
    round_, today = round_in(year), clock.now().date()
    cases = _cases(round_)
    context = frame(round_, "assignment") | {
        "cases": cases,
        "short": sum(missing > 0 for *_, missing in cases),
        "late": conflicts_found_late(round_, on=today),
        "experts": _experts_by_name(),
        "proposal": proposal_for(round_, on=today) if "propose" in request.GET else None,
        "reviewing": round_.state == "reviewing",
    }
    return render(request, "programme/ministry/assignment.html", context)


@for_ministry
@require_POST
def assign_all(request: HttpRequest, year: int) -> HttpResponse:
    """Make the assignment; what is assigned already stays, so a second press adds nothing."""
    made = assign_round(round_in(year), actor=actor_in(request), now=clock.now())
    text = f"新分配 {len(made)} 份评审，专家登录后即可看到。" if made else "没有需要新分配的评审。"
    messages.success(request, text, extra_tags="good")
    return redirect(f"/ministry/{year}/assignment/")


@for_ministry
@require_POST
def assign_single(request: HttpRequest, year: int) -> HttpResponse:
    """Assign one expert to one case."""
    application = application_in(request, request.POST.get("number", "").strip())
    chosen = request.POST.get("expert", "")
    if not chosen.isdecimal():
        raise StepRefused("分配专家", ("请选择一位专家",))
    expert = get_object_or_404(Expert, pk=chosen)
    because = request.POST.get("because", "").strip()[:200]
    assign_one(application.number, expert.pk, actor=actor_in(request), now=clock.now(), because=because)
    messages.success(request, f"{application.number} 已分配给{expert.person.name}。", extra_tags="good")
    return redirect(f"/ministry/{year}/assignment/")


@for_ministry
@require_POST
def recuse_late(request: HttpRequest, scoring_id: int) -> HttpResponse:
    """Take a review from an expert for a conflict that shows now."""
    scoring = get_object_or_404(Scoring.objects.select_related("application__round"), pk=scoring_id)
    if scoring.state != "conflicted":
        reason = request.POST.get("reason", "").strip()
        recuse(scoring_id, reason=reason, actor=actor_in(request), now=clock.now())
    messages.success(request, "已回避，评分不再计入；请为这个案例另派专家。", extra_tags="good")
    return redirect(f"/ministry/{scoring.application.round.year}/assignment/")


def _experts_by_name() -> list[Expert]:
    """Return who may be chosen, in an order that no database's collation changes."""
    rows = Expert.objects.filter(active=True).select_related("person")
    return sorted(rows, key=lambda row: (row.person.name, row.pk))


def _cases(round_: Round) -> list[tuple[Application, str, list[Scoring], int]]:
    """Return the cases in review with their experts and how many reviews each still lacks."""
    rows = Application.objects.filter(round=round_, state__in=("in_review", "selected", "not_selected"))
    rows = rows.prefetch_related("scorings__expert__person")
    found = []
    for row in rows:
        scorings = list(row.scorings.all())
        live = sum(scoring.state != "conflicted" for scoring in scorings)
        found.append((row, body_name(row.body), scorings, max(round_.experts_per_case - live, 0)))
    return found
