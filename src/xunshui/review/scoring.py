"""An expert's review of one case: assigned, scored, or given up for a conflict of interest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xunshui.review.machine import Machine, Step
from xunshui.review.role import Role


class ScoringState(StrEnum):
    """Where an expert's review stands."""

    ASSIGNED = "assigned"
    SCORED = "scored"
    CONFLICTED = "conflicted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringFacts:
    """What handing in scores depends on."""

    unscored: tuple[str, ...] = ()
    unreasoned: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    reviewing: bool = True
    reason: str = ""


def _reviewing(facts: ScoringFacts) -> str | None:
    return None if facts.reviewing else "评审已经结束"


def _all_scored(facts: ScoringFacts) -> str | None:
    return f"还没有打分：{'、'.join(facts.unscored)}" if facts.unscored else None


def _all_reasoned(facts: ScoringFacts) -> str | None:
    return f"还没有写依据：{'、'.join(facts.unreasoned)}" if facts.unreasoned else None


def _no_conflict(facts: ScoringFacts) -> str | None:
    return f"存在利益冲突：{'；'.join(facts.conflicts)}" if facts.conflicts else None


def _reason(facts: ScoringFacts) -> str | None:
    return None if facts.reason.strip() else "请写明情况"


_S = ScoringState
SCORING: Machine[ScoringFacts] = Machine(
    name="scoring",
    title="专家评分",
    initial=_S.ASSIGNED,
    states={_S.ASSIGNED: "待评分", _S.SCORED: "已评分", _S.CONFLICTED: "已回避"},
    steps=(
        Step(
            event="hand_in",
            title="提交评分",
            before=(_S.ASSIGNED,),
            after=_S.SCORED,
            who=(Role.EXPERT,),
            guards=(_reviewing, _no_conflict, _all_scored, _all_reasoned),
        ),
        Step(
            event="reopen",
            title="退回重评",
            before=(_S.SCORED,),
            after=_S.ASSIGNED,
            who=(Role.MINISTRY,),
            guards=(_reviewing, _reason),
            effects=("原评分保留在审计记录",),
        ),
        Step(
            event="recuse",
            title="回避",
            before=(_S.ASSIGNED, _S.SCORED),
            after=_S.CONFLICTED,
            who=(Role.EXPERT, Role.MINISTRY),
            guards=(_reviewing, _reason),
            effects=("评分不再计入", "需要另派专家"),
        ),
    ),
)
"""The table of an expert's review."""
