"""Upload an evidence package: computed again, held against what is declared, kept as the calculation P10."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from xunshui.evidence import report_as_json
from xunshui.register import attachment_kinds
from xunshui.web.api.attachment_out import AttachmentOut, attachment_out
from xunshui.web.api.authenticate import TokenAuth
from xunshui.web.api.bearer import bearer_in
from xunshui.web.api.operations.attachments import refuse_by_content
from xunshui.web.api.own import own_application
from xunshui.web.api.replayed import replayed
from xunshui.web.api.scope import Scope
from xunshui.web.api.told import CHANGING, Number, answers
from xunshui.web.programme import clock
from xunshui.web.programme.attach import attach
from xunshui.web.programme.line import leave_line

router = Router(tags=["申报"], auth=TokenAuth(Scope.ATTACH))
CODE = "P10"
"""The kind of document a package is: the calculation of the indicators with its annexes."""


class ClaimOut(Schema):
    """A declared figure beside what the package comes to."""

    where: str = Field(title="栏目")
    declared: str = Field(title="申报值")
    replayed: str = Field(title="复算值", description="取舍到申报值的位数")
    agrees: bool = Field(title="一致")


class EvidenceOut(Schema):
    """A package that was computed again and kept."""

    attachment: AttachmentOut = Field(title="证明材料")
    report: dict[str, Any] = Field(title="复核结果", description="与 xunshui evidence verify --json 相同")
    claims: list[ClaimOut] = Field(title="申报值与复算值")


@router.post(
    "/applications/{number}/evidence",
    response=answers(EvidenceOut, *CHANGING, status=201),
    operation_id="post_evidence",
    summary="上传证据包",
    description=(
        "xunshui evidence pack 生成的 .zip，不超过 20 MB。本站当场重算：完整并且原样复算的，作为 P10 收下，"
        "返回复核结果与申报值的比较；被改过或算出来不同的返回 422，逐处列出，不收。"
    ),
)
def post_evidence(
    request: HttpRequest, number: Number, file: Annotated[UploadedFile, File(title="证据包")]
) -> Status[dict[str, Any]]:
    """Compute a package again, keep it where it replays, and tell how the declared figures compare."""
    application = own_application(request, number)
    refuse_by_content(file)
    report, claims = replayed(file.read(), application)
    file.seek(0)
    kind = next(kind for kind in attachment_kinds() if kind.code == CODE)
    actor, now = bearer_in(request).actor, clock.now()
    told = [asdict(claim) for claim in claims]
    with transaction.atomic():
        row = attach(
            application.number,
            code=CODE,
            title=kind.title,
            file=file,
            actor=actor,
            now=now,
            supports=list(kind.supports),
        )
        leave_line(
            application,
            "evidence.replay",
            actor=actor,
            now=now,
            code=CODE,
            digest=row.digest,
            fingerprint=report.fingerprint,
            claims=told,
        )
    return Status(
        201,
        {"attachment": attachment_out(row), "report": report_as_json(report), "claims": told},
    )
