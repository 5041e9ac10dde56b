"""A recommendation (推荐表): a province's ranked table of cases with its opinion and seal, notice 三（二）."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from xunshui.review.deadline import Deadline
from xunshui.review.machine import Machine, Step
from xunshui.review.role import Role


class RecommendationState(StrEnum):
    """Where a province's table stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationFacts:
    """What handing in a table depends on."""

    now: dt.datetime
    deadline: Deadline | None
    accepted: int
    undecided: int
    unranked: int
    opinion_written: bool
    sealed: bool
    quota: int | None = None
    reason: str = ""


def _in_time(facts: RecommendationFacts) -> str | None:
    if facts.deadline is None:
        return "本轮征集没有在受理推荐"
    return None if facts.deadline.is_open(facts.now) else f"推荐已于 {facts.deadline.text} 截止"


def _some(facts: RecommendationFacts) -> str | None:
    return None if facts.accepted else "推荐表是空的：没有审核通过的案例"


def _all_checked(facts: RecommendationFacts) -> str | None:
    return f"还有 {facts.undecided} 个已提交的申报没有审核" if facts.undecided else None


def _ranked(facts: RecommendationFacts) -> str | None:
    return f"还有 {facts.unranked} 个案例没有排序" if facts.unranked else None


def _opinion(facts: RecommendationFacts) -> str | None:
    return None if facts.opinion_written else "还没有写推荐意见"


def _sealed(facts: RecommendationFacts) -> str | None:
    return None if facts.sealed else "还没有上传盖章的推荐表扫描件"


def _within_quota(facts: RecommendationFacts) -> str | None:
    over = facts.quota is not None and facts.accepted > facts.quota
    return f"推荐 {facts.accepted} 个，超过名额 {facts.quota} 个" if over else None


def _reason(facts: RecommendationFacts) -> str | None:
    return None if facts.reason.strip() else "请写明退回的理由"


_S = RecommendationState
RECOMMENDATION: Machine[RecommendationFacts] = Machine(
    name="recommendation",
    title="推荐表",
    initial=_S.DRAFT,
    states={_S.DRAFT: "编制中", _S.SUBMITTED: "已报送"},
    steps=(
        Step(
            event="submit",
            title="报送推荐表",
            before=(_S.DRAFT,),
            after=_S.SUBMITTED,
            who=(Role.PROVINCE,),
            guards=(_in_time, _some, _all_checked, _ranked, _opinion, _sealed, _within_quota),
            effects=("表中案例全部转为“已推荐”",),
        ),
        Step(
            event="reopen",
            title="退回推荐表",
            before=(_S.SUBMITTED,),
            after=_S.DRAFT,
            who=(Role.MINISTRY,),
            guards=(_in_time, _reason),
        ),
    ),
)
"""The table of a recommendation."""
