"""Fill an application in from the site's own file: the one that `xunshui assess` reads."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from xunshui.site import Site, read_site
from xunshui.web.api.authenticate import TokenAuth
from xunshui.web.api.bearer import bearer_in
from xunshui.web.api.own import own_application
from xunshui.web.api.problem import Refused
from xunshui.web.api.scope import Scope
from xunshui.web.api.told import CHANGING, Number, answers
from xunshui.web.programme import clock
from xunshui.web.programme.file_type import XLSX
from xunshui.web.programme.from_workbook import LARGEST, fill_from_site
from xunshui.web.programme.line import leave_line

router = Router(tags=["申报"], auth=TokenAuth(Scope.FILL))
SUFFIXES = {"application/json": ".json", XLSX.mime: ".xlsx"}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "站点文件本身：JSON（xunshui schema site 给出的结构）或 Excel 工作簿，不超过 20 MB",
        "content": {
            "application/json": {"schema": {"type": "object", "title": "站点"}},
            XLSX.mime: {"schema": {"type": "string", "format": "binary", "title": "站点工作簿"}},
        },
    }
}


class FilledOut(Schema):
    """Which sections were filled in from the file."""

    site: str = Field(title="站点名称")
    filled: list[str] = Field(title="填写的章节", description="其余章节保持原样")


@router.put(
    "/applications/{number}/site",
    response=answers(FilledOut, *CHANGING, 415),
    openapi_extra=_BODY,
    operation_id="put_site",
    summary="用站点文件填写",
    description="请求体就是文件。文件里的水量、产品、证明填进相应章节，其余答案不动。文件有错返回 422，逐处列出。",
)
def put_site(request: HttpRequest, number: Number) -> FilledOut:
    """Put what a site file tells into the sections."""
    application = own_application(request, number)
    site = _site_in(request)
    actor, now = bearer_in(request).actor, clock.now()
    with transaction.atomic():
        filled = fill_from_site(application, site, actor=actor, now=now)
        leave_line(application, "token.fill", actor=actor, now=now, site=site.name, sections=list(filled))
    return FilledOut(site=site.name, filled=list(filled))


def _site_in(request: HttpRequest) -> Site:
    suffix = SUFFIXES.get(request.content_type or "")
    if suffix is None:
        raise Refused(
            415, f"内容类型应为 {'、'.join(SUFFIXES)}", where="Content-Type", accepted="、".join(SUFFIXES)
        )
    content = request.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused(413, "站点文件过大", accepted=f"不超过 {LARGEST >> 20} MB")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"site{suffix}"
        path.write_bytes(content)
        return read_site(path)
