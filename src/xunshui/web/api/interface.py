"""The interface put together: its operations, its errors, its OpenAPI description."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from xunshui.web.api.flood import Flood
from xunshui.web.api.json_text import JsonParser, JsonRenderer
from xunshui.web.api.operations import (
    applications,
    attachments,
    calls,
    catalogue,
    evidence,
    sections,
    site_file,
    verdict,
)
from xunshui.web.api.problem import MEDIA_TYPE, TITLES
from xunshui.web.api.refusals import tell_refusals

DESCRIPTION = """\
公开案例库与征集轮次，任何人可读；申报单位用个人令牌填写、上传、提交自己的申报。

* 令牌：登录后在“我的账号 → 接口令牌”生成，请求带 `Authorization: Bearer 令牌`。令牌不能签署承诺。
* 错误：`application/problem+json`（RFC 9457），`mistakes` 一次列出全部问题，各有位置与可填的内容。
* 频率：公开数据每分钟 120 次，每个令牌每分钟 240 次；超出返回 429 与 `Retry-After`。
"""
_GOOD_TITLES = {200: "成功", 201: "已收下"}
_ROUTERS = (catalogue, calls, applications, sections, site_file, attachments, evidence, verdict)


class ProgrammeAPI(NinjaAPI):
    """ninja's API, whose description says in Chinese what each answer means and that errors are problems."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the description of all operations as OpenAPI 3.1."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for path in schema["paths"].values():
            for operation in path.values():
                operation["responses"] = {
                    str(status): _answer(int(status), told)
                    for status, told in sorted(operation["responses"].items())
                }
        return schema


def _answer(status: int, told: dict[str, Any]) -> dict[str, Any]:
    if status < 400:
        return {**told, "description": _GOOD_TITLES[status]}
    (content,) = told["content"].values()
    return {"description": TITLES[status], "content": {MEDIA_TYPE: content}}


def _made() -> ProgrammeAPI:
    made = ProgrammeAPI(
        title="循水数据接口",
        version="1",
        description=DESCRIPTION,
        urls_namespace="api",
        docs_url=None,
        parser=JsonParser(),
        renderer=JsonRenderer(),
        throttle=Flood(),
    )
    tell_refusals(made)
    for room in _ROUTERS:
        made.add_router("", room.router)
    return made


interface = _made()
