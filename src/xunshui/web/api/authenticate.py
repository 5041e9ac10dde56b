"""Who calls: `Authorization: Bearer <key>`, and whether the key may do what is asked. Sessions count for nothing."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from xunshui.web.api.bearer import Bearer, TokenRefused, bearer_of, note_use
from xunshui.web.api.flood import count_refused
from xunshui.web.api.problem import Refused
from xunshui.web.api.scope import Scope
from xunshui.web.programme import clock

LARGEST_BODY = 21 * 1024 * 1024
"""Bytes of a body: the largest file and what multipart puts around it."""
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="xunshui"'}
HOW = "Authorization: Bearer 令牌；令牌在“我的账号 → 接口令牌”生成"


class TokenAuth(HttpBearer):
    """Lets a call through whose token is live and has the scope."""

    openapi_description = "个人令牌：登录后在“我的账号 → 接口令牌”生成，只显示一次。"

    def __init__(self, scope: Scope) -> None:
        """Take what the operation asks for."""
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> Bearer:
        """Return who calls; raises `Refused` with 401, 403, 413 or 429 before a byte of the body is read."""
        bearer = super().__call__(request)
        if not isinstance(bearer, Bearer):
            raise _refused(request, "没有给出令牌")
        if not bearer.token.allows(self.scope):
            allowed = "、".join(bearer.token.scope_titles)
            raise Refused(403, f"令牌 {bearer.token.key} 没有“{self.scope.label}”的权限", accepted=allowed)
        _refuse_large(request)
        return bearer

    def authenticate(self, request: HttpRequest, token: str) -> Bearer:
        """Return who acts by the key; raises `Refused` with status 401."""
        now = clock.now()
        try:
            bearer = bearer_of(token.strip(), now)
        except TokenRefused as error:
            raise _refused(request, str(error)) from None
        note_use(bearer, now)
        return bearer


def _refused(request: HttpRequest, reason: str) -> Refused:
    """Return the refusal, counted by address, so that nobody tries keys one after the other."""
    count_refused(request)
    return Refused(401, reason, where="Authorization", accepted=HOW, headers=CHALLENGE)


def _refuse_large(request: HttpRequest) -> None:
    told = request.META.get("CONTENT_LENGTH") or "0"
    if not told.isdecimal() or int(told) > LARGEST_BODY:
        most = LARGEST_BODY >> 20
        raise Refused(413, f"内容 {told} 字节，最大 {most} MB；请压缩或分开", accepted=f"不超过 {most} MB")
