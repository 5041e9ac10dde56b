"""Who reviews what: fit, conflicts and the assignment of a round, all with their reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from xunshui.review import ApplicationState, Role, RoundState, ScoringState, StepRefused
from xunshui.review.assignment import AssignmentImpossible, assign
from xunshui.review.conflicts import Conflict, conflicts
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.as_parties import case_of, expert_as_party
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Application, Expert, Round, Scoring
from xunshui.web.programme.models.application import RECOMMENDED_ON
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """The assignment of a round before it is solved: `held` pairs stand already, `forbidden` ones may not be made."""

    experts: list[Expert]
    cases: list[Application]
    fits: list[list[float]]
    held: frozenset[tuple[int, int]]
    forbidden: frozenset[tuple[int, int]]


def problem_of(round_: Round, *, on: dt.date) -> Problem:
    """Return who could review what on a day; recused and conflicting pairs are forbidden, made ones are held."""
    cases = list(_in_review(round_))
    experts = list(Expert.objects.filter(active=True).select_related("person").order_by("pk"))
    rows = {expert.pk: row for row, expert in enumerate(experts)}
    columns = {case.pk: column for column, case in enumerate(cases)}
    made = Scoring.objects.filter(application__in=cases, expert__in=experts)
    held: set[tuple[int, int]] = set()
    recused: set[tuple[int, int]] = set()
    for expert_id, case_id, state in made.values_list("expert_id", "application_id", "state"):
        pairs = recused if state == ScoringState.CONFLICTED else held
        pairs.add((rows[expert_id], columns[case_id]))
    return Problem(
        experts=experts,
        cases=cases,
        fits=[[fit(expert, case) for case in cases] for expert in experts],
        held=frozenset(held),
        forbidden=frozenset(_conflicting(experts, cases, on) - held | recused),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The pairs to add to what is held; `total` and `bound` count held and added ones together."""

    added: tuple[tuple[int, int], ...]
    total: float
    bound: float


def propose(round_: Round, problem: Problem) -> Solution:
    """Return the assignment of largest total fit that respects loads and conflicts and keeps what is held.

    Raises `AssignmentImpossible` where there is none.
    """
    _refuse_scarce(round_, problem)
    # A held pair weighs more than all fits together, so that the optimum never gives one up for a better fit.
    weight = 1 + (SAME_DIRECTION + SAME_INDUSTRY + ANY) * round_.experts_per_case * len(problem.cases)
    fits = [
        [value + weight * ((row, column) in problem.held) for column, value in enumerate(line)]
        for row, line in enumerate(problem.fits)
    ]
    found = assign(
        fits,
        per_case=round_.experts_per_case,
        load=round_.cases_per_expert,
        forbidden=sorted(problem.forbidden),
    )
    kept = weight * len(problem.held.intersection(found.pairs))
    added = tuple(pair for pair in found.pairs if pair not in problem.held)
    return Solution(added=added, total=found.total - kept, bound=found.total_bound - kept)


@transaction.atomic
def assign_round(round_: Round, *, actor: Actor, now: dt.datetime) -> list[Scoring]:
    """Assign the cases in review to experts; reviews that exist already stay. Returns the new ones.

    Raises `NotYours` and `StepRefused`, also where no assignment is possible.
    """
    _only_while_reviewing(round_, actor)
    problem = problem_of(round_, on=now.date())
    try:
        found = propose(round_, problem)
    except AssignmentImpossible as error:
        raise StepRefused("分配专家", (str(error),)) from None
    made = []
    for row, column in found.added:
        scoring, is_new = Scoring.objects.get_or_create(
            application=problem.cases[column], expert=problem.experts[row], defaults={"assigned_at": now}
        )
        made += [scoring] if is_new else []
    if made:
        pairs = [[row.application.number, row.expert.person.name] for row in made]
        detail = {"total": str(found.total), "bound": str(found.bound)}
        leave_line(round_, "round.assign", actor=actor, now=now, pairs=pairs, **detail)
    return made


