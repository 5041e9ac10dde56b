"""Errors as RFC 9457 problems: what is wrong, where, and what would be accepted, in Chinese."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse
from ninja import Schema
from pydantic import Field

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "请求无法读取",
    401: "需要有效的令牌",
    403: "令牌没有这项权限",
    404: "没有找到",
    405: "这个地址不支持这种方法",
    409: "现在不能这样做",
    410: "案例已移出案例库",
    413: "内容过大",
    415: "内容类型不支持",
    422: "内容有误",
    429: "请求过于频繁",
    500: "服务器出错",
}


class MistakeOut(Schema):
    """One thing that is wrong."""

    where: str = Field(title="位置", description="章节与栏目，如 ledger.surface.2023；或请求的参数名")
    problem: str = Field(title="问题")
    accepted: str = Field(default="", title="可填")


class ProblemOut(Schema):
    """What every error says."""

    type: str = Field(default="about:blank", title="类型")
    title: str = Field(title="标题")
    status: int = Field(title="状态码")
    detail: str = Field(title="说明", description="为什么，以及可以怎样做")
    where: str = Field(default="", title="位置")
    accepted: str = Field(default="", title="可填")
    mistakes: list[MistakeOut] = Field(default_factory=list, title="逐项", description="一次列出全部问题")


class Refused(Exception):
    """An answer other than the wanted one; raise it anywhere below an operation."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        where: str = "",
        accepted: str = "",
        mistakes: Iterable[MistakeOut] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        """Keep what the problem says; `more` are members of its own kind of problem."""
        told = ProblemOut(
            title=TITLES[status],
            status=status,
            detail=detail,
            where=where,
            accepted=accepted,
            mistakes=list(mistakes),
        )
        self.content: dict[str, Any] = {**told.model_dump(), **more}
        self.headers = dict(headers or {})
        super().__init__(detail)


def invalid(mistakes: Iterable[MistakeOut]) -> Refused:
    """Return the refusal of a content with every mistake in it."""
    rows = list(mistakes)
    first = rows[0]
    return Refused(
        422, f"有 {len(rows)} 处需要改正", where=first.where, accepted=first.accepted, mistakes=rows
    )


def problem_response(refused: Refused) -> HttpResponse:
    """Return the answer that tells a refusal."""
    text = json.dumps(refused.content, ensure_ascii=False)
    # A lone surrogate that a caller sent becomes its own JSON escape.
    content = text.encode("utf-8", "backslashreplace")
    status = refused.content["status"]
    response = HttpResponse(content, status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    for name, value in refused.headers.items():
        response[name] = value
    return response
