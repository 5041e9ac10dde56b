"""Officials and experts work with a second factor; without one they get no further than setting it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from xunshui.review import Role
from xunshui.web.accounts.actor import PUBLIC

NEEDS_ONE = (Role.CITY, Role.PROVINCE, Role.MINISTRY, Role.EXPERT)
OPEN = ("/accounts/", "/static/", "/api/", "/me/", "/help/")
CATALOGUE = "/catalogue/"


class SecondFactorMiddleware:
    """Sends an official or expert who has no second factor to the page that sets one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the next link of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_: Any
    ) -> HttpResponse | None:
        """Send the sender to set up a second factor first, or let the view answer."""
        if settings.SECOND_FACTOR and not _is_open(request, view) and _lacks_one(request):
            return redirect("mfa_activate_totp")
        return None


def _is_open(request: HttpRequest, view: Callable[..., HttpResponse]) -> bool:
    """Return whether no second factor is asked for; the catalogue is open where it asks for no login either."""
    asks_login = hasattr(view, "login_url")  # as `login_required` leaves it
    return request.path.startswith(OPEN) or (request.path.startswith(CATALOGUE) and not asks_login)


def _lacks_one(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", PUBLIC)
    return actor.role in NEEDS_ONE and not is_mfa_enabled(request.user)
