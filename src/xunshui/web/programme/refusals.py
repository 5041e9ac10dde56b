"""Refusals become pages: what was refused, why, and what to do; nothing is written."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from xunshui.review import StepRefused
from xunshui.web.programme.permissions import NotYours


class RefusalMiddleware:
    """Turns `NotYours` and `StepRefused` into answers that a person can act on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the next link of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the answer for a refusal, None for everything else."""
        if isinstance(error, NotYours):
            return render(request, "403.html", {"reason": str(error)}, status=403)
        if isinstance(error, StepRefused):
            return _refused(request, error)
        return None


def _refused(request: HttpRequest, error: StepRefused) -> HttpResponse:
    back = request.headers.get("Referer", "")
    if request.headers.get("HX-Request"):
        return render(request, "programme/refused.html", {"error": error}, status=409)
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        for reason in error.reasons:
            messages.add_message(request, messages.ERROR, f"不能“{error.title}”：{reason}", extra_tags="bad")
        return redirect(back)
    return render(request, "programme/refused_page.html", {"error": error}, status=409)
