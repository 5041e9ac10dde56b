"""Addresses of the room: the interface itself, its page, and the tokens of a person."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView

from xunshui.web.api.interface import interface
from xunshui.web.api.problem import Refused, problem_response
from xunshui.web.api.views import described, tokens


@csrf_exempt
def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer an address that the interface does not have."""
    return problem_response(Refused(404, f"接口没有“{request.path[:80]}”", accepted="见 /api/v1/docs/"))


def _with_problems(row: URLPattern | URLResolver) -> URLPattern | URLResolver:
    """Return a route whose answer to a wrong method is a problem too; ninja's own is plain text."""
    view = row.callback
    assert view is not None

    @csrf_exempt
    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = view(request, *args, **kwargs)
        if answer.status_code != 405:
            return answer
        allowed = answer["Allow"]
        detail = f"这个地址不支持 {request.method}"
        return problem_response(Refused(405, detail, accepted=allowed, headers={"Allow": allowed}))

    row.callback = told
    return row


_routes, _app, _namespace = interface.urls
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", RedirectView.as_view(url="/api/v1/docs/"), name="api"),
    path("api/v1/", RedirectView.as_view(url="/api/v1/docs/")),
    path("api/v1/docs/", described.described, name="api_docs"),
    path("api/v1/", ([_with_problems(row) for row in _routes], _app, _namespace)),
    path("api/<path:rest>", nothing_here),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/new/", tokens.new_token, name="token_new"),
    path("me/tokens/<int:token_id>/revoke/", tokens.revoke, name="token_revoke"),
]
