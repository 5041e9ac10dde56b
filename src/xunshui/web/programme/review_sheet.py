"""The rubric as an expert fills it in: criteria with their share of the total, scores and reasons as typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.http import QueryDict

from xunshui.quantities import rounded
from xunshui.web.programme.models import Scoring


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One row of the rubric with what the expert gave; `share` is its part of the total [%]."""

    id: str
    title: str
    note: str
    share: Decimal
    score: str
    reason: str
    wrong: str = ""


def criteria_of(scoring: Scoring, wrong: Mapping[str, str]) -> list[Criterion]:
    """Return the rubric of a review's round with the scores so far, and what is wrong with each."""
    rubric = scoring.application.round.rubric
    weights = sum((Fraction(str(row["weight"])) for row in rubric), Fraction(0))
    return [
        Criterion(
            id=row["id"],
            title=row["title"],
            note=row.get("note", ""),
            share=rounded(100 * Fraction(str(row["weight"])) / weights, 1),
            score=scoring.scores.get(row["id"], {}).get("score", ""),
            reason=scoring.scores.get(row["id"], {}).get("reason", ""),
            wrong=wrong.get(row["id"], ""),
        )
        for row in rubric
    ]


def scores_posted(scoring: Scoring, post: QueryDict) -> dict[str, dict[str, str]]:
    """Return score and reason of each criterion of the rubric as they were typed."""
    return {
        row["id"]: {
            "score": post.get(f"score.{row['id']}", "").strip(),
            "reason": post.get(f"reason.{row['id']}", "").replace("\r\n", "\n").strip(),
        }
        for row in scoring.application.round.rubric
    }
