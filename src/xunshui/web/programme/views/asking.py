"""What every view asks of a request: who acts, and which application is meant."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest

from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.models import Application, Round
from xunshui.web.programme.permissions import NotYours, applies, owns, visible_to


def actor_in(request: HttpRequest) -> Actor:
    """Return who acts in this request."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


def application_in(request: HttpRequest, number: str) -> Application:
    """Return the application of that number; 404 where the actor may not read it, as if it did not exist."""
    rows = visible_to(actor_in(request)).select_related("round", "applicant")
    application = rows.filter(number=number).first()
    if application is None:
        raise _not_there(number)
    return application


def filing_in(request: HttpRequest, number: str) -> Application:
    """Return the application of that number to those who apply; to the other parts the form is not there."""
    application = application_in(request, number)
    if not applies(actor_in(request), application):
        raise _not_there(number)
    return application


def own_filing_in(request: HttpRequest, number: str) -> Application:
    """Return the application of that number to its lead; raises `NotYours` for a joint applicant."""
    application = filing_in(request, number)
    _lead_only(actor_in(request), application)
    return application


def own_number_in(request: HttpRequest, number: str) -> str:
    """Return the number of an application that the actor leads; raises like `own_filing_in`.

    For acts whose verb reads the application itself, under its lock: only what the relation needs is read here.
    """
    actor = actor_in(request)
    application = visible_to(actor).filter(number=number).only("number", "applicant").first()
    if application is None or not applies(actor, application):
        raise _not_there(number)
    _lead_only(actor, application)
    return number


def _lead_only(actor: Actor, application: Application) -> None:
    if not owns(actor, application):
        raise NotYours("联合申报单位可以查看；由申报单位填写、签署和提交")


def _not_there(number: str) -> Http404:
    return Http404(f"没有编号为 {number} 的申报，或者您现在的身份看不到它")


def current_round() -> Round | None:
    """Return the newest round that has left preparation."""
    return Round.objects.exclude(state="preparing").first()
