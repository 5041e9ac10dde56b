"""The rounds that take applications now, with their deadlines."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from xunshui.register import bodies
from xunshui.review import Deadline, RoundState
from xunshui.review.deadline import BEIJING
from xunshui.web.api.operations.catalogue import host_of
from xunshui.web.api.told import answers
from xunshui.web.programme import clock
from xunshui.web.programme.models import Round, RoundDeadline

router = Router(tags=["征集"])


class DeadlineOut(Schema):
    """When something closes, for whom."""

    level: str = Field(title="环节", description="filing 申报，recommending 推荐")
    level_title: str = Field(title="环节名称")
    body: str = Field(title="推荐单位代码", description="空表示各地")
    body_title: str = Field(title="推荐单位")
    at: str = Field(title="截止时刻", description="ISO 8601；该时刻本身已截止")
    remaining: str = Field(title="剩余")
    is_open: bool = Field(title="尚未截止")


class CallOut(Schema):
    """A round that takes applications."""

    year: int = Field(title="年度")
    title: str = Field(title="名称")
    notice: str = Field(title="通知")
    rule_version: str = Field(title="规则版本")
    form_version: str = Field(title="表样版本")
    deadlines: list[DeadlineOut] = Field(title="截止时刻")
    url: str = Field(title="网页地址")


@router.get(
    "/calls",
    response=answers(list[CallOut], 429),
    operation_id="list_calls",
    summary="正在征集的轮次",
    description="正在受理申报的轮次，附每个环节、每个推荐单位的截止时刻；没有时返回空列表。",
)
def list_calls(request: HttpRequest) -> list[CallOut]:
    """Return the open rounds with their deadlines."""
    now, host = clock.now(), host_of(request)
    rounds = Round.objects.filter(state=RoundState.OPEN).prefetch_related("deadlines")
    return [
        CallOut(
            year=row.year,
            title=row.title,
            notice=row.notice,
            rule_version=row.rule_version,
            form_version=row.form_version,
            deadlines=[_deadline(deadline, now) for deadline in row.deadlines.all()],
            url=f"{host}/calls/{row.year}/",
        )
        for row in rounds
    ]


def _deadline(row: RoundDeadline, now: dt.datetime) -> DeadlineOut:
    deadline = Deadline(at=row.at, grace=dt.timedelta(seconds=row.grace_s))
    names = {body.code: body.name for body in bodies()}
    return DeadlineOut(
        level=row.level,
        level_title=row.get_level_display(),
        body=row.body,
        body_title=names.get(row.body, row.body) or "各地",
        at=row.at.astimezone(BEIJING).isoformat(),
        remaining=deadline.remaining(now),
        is_open=deadline.is_open(now),
    )
