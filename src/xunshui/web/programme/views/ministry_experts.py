"""Pages of the ministry: the expert pool, one expert's entry, and the conflicts it has in a round."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from xunshui.review import ScoringState
from xunshui.web.programme import clock
from xunshui.web.programme.assign import conflicts_in
from xunshui.web.programme.dossier import body_name
from xunshui.web.programme.expert_pool import Entry, add_expert, change_expert
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.ministry_forms import ExpertForm, NewExpertForm
from xunshui.web.programme.models import Expert, Round
from xunshui.web.programme.views.asking import actor_in
from xunshui.web.programme.views.ministry_asking import for_ministry

_LISTS = ("past_employers", "industries", "declared")


@for_ministry
def experts(request: HttpRequest) -> HttpResponse:
    """Show the pool with the load of each expert, and add one."""
    form = NewExpertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _add(request, form)
    live = Q(scorings__application__round__state="reviewing") & ~Q(scorings__state=ScoringState.CONFLICTED)
    rows = Expert.objects.select_related("person").annotate(load=Count("scorings", filter=live))
    # By name here and not in the database, whose collation may be any.
    ordered = sorted(rows, key=lambda row: (not row.active, row.person.name, row.pk))
    context = {"rows": [(row, body_name(row.province)) for row in ordered], "form": form}
    return render(request, "programme/ministry/experts.html", context, status=422 if form.errors else 200)


@for_ministry
def expert(request: HttpRequest, expert_id: int) -> HttpResponse:
    """Show an expert's entry, which the trail remembers, or change it."""
    found = get_object_or_404(Expert.objects.select_related("person"), pk=expert_id)
    actor, now = actor_in(request), clock.now()
    form = ExpertForm(request.POST or None, initial=_shown(found))
    if request.method == "POST" and form.is_valid():
        change_expert(found.pk, actor=actor, now=now, **form.cleaned_data)
        messages.success(request, "已保存；利益冲突按新资料重新计算。", extra_tags="good")
        return redirect(f"/ministry/experts/{expert_id}/")
    leave_line(Entry(found), "read.expert", actor=actor, now=now)
    round_ = _round_asked(request)
    context = {
        "expert": found,
        "form": form,
        "rounds": Round.objects.all(),
        "round": round_,
        "conflicts": conflicts_in(round_, found, on=now.date()) if round_ else [],
        "scorings": found.scorings.select_related("application__round").order_by("-assigned_at"),
    }
    return render(request, "programme/ministry/expert.html", context, status=422 if form.errors else 200)


def _add(request: HttpRequest, form: NewExpertForm) -> HttpResponse:
    added = add_expert(actor=actor_in(request), now=clock.now(), **form.cleaned_data)
    messages.success(request, f"{added.person.name}已加入专家库。", extra_tags="good")
    return redirect("/ministry/experts/")


def _round_asked(request: HttpRequest) -> Round | None:
    year = request.GET.get("round", "")
    rows = Round.objects.exclude(state="preparing")
    return rows.filter(year=year).first() if year.isdecimal() else rows.first()


def _shown(expert: Expert) -> dict[str, Any]:
    """Return an entry as its form shows it: lists one to a line."""
    names = [name for name in ExpertForm.base_fields if name not in _LISTS]
    past = [
        f"{row['code']} {row.get('until') or ''} {row.get('name', '')}".strip()
        for row in expert.past_employers
    ]
    return {name: getattr(expert, name) for name in names} | {
        "past_employers": "\n".join(past),
        "industries": " ".join(expert.industries),
        "declared": "\n".join(expert.declared),
    }
