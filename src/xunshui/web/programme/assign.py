"""Who reviews what: fit, conflicts and the assignment of a round, all with their reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from xunshui.review import ApplicationState, Role, RoundState, ScoringState, StepRefused
from xunshui.review.assignment import Assignment, assign
from xunshui.review.conflicts import Conflict, conflicts
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.as_parties import case_of, expert_as_party
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Application, Expert, Round, Scoring
from xunshui.web.programme.permissions import NotYours

SAME_DIRECTION, SAME_INDUSTRY, ANY = 2.0, 1.0, 1.0
"""What makes an expert fit: the direction counts twice the industry; everyone can read any case."""


def conflicts_of(expert: Expert, application: Application, *, on: dt.date) -> tuple[Conflict, ...]:
    """Return every conflict of interest between an expert and a case on a day."""
    return conflicts(expert_as_party(expert), case_of(application), on=on)


def fit(expert: Expert, application: Application) -> float:
    """Return how well an expert fits a case: 1 to 4."""
    score = ANY
    if application.direction in expert.directions:
        score += SAME_DIRECTION
    if any(application.industry.startswith(code) for code in expert.industries if code):
        score += SAME_INDUSTRY
    return score


def propose(round_: Round, *, on: dt.date) -> tuple[list[Expert], list[Application], Assignment]:
    """Return experts, cases and the assignment of largest total fit that respects loads and conflicts.

    Raises what `review.assignment.assign` raises where there is none.
    """
    cases = list(_in_review(round_))
    experts = list(Expert.objects.filter(active=True).select_related("person"))
    forbidden = [
        (row, column)
        for row, expert in enumerate(experts)
        for column, case in enumerate(cases)
        if conflicts_of(expert, case, on=on)
    ]
    fits = [[fit(expert, case) for case in cases] for expert in experts]
    found = assign(fits, per_case=round_.experts_per_case, load=round_.cases_per_expert, forbidden=forbidden)
    return experts, cases, found


@transaction.atomic
def assign_round(round_: Round, *, actor: Actor, now: dt.datetime) -> list[Scoring]:
    """Assign the cases in review to experts; reviews that exist already stay. Returns the new ones."""
    _only_while_reviewing(round_, actor)
    experts, cases, found = propose(round_, on=now.date())
    made = []
    for row, column in found.pairs:
        scoring, is_new = Scoring.objects.get_or_create(
            application=cases[column], expert=experts[row], defaults={"assigned_at": now}
        )
        made += [scoring] if is_new else []
    detail = {"pairs": len(found.pairs), "total": str(found.total), "bound": str(found.total_bound)}
    leave_line(round_, "round.assign", actor=actor, now=now, **detail)
    return made


@transaction.atomic
def assign_one(number: str, expert_id: int, *, actor: Actor, now: dt.datetime, because: str = "") -> Scoring:
    """Assign one more expert to a case, as after a recusal; refuses a conflict with its reasons."""
    application = Application.objects.select_related("round").get(number=number)
    _only_while_reviewing(application.round, actor)
    expert = Expert.objects.select_related("person").get(pk=expert_id)
    found = conflicts_of(expert, application, on=now.date())
    if found:
        raise StepRefused("分配专家", tuple(conflict.text for conflict in found))
    scoring, _ = Scoring.objects.get_or_create(
        application=application, expert=expert, defaults={"assigned_at": now}
    )
    detail = {"case": number, "expert": expert.person.name, "because": because}
    leave_line(application.round, "round.assign_one", actor=actor, now=now, **detail)
    return scoring


def conflicts_found_late(round_: Round, *, on: dt.date) -> list[tuple[Scoring, Sequence[Conflict]]]:
    """Return the reviews for which a conflict shows now: profiles change after an assignment."""
    rows = Scoring.objects.exclude(state=ScoringState.CONFLICTED).filter(application__round=round_)
    checked = (
        (row, conflicts_of(row.expert, row.application, on=on))
        for row in rows.select_related("expert__person", "application__applicant", "application__round")
    )
    return [(row, found) for row, found in checked if found]


def _in_review(round_: Round) -> Sequence[Application]:
    rows = Application.objects.filter(round=round_, state=ApplicationState.IN_REVIEW)
    return list(rows.select_related("applicant", "round").prefetch_related("partners__organisation"))


def _only_while_reviewing(round_: Round, actor: Actor) -> None:
    if actor.role is not Role.MINISTRY:
        raise NotYours("只有工业和信息化部分配专家")
    if round_.state != RoundState.REVIEWING:
        raise StepRefused("分配专家", (f"{round_.title}现在是“{round_.get_state_display()}”",))
