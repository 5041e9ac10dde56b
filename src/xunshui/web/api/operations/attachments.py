"""Upload a proof document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from xunshui.register import AttachmentKind, attachment_kinds
from xunshui.web.api.attachment_out import AttachmentOut, attachment_out
from xunshui.web.api.authenticate import TokenAuth
from xunshui.web.api.bearer import bearer_in
from xunshui.web.api.own import own_application
from xunshui.web.api.problem import MistakeOut, Refused, invalid
from xunshui.web.api.scope import Scope
from xunshui.web.api.told import CHANGING, Number, answers
from xunshui.web.programme import clock
from xunshui.web.programme.attach import LARGEST, attach
from xunshui.web.programme.file_type import ACCEPTED, FileRefused, content_type_of
from xunshui.web.programme.form import form_for
from xunshui.web.programme.models import Application

router = Router(tags=["申报"], auth=TokenAuth(Scope.ATTACH))


class AttachmentIn(Schema):
    """What is told of a document beside its file."""

    code: str = Field(title="类别", description="P01–P20", pattern="^P[0-9]{2}$")
    issuer: str = Field("", title="出具单位", max_length=120)
    issued_on: dt.date | None = Field(None, title="出具日期", description="如 2024-03-01")
    supports: list[str] = Field(
        default_factory=list,
        title="支撑的栏目",
        description="如 indicators.reuse_rate，可重复；不写时按类别",
        max_length=30,
    )


@router.post(
    "/applications/{number}/attachments",
    response=answers(AttachmentOut, *CHANGING, status=201),
    operation_id="post_attachment",
    summary="上传证明材料",
    description=f"multipart/form-data；{ACCEPTED}，每个不超过 20 MB，按内容识别类型，经病毒扫描。",
)
def post_attachment(
    request: HttpRequest,
    number: Number,
    told: Annotated[AttachmentIn, Form()],
    file: Annotated[UploadedFile, File(title="文件")],
) -> Status[dict[str, Any]]:
    """Take in a document and return what became of it in the scan."""
    application = own_application(request, number)
    kind = _checked(application, told, file)
    row = attach(
        application.number,
        code=kind.code,
        title=kind.title[:120],
        file=file,
        actor=bearer_in(request).actor,
        now=clock.now(),
        issuer=told.issuer,
        issued_on=told.issued_on,
        supports=list(told.supports or kind.supports),
    )
    return Status(201, attachment_out(row))


def refuse_by_content(file: UploadedFile) -> None:
    """Raise `Refused` with 413 for a file that is too large, and with 422 for one that is not what is taken."""
    if (file.size or 0) > LARGEST:
        most = f"不超过 {LARGEST >> 20} MB"
        raise Refused(413, f"文件 {(file.size or 0) / 2**20:.1f} MB，{most}", where="file", accepted=most)
    try:
        content_type_of(file.read(), file.name or "")
    except FileRefused as error:
        raise invalid([MistakeOut(where="file", problem=str(error), accepted=ACCEPTED)]) from None
    finally:
        file.seek(0)


def _checked(application: Application, told: AttachmentIn, file: UploadedFile) -> AttachmentKind:
    kinds = {kind.code: kind for kind in attachment_kinds()}
    wrong = list(_wrong_fields(application, told.supports))
    if told.code not in kinds:
        accepted = f"{min(kinds)}–{max(kinds)}"
        wrong.insert(0, MistakeOut(where="code", problem=f"没有“{told.code}”这类材料", accepted=accepted))
    if not all(text.isprintable() for text in (told.issuer, *told.supports)):
        wrong.append(MistakeOut(where="issuer", problem="含有控制字符", accepted="删去后重填"))
    if wrong:
        raise invalid(wrong)
    refuse_by_content(file)
    return kinds[told.code]


def _wrong_fields(application: Application, supports: Sequence[str]) -> Iterator[MistakeOut]:
    form = form_for(application.round.notice)
    known = {f"{section.id}.{field.id}" for section in form.sections for field in section.fields}
    for place in supports:
        if place not in known:
            yield MistakeOut(
                where="supports",
                problem=f"申报书没有“{place[:60]}”",
                accepted="章节.栏目，如 indicators.reuse_rate",
            )
