"""The demo's living plant: a steel works whose loggers are simulated."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

from xunshui.simulator.points import with_points
from xunshui.site import Site
from xunshui.site.templates import template
from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import Membership
from xunshui.web.console.models import LiveSite
from xunshui.web.console.share import share
from xunshui.web.console.store import store
from xunshui.web.programme.models import Application

OPERATOR = "applicant"
"""The person of the demo whose organisation runs the plant."""


@cache
def plant() -> Site:
    """Return the plant: the steel template with a simulated logger at every meter."""
    site = with_points(template("steel"))
    return replace(site, id="live-steel", name="示例钢铁联合企业（模拟读数）")


def store_plant(now: dt.datetime) -> LiveSite | None:
    """Keep the plant for the operator's organisation, shown for what it has handed in; None where nobody operates it."""
    membership = (
        Membership.objects.filter(person__username=OPERATOR).select_related("person", "organisation").first()
    )
    if membership is None:
        return None
    actor = Actor(person=membership.person, organisation=membership.organisation)
    row = store(plant(), membership.organisation, actor=actor, now=now)
    for application in Application.objects.filter(
        applicant=membership.organisation, submitted_at__isnull=False
    ):
        share(row, application, actor=actor, now=now)
    return row
