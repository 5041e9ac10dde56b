"""A proof document as the interface tells it."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from xunshui.web.programme.models import Attachment


class AttachmentOut(Schema):
    """A document with what became of it in the scan."""

    id: int = Field(title="编号")
    code: str = Field(title="类别", description="P01–P20")
    title: str = Field(title="名称")
    file_name: str = Field(title="文件名")
    content_type: str = Field(title="类型")
    size: int = Field(title="大小", description="字节")
    digest: str = Field(title="摘要")
    state: str = Field(title="状态", description="quarantined 待扫描，clean 可用，rejected 已拒绝")
    finding: str = Field(title="扫描结果")
    issuer: str = Field(title="出具单位")
    issued_on: str | None = Field(title="出具日期")
    supports: list[str] = Field(title="支撑的栏目")


def attachment_out(row: Attachment) -> dict[str, Any]:
    """Return a document as plain data."""
    told = {name: getattr(row, name) for name in AttachmentOut.model_fields if name != "id"}
    return {
        **told,
        "id": row.pk,
        "supports": list(row.supports),
        "issued_on": row.issued_on.isoformat() if row.issued_on else None,
    }
