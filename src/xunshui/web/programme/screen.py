"""The ministry looks whether what arrived can be reviewed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.models import Application
from xunshui.web.programme.taking import locked, take


@transaction.atomic
def screen(number: str, *, passes: bool, reason: str, actor: Actor, now: dt.datetime) -> Application:
    """Let a recommended case into the review, or refuse it with the reason."""
    application = locked(number)
    event = "screen_in" if passes else "screen_out"
    take(application, event, actor=actor, now=now, reason=reason)
    application.decision_reason = "" if passes else reason
    application.save()
    return application
