"""The live verdict, and handing in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from xunshui.quantities import plain
from xunshui.review import StepRefused
from xunshui.review.deadline import BEIJING
from xunshui.rules import Judgement
from xunshui.web.api.authenticate import TokenAuth
from xunshui.web.api.bearer import bearer_in
from xunshui.web.api.missing import missing_in
from xunshui.web.api.own import own_application
from xunshui.web.api.problem import MistakeOut, Refused
from xunshui.web.api.scope import Scope
from xunshui.web.api.told import BY_TOKEN, Number, answers
from xunshui.web.programme import clock
from xunshui.web.programme.live import verdict_on
from xunshui.web.programme.models import Application
from xunshui.web.programme.submit import submit

router = Router(tags=["申报"])
COMMITMENT = "负责人登录后在“核对答案”页签署承诺；令牌不能代签"


class JudgementOut(Schema):
    """A gate or condition as judged now."""

    id: str = Field(title="编号")
    title: str = Field(title="名称")
    outcome: str = Field(title="结论", description="met、not_met、not_applicable、cannot_tell")
    reason: str = Field(title="依据")
    clause: str = Field(title="条款")
    period: str = Field(title="时期")
    exact: str | None = Field(title="精确值", description="分数或小数")
    unit: str = Field(title="单位")
    threshold: str | None = Field(title="限值")
    marks: list[str] = Field(title="标记")


class FindingOut(Schema):
    """Something that does not add up, and the remedy."""

    where: str = Field(title="位置")
    period: str = Field(title="时期")
    text: str = Field(title="问题")
    remedy: str = Field(title="可以怎样做")


class VerdictOut(Schema):
    """The verdict on what is filled in so far."""

    eligible: str = Field(title="总结论", description="met、not_met、not_applicable、cannot_tell")
    gates: list[JudgementOut] = Field(title="关口")
    conditions: list[JudgementOut] = Field(title="条件")
    problems: list[FindingOut] = Field(title="对不上的数")
    mistakes: list[str] = Field(title="还不能评估的原因")


class SubmittedOut(Schema):
    """The version that was handed in; it never changes."""

    number: str = Field(title="编号")
    version: int = Field(title="版次")
    submitted_at: str = Field(title="提交时间")
    digest: str = Field(title="摘要")
    rule_version: str = Field(title="规则版本")


@router.get(
    "/applications/{number}/verdict",
    auth=TokenAuth(Scope.READ),
    response=answers(VerdictOut, *BY_TOKEN),
    operation_id="read_verdict",
    summary="即时结论",
    description="按现在填写的内容评估：每个关口与条件的结论、依据、差多少。与网页旁边的面板相同。",
)
def read_verdict(request: HttpRequest, number: Number) -> VerdictOut:
    """Return the verdict on an application as it is filled in now."""
    found = verdict_on(own_application(request, number))
    return VerdictOut(
        eligible=found.eligible,
        gates=[_judgement(row) for row in found.gates],
        conditions=[_judgement(row) for row in found.conditions],
        problems=[
            FindingOut(where=row.where, period=row.period, text=row.text, remedy=row.remedy)
            for row in found.problems
        ],
        mistakes=[line.strip() for line in found.mistakes],
    )


@router.post(
    "/applications/{number}/submit",
    auth=TokenAuth(Scope.SUBMIT),
    response=answers(SubmittedOut, *BY_TOKEN, 409),
    operation_id="submit_application",
    summary="提交",
    description="与网页上的“提交”相同；重复提交得到同一版。不能提交时返回 409，逐项列出还缺什么。令牌不能签署承诺。",
)
def submit_application(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Hand the application in, or tell everything that stands in the way."""
    application = own_application(request, number)
    try:
        version = submit(application.number, actor=bearer_in(request).actor, now=clock.now())
    except StepRefused as error:
        raise _not_ready(application, error) from None
    return {
        "number": application.number,
        "version": version.no,
        "submitted_at": version.at.astimezone(BEIJING).isoformat(),
        "digest": version.digest,
        "rule_version": version.rule_version,
    }


def _not_ready(application: Application, error: StepRefused) -> Refused:
    reasons = [MistakeOut(where="", problem=reason) for reason in error.reasons]
    if application.can_be_edited and application.committed_at is None:
        reasons.append(MistakeOut(where="declaration", problem="还没有签署真实性承诺", accepted=COMMITMENT))
    missing = missing_in(application) if application.can_be_edited else []
    detail = f"不能“{error.title}”：{'；'.join(error.reasons)}"
    return Refused(409, detail, mistakes=[*reasons, *missing])


def _judgement(row: Judgement) -> JudgementOut:
    return JudgementOut(
        id=row.id,
        title=row.title,
        outcome=row.outcome.value,
        reason=row.reason,
        clause=row.clause,
        period=row.period,
        exact=None if row.value is None else str(row.value),
        unit=row.unit,
        threshold=None if row.threshold is None else plain(row.threshold),
        marks=[mark.text for mark in row.marks],
    )
