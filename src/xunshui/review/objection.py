"""An objection (异议) during the public notice: signed, with facts and proof, handled and answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xunshui.review.machine import Machine, Step
from xunshui.review.role import Role


class ObjectionState(StrEnum):
    """Where an objection stands."""

    FILED = "filed"
    ADMITTED = "admitted"
    REJECTED = "rejected"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


OPEN_STATES = (ObjectionState.FILED, ObjectionState.ADMITTED)
"""While one stands here, its case cannot be published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionFacts:
    """What handling an objection depends on."""

    signed: bool
    has_facts: bool
    reason: str = ""


def _signed(facts: ObjectionFacts) -> str | None:
    return None if facts.signed else "没有真实姓名、单位与联系方式，不能受理"


def _has_facts(facts: ObjectionFacts) -> str | None:
    return None if facts.has_facts else "没有事实与证明材料，不能受理"


def _reason(facts: ObjectionFacts) -> str | None:
    return None if facts.reason.strip() else "请写明处理意见，异议人会看到"


_S = ObjectionState
_MINISTRY = (Role.MINISTRY,)
OBJECTION: Machine[ObjectionFacts] = Machine(
    name="objection",
    title="异议",
    initial=_S.FILED,
    states={
        _S.FILED: "待受理",
        _S.ADMITTED: "调查中",
        _S.REJECTED: "不予受理",
        _S.UPHELD: "异议成立",
        _S.DISMISSED: "异议不成立",
    },
    steps=(
        Step(
            event="admit",
            title="受理",
            before=(_S.FILED,),
            after=_S.ADMITTED,
            who=_MINISTRY,
            guards=(_signed, _has_facts),
            effects=("转推荐单位核查",),
        ),
        Step(
            event="reject",
            title="不予受理",
            before=(_S.FILED,),
            after=_S.REJECTED,
            who=_MINISTRY,
            guards=(_reason,),
        ),
        Step(
            event="uphold",
            title="认定成立",
            before=(_S.ADMITTED,),
            after=_S.UPHELD,
            who=_MINISTRY,
            guards=(_reason,),
            effects=("案例从公示名单撤下",),
        ),
        Step(
            event="dismiss",
            title="认定不成立",
            before=(_S.ADMITTED,),
            after=_S.DISMISSED,
            who=_MINISTRY,
            guards=(_reason,),
        ),
    ),
)
"""The table of an objection."""
