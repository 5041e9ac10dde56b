"""The first page: the call, its directions and deadlines, and the way in for each part."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from xunshui.register import bodies, directions
from xunshui.review import ApplicationState, Role
from xunshui.web.programme import clock
from xunshui.web.programme.models import Application
from xunshui.web.programme.models.round import Level
from xunshui.web.programme.views.asking import actor_in, current_round

WORKPLACE = {
    Role.APPLICANT: "/apply/",
    Role.PARTNER: "/joint/",
    Role.ASSOCIATION: "/association/",
    Role.PROVINCE: "/province/",
    Role.MINISTRY: "/ministry/",
    Role.EXPERT: "/expert/",
}


def home(request: HttpRequest) -> HttpResponse:
    """Show the call to the public; send everyone with a part in it to their work."""
    actor = actor_in(request)
    if actor.role in WORKPLACE:
        return redirect(WORKPLACE[actor.role])
    round_ = current_round()
    deadline = None if round_ is None else round_.deadline(Level.FILING, "")
    context = {
        "round": round_,
        "deadline": deadline,
        "directions": directions(),
        "bodies": len(bodies()),
        "published": Application.objects.filter(state=ApplicationState.PUBLISHED).count(),
        "on_notice": Application.objects.filter(state=ApplicationState.ON_NOTICE).count(),
        "now": clock.now(),
    }
    return render(request, "programme/home.html", context)
