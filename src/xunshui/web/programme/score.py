"""An expert scores a case by the round's rubric: saved while working, handed in once, exact to the digit."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from xunshui.quantities import rounded
from xunshui.review import SCORING, Role, RoundState, ScoringFacts, StepRefused
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.assign import conflicts_of
from xunshui.web.programme.blind import blindfold_for
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Scoring
from xunshui.web.programme.permissions import NotYours, expert_of

HIGHEST = 100
PLACES = 3
_SCORE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")


@transaction.atomic
def save_scores(
    scoring_id: int, scores: dict[str, dict[str, str]], *, comment: str, actor: Actor, now: dt.datetime
) -> Scoring:
    """Keep an expert's scores and reasons as they are; raises `StepRefused` for a score that is none."""
    scoring = _own(scoring_id, actor)
    if scoring.state != "assigned":
        raise StepRefused("保存评分", (f"这份评审现在是“{scoring.get_state_display()}”",))
    wrong = wrong_scores(scoring, scores)
    if wrong:
        raise StepRefused("保存评分", tuple(wrong.values()))
    scoring.scores, scoring.comment, scoring.saved_at = scores, comment, now
    scoring.version += 1
    scoring.save()
    return scoring


@transaction.atomic
def hand_in(scoring_id: int, *, actor: Actor, now: dt.datetime) -> Scoring:
    """Hand the scores in; a conflict found meanwhile stops it. A second press changes nothing."""
    scoring = _own(scoring_id, actor)
    if scoring.state == "scored":
        return scoring
    step = SCORING.take(
        "hand_in", state=scoring.state, role=actor.role, facts=scoring_facts(scoring, now=now)
    )
    scoring.state, scoring.total, scoring.handed_in_at = step.after, weighted_total(scoring), now
    scoring.save()
    leave_line(
        scoring, "scoring.hand_in", actor=actor, now=now, total=str(scoring.total), scores=scoring.scores
    )
    return scoring


@transaction.atomic
def recuse(scoring_id: int, *, reason: str, actor: Actor, now: dt.datetime) -> Scoring:
    """Give a case up for a conflict of interest; by the expert, or by the ministry when it is found late."""
    scoring = _locked(scoring_id) if actor.role is Role.MINISTRY else _own(scoring_id, actor)
    facts = scoring_facts(scoring, now=now, reason=reason)
    step = SCORING.take("recuse", state=scoring.state, role=actor.role, facts=facts)
    scoring.state, scoring.recusal = step.after, reason
    scoring.save()
    leave_line(scoring, "scoring.recuse", actor=actor, now=now, reason=reason)
    return scoring


def wrong_scores(scoring: Scoring, scores: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return what is wrong with typed scores, by criterion; an empty score is not given yet and not wrong."""
    titles = {row["id"]: row["title"] for row in scoring.application.round.rubric}
    wrong = {key: f"评分表中没有“{key}”一项" for key in scores if key not in titles}
    for key, row in scores.items():
        score = row.get("score", "")
        if key in titles and score and not _is_score(score):
            wrong[key] = f"{titles[key]}：“{score}”应为 0–{HIGHEST} 的数，如 85 或 85.5"
    return wrong


def scoring_facts(scoring: Scoring, *, now: dt.datetime, reason: str = "") -> ScoringFacts:
    """Return what the steps of a review depend on; conflicts are computed anew each time."""
    rubric = scoring.application.round.rubric
    given = scoring.scores
    return ScoringFacts(
        unscored=tuple(row["title"] for row in rubric if not given.get(row["id"], {}).get("score")),
        unreasoned=tuple(row["title"] for row in rubric if not given.get(row["id"], {}).get("reason")),
        conflicts=_conflicts(scoring, now.date()),
        reviewing=scoring.application.round.state == RoundState.REVIEWING,
        reason=reason,
    )


def _conflicts(scoring: Scoring, on: dt.date) -> tuple[str, ...]:
    """Return the conflicts in words; in a blind round they do not name the applicant either."""
    application = scoring.application
    texts = tuple(row.text for row in conflicts_of(scoring.expert, application, on=on))
    if not texts or not application.round.blind:
        return texts
    hides = blindfold_for(application, application.answers)
    return tuple(map(hides.text, texts))


def weighted_total(scoring: Scoring) -> Decimal:
    """Return the scores weighted by the rubric, normalised to its weights, exact and then rounded half up."""
    rubric = scoring.application.round.rubric
    weights = sum((Fraction(str(row["weight"])) for row in rubric), Fraction(0))
    given = scoring.scores
    parts = (Fraction(str(row["weight"])) * Fraction(given[row["id"]]["score"]) for row in rubric)
    return rounded(sum(parts, Fraction(0)) / weights, PLACES)


def _is_score(text: str) -> bool:
    return _SCORE.fullmatch(text) is not None and Decimal(text) <= HIGHEST


def _locked(scoring_id: int) -> Scoring:
    rows = Scoring.objects.select_for_update(of=("self",))
    return rows.select_related("application__round", "expert__person").get(pk=scoring_id)


def _own(scoring_id: int, actor: Actor) -> Scoring:
    scoring = _locked(scoring_id)
    if expert_of(actor) != scoring.expert:
        raise NotYours("这份评审没有分配给您")
    return scoring
