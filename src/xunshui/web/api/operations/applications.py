"""The own applications: the list, and one with its sections, documents and what is still missing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from xunshui.review.deadline import BEIJING
from xunshui.web.api.attachment_out import AttachmentOut, attachment_out
from xunshui.web.api.authenticate import TokenAuth
from xunshui.web.api.bearer import bearer_in
from xunshui.web.api.missing import missing_in
from xunshui.web.api.own import own_application, own_applications
from xunshui.web.api.problem import MistakeOut
from xunshui.web.api.scope import Scope
from xunshui.web.api.told import BY_TOKEN, Number, answers
from xunshui.web.programme.facts import filing_deadline
from xunshui.web.programme.models import Application
from xunshui.web.programme.sections import sections_of

router = Router(tags=["申报"], auth=TokenAuth(Scope.READ))


class ApplicationRowOut(Schema):
    """An application in the list."""

    number: str = Field(title="编号")
    year: int = Field(title="年度")
    case_name: str = Field(title="案例名称")
    direction: str = Field(title="方向")
    kind: str = Field(title="类别")
    state: str = Field(title="状态")
    state_title: str = Field(title="状态名称")
    may_edit: bool = Field(title="可以修改")


class SectionOut(Schema):
    """A section of the form as it is filled in now."""

    id: str = Field(title="章节")
    title: str = Field(title="名称")
    version: int = Field(title="版本", description="保存时带回；0 表示还没有保存过")
    answers: dict[str, Any] = Field(title="答案", description="按栏目；数字为文字，逐年的栏目按年份")
    saved_at: str | None = Field(title="保存时间")
    saved_by: str = Field(title="保存人")


class ApplicationOut(ApplicationRowOut):
    """An application with its sections, documents and what is still missing."""

    deadline: str | None = Field(title="申报截止")
    return_reason: str = Field(title="退回理由")
    committed: bool = Field(title="已签署承诺")
    submission: int | None = Field(title="最近提交的版次")
    digest: str = Field(title="最近提交的摘要")
    sections: list[SectionOut] = Field(title="章节")
    attachments: list[AttachmentOut] = Field(title="证明材料")
    missing: list[MistakeOut] = Field(title="还要补的")


@router.get(
    "/applications",
    response=answers(list[ApplicationRowOut], 401, 403, 429),
    operation_id="list_applications",
    summary="本单位的申报",
    description="令牌能办理的申报，编号大的在前。",
)
def list_applications(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the applications that the token reaches."""
    return [_row(application) for application in own_applications(bearer_in(request))]


@router.get(
    "/applications/{number}",
    response=answers(ApplicationOut, *BY_TOKEN),
    operation_id="read_application",
    summary="一份申报",
    description="各章节的答案与版本、证明材料、还要补的内容。",
)
def read_application(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Return one application with its sections and documents."""
    application = own_application(request, number)
    deadline, submission = filing_deadline(application), application.submission
    return {
        **_row(application),
        "deadline": deadline.at.astimezone(BEIJING).isoformat() if deadline else None,
        "return_reason": application.return_reason,
        "committed": application.committed_at is not None,
        "submission": submission.no if submission else None,
        "digest": submission.digest if submission else "",
        "sections": _sections(application),
        "attachments": [
            attachment_out(row) for row in application.attachments.filter(removed_at__isnull=True)
        ],
        "missing": missing_in(application),
    }


def _row(application: Application) -> dict[str, Any]:
    return {
        "number": application.number,
        "year": application.round.year,
        "case_name": application.case_name,
        "direction": application.direction,
        "kind": application.kind,
        "state": application.state_seen(by_ministry=False),
        "state_title": application.state_title(),
        "may_edit": application.can_be_edited,
    }


def _sections(application: Application) -> list[SectionOut]:
    rows = {row.section: row for row in application.sections.all()}
    return [
        SectionOut(
            id=section.id,
            title=section.title,
            version=row.version if row else 0,
            answers=row.answers if row else {},
            saved_at=row.saved_at.astimezone(BEIJING).isoformat() if row else None,
            saved_by=row.saved_by if row else "",
        )
        for section in sections_of(application)
        for row in [rows.get(section.id)]
    ]
