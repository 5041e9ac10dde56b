"""Take in a proof document: by what it is rather than what it is called, into quarantine, then scanned."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import File
from django.db import transaction

from xunshui.review import StepRefused
from xunshui.seal import digest
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.file_type import FileRefused, content_type_of
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Attachment
from xunshui.web.programme.models.application import FileState
from xunshui.web.programme.permissions import NotYours, owns
from xunshui.web.programme.scanner import scan
from xunshui.web.programme.taking import locked

LARGEST = 20 * 1024 * 1024
LONGEST_NAME, LONGEST_FINDING = 200, 200


@transaction.atomic
def attach(
    number: str, *, code: str, title: str, file: File[bytes], actor: Actor, now: dt.datetime, **told: Any
) -> Attachment:
    """Keep a file as proof `code` of an application the actor may edit; `told` are issuer, day, supports.

    Raises `NotYours`, and `StepRefused` where the file is too large, empty, or of a kind not taken.
    """
    application = locked(number)
    if not owns(actor, application):
        raise NotYours("只有申报单位可以上传材料")
    if not application.can_be_edited:
        raise StepRefused("上传材料", (f"申报现在是“{application.get_state_display()}”；请先撤回",))
    content = _read(file)
    try:
        kind = content_type_of(content, file.name or "")
    except FileRefused as error:
        raise StepRefused("上传材料", (str(error),)) from None
    verdict = scan(content)
    row = Attachment(
        application=application,
        code=code,
        title=title,
        file_name=(file.name or "")[-LONGEST_NAME:],
        content_type=kind.mime,
        size=len(content),
        digest=digest(content),
        state=verdict.state,
        finding=verdict.finding[:LONGEST_FINDING],
        uploaded_at=now,
        uploaded_by=actor.label,
        **told,
    )
    file.seek(0)
    row.file.save(f"{application.number}-{code}{kind.suffix}", file, save=True)
    leave_line(application, "attachment.add", actor=actor, now=now, code=code, digest=row.digest)
    return row


@transaction.atomic
def remove(attachment_id: int, *, actor: Actor, now: dt.datetime) -> Attachment:
    """Take a document out of an application that may be edited; the file stays for the trail."""
    row = Attachment.objects.select_related("application").get(pk=attachment_id)
    application = locked(row.application.number)
    if not owns(actor, application):
        raise NotYours("只有申报单位可以移除材料")
    if not application.can_be_edited:
        raise StepRefused("移除材料", (f"申报现在是“{application.get_state_display()}”",))
    row.removed_at = now
    row.save()
    leave_line(application, "attachment.remove", actor=actor, now=now, code=row.code, digest=row.digest)
    return row


def can_be_opened(row: Attachment) -> bool:
    """Return whether the file may be handed out."""
    return row.state == FileState.CLEAN and row.removed_at is None


def _read(file: File[bytes]) -> bytes:
    if file.size > LARGEST:
        raise StepRefused(
            "上传材料",
            (f"文件 {file.size / 1048576:.1f} MB，最大 {LARGEST // 1048576} MB；请压缩或分开上传",),
        )
    content: bytes = file.read()
    if not content:
        raise StepRefused("上传材料", ("文件是空的",))
    return content
