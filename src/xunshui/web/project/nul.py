"""No NUL in what is asked: PostgreSQL cannot keep the character, and nobody types it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.datastructures import MultiValueDict

NUL = "\0"


class NulMiddleware:
    """Answers 400 where a page's address or form carries NUL, on both kinds of database alike.

    The interface looks at its parameters itself and answers with a problem.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the next link of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponse | None:
        """Return the refusal, None for all other requests."""
        # A view without a CSRF token is the interface's.
        if getattr(view, "csrf_exempt", False):
            return None
        found = any(NUL in text for text in (request.path, *_texts(request.GET), *_texts(request.POST)))
        return HttpResponseBadRequest("请求含有空字符（NUL），请删去后重试") if found else None


def _texts(posted: MultiValueDict[str, str]) -> Iterator[str]:
    for key, values in posted.lists():
        yield key
        yield from values
