"""Publish the list, and take a case off it again with a stone that says why."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from xunshui.review import ROUND, ApplicationState
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Application, Round
from xunshui.web.programme.open_round import round_facts
from xunshui.web.programme.taking import locked, take


@transaction.atomic
def publish(round_: Round, *, actor: Actor, now: dt.datetime) -> Round:
    """Publish every case still on notice once the notice is over and no objection is open."""
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    step = ROUND.take("publish", state=round_.state, role=actor.role, facts=round_facts(round_, now=now))
    for application in Application.objects.filter(round=round_, state=ApplicationState.ON_NOTICE):
        take(application, "publish", actor=actor, now=now)
        application.published_at = now
        application.save()
    round_.state, round_.published_at = step.after, now
    round_.save()
    leave_line(round_, "round.publish", actor=actor, now=now)
    return round_


@transaction.atomic
def delist(number: str, *, reason: str, actor: Actor, now: dt.datetime) -> Application:
    """Take a published case off the list; its page stays and says why."""
    application = locked(number)
    take(application, "delist", actor=actor, now=now, reason=reason)
    application.delisted_at, application.decision_reason = now, reason
    application.save()
    return application
