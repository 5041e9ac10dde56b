"""What every page of the ministry asks first: that the ministry asks, and which round is meant."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from xunshui.review import ROUND, Role
from xunshui.web.programme.models import Round
from xunshui.web.programme.permissions import NotYours
from xunshui.web.programme.views.asking import actor_in

View = Callable[..., HttpResponseBase]


def for_ministry(view: View) -> View:
    """Let only the ministry in; everyone else is told so."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if actor_in(request).role is not Role.MINISTRY:
            raise NotYours("这一页由工业和信息化部办理；请切换到相应身份")
        return view(request, *args, **kwargs)

    return guarded


def round_in(year: int) -> Round:
    """Return the round of a year; 404 where there is none."""
    return get_object_or_404(Round, year=year)


def frame(round_: Round, tab: str) -> dict[str, Any]:
    """Return what every page of a round shows around its own content."""
    codes = list(ROUND.states)
    here = codes.index(round_.state)
    steps = [
        (title, "done" if at < here else "here" if at == here else "")
        for at, title in enumerate(ROUND.states.values())
    ]
    return {"round": round_, "tab": tab, "steps": steps}
