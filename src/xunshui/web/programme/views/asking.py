"""What every view asks of a request: who acts, and which application is meant."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest

from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.models import Application, Round
from xunshui.web.programme.permissions import visible_to


def actor_in(request: HttpRequest) -> Actor:
    """Return who acts in this request."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


def application_in(request: HttpRequest, number: str) -> Application:
    """Return the application of that number; 404 where the actor may not read it, as if it did not exist."""
    rows = visible_to(actor_in(request)).select_related("round", "applicant")
    application = rows.filter(number=number).first()
    if application is None:
        raise Http404(f"没有编号为 {number} 的申报，或者您现在的身份看不到它")
    return application


def current_round() -> Round | None:
    """Return the newest round that has left preparation."""
    return Round.objects.exclude(state="preparing").first()
