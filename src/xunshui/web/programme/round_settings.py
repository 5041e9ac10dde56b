"""How a round is scored and assigned: rubric, blindness, loads, quota; fixed once the first expert has scored."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from xunshui.review import Role, ScoringState, StepRefused
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Round, Scoring
from xunshui.web.programme.permissions import NotYours

SETTINGS = ("blind", "experts_per_case", "cases_per_expert", "body_quota")


@transaction.atomic
def settle_round(
    round_: Round, *, rubric: list[dict[str, Any]], actor: Actor, now: dt.datetime, **settings: Any
) -> Round:
    """Set the rubric and the settings of a round; only what differs is written and kept in the trail.

    Raises `NotYours`, and `StepRefused` for a rubric that cannot be scored by or once scores are handed in.
    """
    if actor.role is not Role.MINISTRY:
        raise NotYours("只有工业和信息化部设定评分表")
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    wanted = {"rubric": rubric, **settings}
    before = {key: getattr(round_, key) for key in wanted}
    changed = {key: value for key, value in wanted.items() if value != before[key]}
    _refuse(round_, rubric, changed)
    for key, value in changed.items():
        setattr(round_, key, value)
    round_.save()
    if changed:
        old = {key: before[key] for key in changed}
        leave_line(round_, "round.settle", actor=actor, now=now, before=old, after=changed)
    return round_


def rubric_is_fixed(round_: Round) -> bool:
    """Return whether scores were handed in, so that another weight would change what experts have said."""
    return Scoring.objects.filter(application__round=round_, state=ScoringState.SCORED).exists()


def _refuse(round_: Round, rubric: list[dict[str, Any]], changed: dict[str, Any]) -> None:
    reasons = [text for row in rubric if (text := _wrong(row))]
    if not rubric:
        reasons.append("评分表至少要有一项")
    if {"rubric", "blind"} & changed.keys() and rubric_is_fixed(round_):
        reasons.append("已有专家提交评分，评分表与盲评方式不再改动")
    if changed and round_.is_decided_in_public:
        reasons.append("名单已经公开，设置不再改动")
    if reasons:
        raise StepRefused("设定评审", tuple(reasons))


def _wrong(row: dict[str, Any]) -> str:
    if not row["title"]:
        return "评分表有一行没有名称"
    return "" if _is_weight(row["weight"]) else f"{row['title']}：权重“{row['weight']}”应为大于 0 的数，如 30"


def _is_weight(value: Any) -> bool:
    try:
        weight = Decimal(str(value))
    except InvalidOperation:
        return False
    return weight.is_finite() and weight > 0
