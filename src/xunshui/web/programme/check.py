"""What a province does with one application: check truth and indicators, return, accept, decline."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from xunshui.review import ApplicationState, Role, StepRefused
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Application
from xunshui.web.programme.permissions import NotYours, role_on
from xunshui.web.programme.taking import locked, take

CORRECTION = dt.timedelta(days=5)
"""How long a returned application may be corrected where the province names no other day."""


@transaction.atomic
def record_check(
    number: str,
    *,
    actor: Actor,
    now: dt.datetime,
    truth: bool,
    indicators: bool,
    opinion: str,
    remarks: dict[str, str],
    on_site_on: dt.date | None = None,
    on_site_note: str = "",
) -> Application:
    """Keep what the province has checked so far, its remarks on single claims and its opinion."""
    application = locked(number)
    _only_province(application, actor)
    if application.state not in (ApplicationState.SUBMITTED, ApplicationState.ACCEPTED):
        raise StepRefused("核查", (f"申报现在是“{application.get_state_display()}”",))
    application.truth_checked_at = (application.truth_checked_at or now) if truth else None
    application.indicators_checked_at = (application.indicators_checked_at or now) if indicators else None
    application.opinion, application.remarks = opinion, remarks
    application.on_site_on, application.on_site_note = on_site_on, on_site_note
    application.save()
    detail = {"truth": truth, "indicators": indicators, "opinion": opinion, "remarks": remarks}
    leave_line(application, "application.check", actor=actor, now=now, **detail)
    return application


@transaction.atomic
def return_for_correction(
    number: str, *, reason: str, actor: Actor, now: dt.datetime, due: dt.datetime | None = None
) -> Application:
    """Send an application back with the reason; its own filing deadline becomes `due`."""
    application = locked(number)
    due = due or now + CORRECTION
    take(application, "return", actor=actor, now=now, reason=reason, detail={"due": due})
    application.return_reason, application.correction_due, application.rank = reason, due, None
    application.committed_at = application.committed_at or now
    application.save()
    return application


@transaction.atomic
def accept(number: str, *, actor: Actor, now: dt.datetime) -> Application:
    """Pass an application; it enters the table at the end of the ranking."""
    application = locked(number)
    take(application, "accept", actor=actor, now=now)
    application.rank = _next_rank(application)
    application.save()
    return application


@transaction.atomic
def decline(number: str, *, reason: str, actor: Actor, now: dt.datetime) -> Application:
    """Do not recommend an application, with the reason."""
    application = locked(number)
    take(application, "decline", actor=actor, now=now, reason=reason)
    application.return_reason, application.rank = reason, None
    application.save()
    return application


@transaction.atomic
def reconsider(number: str, *, actor: Actor, now: dt.datetime) -> Application:
    """Take a declined application up again."""
    application = locked(number)
    take(application, "reconsider", actor=actor, now=now)
    application.return_reason = ""
    application.save()
    return application


@transaction.atomic
def forward(number: str, *, actor: Actor, now: dt.datetime) -> Application:
    """Send a 2022 pilot that passed acceptance straight to the ministry, with its proof."""
    application = locked(number)
    take(application, "forward", actor=actor, now=now)
    application.recommended_at = now
    application.save()
    return application


def _next_rank(application: Application) -> int:
    ranked = Application.objects.filter(
        round=application.round, body=application.body, rank__isnull=False, state=ApplicationState.ACCEPTED
    )
    return ranked.count() + 1


def _only_province(application: Application, actor: Actor) -> None:
    if role_on(actor, application) is not Role.PROVINCE:
        raise NotYours("只有推荐单位可以核查")
