"""Take one step of an application: relation, table and trail in one place, so that no verb can skip one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xunshui.review import APPLICATION, ApplicationFacts, Step
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.facts import application_facts
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Application
from xunshui.web.programme.permissions import role_on


def locked(number: str) -> Application:
    """Return the application under a lock that holds until the transaction ends."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("round", "applicant")
        .get(number=number)
    )


def take(
    application: Application,
    event: str,
    *,
    actor: Actor,
    now: dt.datetime,
    reason: str = "",
    detail: dict[str, Any] | None = None,
    facts: ApplicationFacts | None = None,
) -> Step[ApplicationFacts]:
    """Move a locked application on and leave a line in the trail; the caller saves it with its own facts.

    Raises `NotYours` where the actor has no part in it and `StepRefused` with every reason otherwise.
    """
    step = APPLICATION.take(
        event,
        state=application.state,
        role=role_on(actor, application),
        facts=facts or application_facts(application, now=now, reason=reason),
    )
    before, application.state = application.state, step.after
    leave_line(
        application,
        f"application.{event}",
        actor=actor,
        now=now,
        before=before,
        after=str(step.after),
        reason=reason,
        **(detail or {}),
    )
    return step
