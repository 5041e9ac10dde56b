"""A round: one call of the ministry, from preparation to the published list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xunshui.review.machine import Machine, Step
from xunshui.review.role import Role


class RoundState(StrEnum):
    """Where a round stands."""

    PREPARING = "preparing"
    OPEN = "open"
    REVIEWING = "reviewing"
    ON_NOTICE = "on_notice"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """What the steps of a round depend on."""

    deadlines_set: bool = True
    still_open_bodies: int = 0
    undecided: int = 0
    selected: int = 0
    minutes_written: bool = False
    notice_over: bool = False
    open_objections: int = 0


def _deadlines_set(facts: RoundFacts) -> str | None:
    return None if facts.deadlines_set else "先设定申报与推荐的截止时刻"


def _bodies_closed(facts: RoundFacts) -> str | None:
    count = facts.still_open_bodies
    return f"还有 {count} 个推荐单位未到截止时刻且未提交推荐表" if count else None


def _all_decided(facts: RoundFacts) -> str | None:
    return f"还有 {facts.undecided} 个案例没有拟定结果" if facts.undecided else None


def _some_selected(facts: RoundFacts) -> str | None:
    return None if facts.selected else "没有拟入选的案例"


def _minutes(facts: RoundFacts) -> str | None:
    return None if facts.minutes_written else "先写会议纪要（到会、表决、理由）"


def _notice_over(facts: RoundFacts) -> str | None:
    return None if facts.notice_over else "公示期还没有结束"


def _objections_closed(facts: RoundFacts) -> str | None:
    return f"还有 {facts.open_objections} 件异议没有办结" if facts.open_objections else None


_S = RoundState
ROUND: Machine[RoundFacts] = Machine(
    name="round",
    title="征集轮次",
    initial=_S.PREPARING,
    states={
        _S.PREPARING: "筹备",
        _S.OPEN: "征集中",
        _S.REVIEWING: "评审中",
        _S.ON_NOTICE: "公示中",
        _S.PUBLISHED: "已公布",
    },
    steps=(
        Step(
            event="open",
            title="启动征集",
            before=(_S.PREPARING,),
            after=_S.OPEN,
            who=(Role.MINISTRY,),
            guards=(_deadlines_set,),
            effects=("公开征集页面", "申报单位可以新建申报"),
        ),
        Step(
            event="begin_review",
            title="开始评审",
            before=(_S.OPEN,),
            after=_S.REVIEWING,
            who=(Role.MINISTRY,),
            guards=(_bodies_closed,),
            effects=("不再接收推荐",),
        ),
        Step(
            event="announce",
            title="公示拟入选名单",
            before=(_S.REVIEWING,),
            after=_S.ON_NOTICE,
            who=(Role.MINISTRY,),
            guards=(_all_decided, _some_selected, _minutes),
            effects=("拟定结果一次公开", "开始受理异议"),
        ),
        Step(
            event="publish",
            title="正式公布",
            before=(_S.ON_NOTICE,),
            after=_S.PUBLISHED,
            who=(Role.MINISTRY,),
            guards=(_notice_over, _objections_closed),
            effects=("案例进入公开案例库",),
        ),
    ),
)
"""The table of a round."""
