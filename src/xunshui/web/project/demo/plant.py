"""The demo's living plant: a steel works whose loggers are simulated."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

from xunshui.simulator.points import with_points
from xunshui.site import Site
from xunshui.site.templates import template
from xunshui.telemetry.localtime import HOUR_US, MINUTE_US, local_datetime
from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import Membership
from xunshui.web.console.models import LiveSite
from xunshui.web.console.share import share
from xunshui.web.console.store import store
from xunshui.web.programme.models import Application

OPERATOR = "applicant"
"""The person of the demo whose organisation runs the plant."""
TEN_MINUTES_US = 10 * MINUTE_US
FAULTS = (("--bias", "FM-206=6%", 9 * HOUR_US), ("--leak", "CT1=41", 6 * HOUR_US))
"""A meter that reads high, a unit that leaks [m³/h], and for how long when the demo is made."""


@cache
def plant() -> Site:
    """Return the plant: the steel template with a simulated logger at every meter."""
    site = with_points(template("steel"))
    return replace(site, id="live-steel", name="示例钢铁联合企业（模拟读数）")


def faults(now_us: int) -> str:
    """Return what has gone wrong in the plant since a few hours, as options of `xunshui simulate`."""
    return "\n".join(
        f"{option}\n{fault}@{local_datetime((now_us - ago_us) // TEN_MINUTES_US * TEN_MINUTES_US):%Y-%m-%dT%H:%M}"
        for option, fault, ago_us in FAULTS
    )


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