@transaction.atomic
def assign_one(number: str, expert_id: int, *, actor: Actor, now: dt.datetime, because: str = "") -> Scoring:
    """Assign one more expert to a case, as after a recusal; refuses a conflict with its reasons."""
    application = Application.objects.select_related("round").get(number=number)
    _only_while_reviewing(application.round, actor)
    if application.state != ApplicationState.IN_REVIEW:
        raise StepRefused("分配专家", (f"{number}现在是“{application.get_state_display()}”，不在评审",))
    expert = Expert.objects.select_related("person").get(pk=expert_id)
    if not expert.active:
        raise StepRefused("分配专家", (f"{expert.person.name}已停用，请另选一位",))
    found = conflicts_of(expert, application, on=now.date())
    if found:
        raise StepRefused("分配专家", tuple(conflict.text for conflict in found))
    scoring, is_new = Scoring.objects.get_or_create(
        application=application, expert=expert, defaults={"assigned_at": now}
    )
    if scoring.state == ScoringState.CONFLICTED:
        raise StepRefused("分配专家", (f"{expert.person.name}已回避这个案例：{scoring.recusal}",))
    if is_new:
        detail = {"case": number, "expert": expert.person.name, "because": because}
        leave_line(application.round, "round.assign_one", actor=actor, now=now, **detail)
    return scoring


def conflicts_in(
    round_: Round, expert: Expert, *, on: dt.date
) -> list[tuple[Application, tuple[Conflict, ...]]]:
    """Return the recommended cases of a round that an expert may not review, each with its reasons."""
    cases = Application.objects.filter(round=round_, state__in=RECOMMENDED_ON)
    checked = ((case, conflicts_of(expert, case, on=on)) for case in _with_parties(cases))
    return [(case, found) for case, found in checked if found]


def conflicts_found_late(round_: Round, *, on: dt.date) -> list[tuple[Scoring, Sequence[Conflict]]]:
    """Return the reviews for which a conflict shows now: profiles change after an assignment."""
    rows = Scoring.objects.exclude(state=ScoringState.CONFLICTED).filter(application__round=round_)
    checked = (
        (row, conflicts_of(row.expert, row.application, on=on))
        for row in rows.select_related(
            "expert__person", "application__applicant", "application__round"
        ).prefetch_related("application__partners__organisation")
    )
    return [(row, found) for row, found in checked if found]


def free_experts(problem: Problem, column: int) -> int:
    """Return how many experts may review a case, those who hold it already among them."""
    return len(problem.experts) - sum(barred == column for _, barred in problem.forbidden)


def _refuse_scarce(round_: Round, problem: Problem) -> None:
    """Name the cases that conflicts leave too few experts for; the solver would only know their columns."""
    if not problem.experts:
        raise AssignmentImpossible("专家库里没有在库的专家；请先加入专家")
    needed = round_.experts_per_case
    free = [(case.number, free_experts(problem, column)) for column, case in enumerate(problem.cases)]
    short = "、".join(f"{number}（可用 {count} 位）" for number, count in free if count < needed)
    if short:
        raise AssignmentImpossible(f"排除利益冲突之后专家不够，每案需 {needed} 位：{short}")


def _conflicting(experts: list[Expert], cases: list[Application], on: dt.date) -> set[tuple[int, int]]:
    parties, told = [expert_as_party(expert) for expert in experts], [case_of(case) for case in cases]
    return {
        (row, column)
        for row, party in enumerate(parties)
        for column, case in enumerate(told)
        if conflicts(party, case, on=on)
    }


def _in_review(round_: Round) -> QuerySet[Application]:
    return _with_parties(Application.objects.filter(round=round_, state=ApplicationState.IN_REVIEW))


def _with_parties(rows: QuerySet[Application]) -> QuerySet[Application]:
    return rows.select_related("applicant", "round").prefetch_related("partners__organisation")


def _only_while_reviewing(round_: Round, actor: Actor) -> None:
    if actor.role is not Role.MINISTRY:
        raise NotYours("只有工业和信息化部分配专家")
    if round_.state != RoundState.REVIEWING:
        raise StepRefused("分配专家", (f"{round_.title}现在是“{round_.get_state_display()}”",))
