"""Pages of the ministry: the rounds, and one round with its steps, figures, deadlines and settings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from xunshui.register import register
from xunshui.review import ROUND, StepRefused
from xunshui.web.programme import clock
from xunshui.web.programme.dossier import body_name
from xunshui.web.programme.ministry_forms import DeadlineForm, ExtensionForm, PrepareForm, SettingsForm
from xunshui.web.programme.models import Round
from xunshui.web.programme.models.round import Level
from xunshui.web.programme.open_round import extend, move_on, prepare_round, round_facts, set_deadline
from xunshui.web.programme.round_counts import counts_of
from xunshui.web.programme.round_settings import SETTINGS, rubric_is_fixed, settle_round
from xunshui.web.programme.views.asking import actor_in
from xunshui.web.programme.views.ministry_asking import for_ministry, frame, round_in

SPARE_ROWS = 2
MOVES = ("open", "begin_review")
"""Steps that change nothing but the state; the others belong to the selection page."""


@for_ministry
def rounds(request: HttpRequest) -> HttpResponse:
    """Show all rounds, or prepare one."""
    form = PrepareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _prepare(request, form)
    rows = [(row, row.applications.count()) for row in Round.objects.all()]
    context = {"rows": rows, "form": form}
    return render(request, "programme/ministry/rounds.html", context, status=422 if form.errors else 200)


@for_ministry
def round_page(request: HttpRequest, year: int) -> HttpResponse:
    """Show a round."""
    return _page(request, round_in(year))


@for_ministry
@require_POST
def move(request: HttpRequest, year: int) -> HttpResponse:
    """Open the round or begin its review."""
    event = request.POST.get("event", "")
    if event not in MOVES:
        raise StepRefused("推进轮次", ("只能从这里开放征集或开始评审",))
    round_ = round_in(year)
    if not _has_happened(round_, event):
        round_ = move_on(round_, event, actor=actor_in(request), now=clock.now())
    messages.success(request, f"本轮现在是“{round_.get_state_display()}”。", extra_tags="good")
    return redirect(f"/ministry/{year}/")


@for_ministry
@require_POST
def deadline(request: HttpRequest, year: int) -> HttpResponse:
    """Set a deadline."""
    round_, form = round_in(year), DeadlineForm(request.POST)
    if not form.is_valid():
        return _page(request, round_, deadline_form=form)
    told = form.cleaned_data
    row = set_deadline(
        round_,
        Level(told["level"]),
        told["at"],
        body=told["body"],
        grace=form.grace,
        reason=told["reason"],
        actor=actor_in(request),
        now=clock.now(),
    )
    messages.success(request, f"{row.get_level_display()}截止已设定。", extra_tags="good")
    return redirect(f"/ministry/{year}/#deadlines")


@for_ministry
@require_POST
def extension(request: HttpRequest, year: int) -> HttpResponse:
    """Give one party more time; pressed twice, it is given once."""
    round_, form = round_in(year), ExtensionForm(request.POST)
    if not form.is_valid():
        return _page(request, round_, extension_form=form)
    told = form.cleaned_data
    wanted = {"level": told["level"], "organisation": told["credit_code"], "at": told["at"]}
    if not round_.extensions.filter(**wanted, reason=told["reason"]).exists():
        extend(
            round_,
            Level(told["level"]),
            told["credit_code"],
            told["at"],
            reason=told["reason"],
            actor=actor_in(request),
            now=clock.now(),
        )
    messages.success(request, f"已为{told['credit_code']}延期；该单位的页面按新时刻计时。", extra_tags="good")
    return redirect(f"/ministry/{year}/#extensions")


@for_ministry
@require_POST
def settings(request: HttpRequest, year: int) -> HttpResponse:
    """Set rubric and loads."""
    round_, form = round_in(year), SettingsForm(request.POST)
    if not form.is_valid():
        return _page(request, round_, settings_form=form)
    settle_round(
        round_, rubric=_rubric(request), actor=actor_in(request), now=clock.now(), **form.cleaned_data
    )
    messages.success(request, "评审设置已保存。", extra_tags="good")
    return redirect(f"/ministry/{year}/#settings")


def _prepare(request: HttpRequest, form: PrepareForm) -> HttpResponse:
    notice = form.cleaned_data["notice"]
    year = register(notice).notice.filing_year
    if Round.objects.filter(year=year).exists():
        messages.info(request, f"{year} 年这一轮已经建立，就是这一页。")
        return redirect(f"/ministry/{year}/")
    prepare_round(notice, filing_at=form.cleaned_data["filing_at"], actor=actor_in(request), now=clock.now())
    messages.success(request, "轮次已建立。核对截止时刻与评分表后开放征集。", extra_tags="good")
    return redirect(f"/ministry/{year}/")


def _page(request: HttpRequest, round_: Round, **forms: Any) -> HttpResponse:
    facts = round_facts(round_, now=clock.now())
    context = frame(round_, "round") | {
        "offers": list(ROUND.offers(round_.state, actor_in(request).role, facts)),
        "moves": MOVES,
        "counts": counts_of(round_),
        "deadlines": [(row, body_name(row.body)) for row in round_.deadlines.order_by("level", "body")],
        "extensions": round_.extensions.select_related("organisation").order_by("-granted_at"),
        "fixed": rubric_is_fixed(round_) or round_.is_decided_in_public,
        "rubric": [*round_.rubric, *({} for _ in range(SPARE_ROWS))],
        "weights": sum(float(row["weight"]) for row in round_.rubric),
        "deadline_form": DeadlineForm(),
        "extension_form": ExtensionForm(),
        "settings_form": SettingsForm(initial={key: getattr(round_, key) for key in SETTINGS}),
    }
    return render(request, "programme/ministry/round.html", context | forms, status=422 if forms else 200)


def _has_happened(round_: Round, event: str) -> bool:
    """Return whether the step was taken already: a second press is no mistake."""
    return any(step.event == event and step.after == round_.state for step in ROUND.steps)


def _rubric(request: HttpRequest) -> list[dict[str, Any]]:
    columns = [request.POST.getlist(f"rubric.{name}") for name in ("id", "title", "weight", "note")]
    rows = [[cell.strip() for cell in row] for row in zip(*columns, strict=False)]
    taken = {row[0] for row in rows}
    free = (f"c{at}" for at in range(1, 1000) if f"c{at}" not in taken)
    return [
        {"id": row[0] or next(free), "title": row[1], "weight": _weight(row[2]), "note": row[3]}
        for row in rows
        if row[1] or row[2]
    ]


def _weight(text: str) -> int | str:
    """Return a whole weight as a number, as it was kept; any other as it was typed, to be exact."""
    return int(text) if text.isdecimal() else text
