"""Hand in, take back, sign: what the applicant does with a finished form."""

from __future__ import annotations

import datetime as dt
import json

from django.db import transaction

from xunshui.assess import as_json
from xunshui.review import ApplicationState, StepRefused
from xunshui.seal import canonical_bytes, digest
from xunshui.site import site_as_json
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.form import form_for
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.live import assessed
from xunshui.web.programme.models import Application, Submission
from xunshui.web.programme.permissions import NotYours, owns
from xunshui.web.programme.taking import locked, take


@transaction.atomic
def sign_commitment(number: str, *, actor: Actor, now: dt.datetime) -> Application:
    """Sign the commitment to truth; only a signatory of the applicant can.

    Raises `NotYours` and `StepRefused`.
    """
    application = locked(number)
    if not owns(actor, application):
        raise NotYours("只有申报单位可以签署承诺")
    if not actor.signs:
        raise StepRefused("签署承诺", ("您是经办人；承诺由本单位负责人签署",))
    if not application.can_be_edited:
        raise StepRefused("签署承诺", (f"申报现在是“{application.get_state_display()}”",))
    application.committed_at, application.committed_by = now, actor.label
    application.save()
    leave_line(application, "application.commit", actor=actor, now=now)
    return application


@transaction.atomic
def submit(number: str, *, actor: Actor, now: dt.datetime) -> Submission:
    """Hand the application in and keep this version for good; a second press gives the same version.

    Raises `NotYours` and `StepRefused` with every reason.
    """
    application = locked(number)
    last = application.submission
    if application.state == ApplicationState.SUBMITTED and last is not None and owns(actor, application):
        return last
    event = "resubmit" if application.state == ApplicationState.RETURNED else "submit"
    version = _sealed(application, actor, now)
    take(application, event, actor=actor, now=now, detail={"no": version.no, "digest": version.digest})
    application.submitted_at = now
    applicant = application.answers.get("applicant", {})
    application.industry, application.city = applicant.get("industry", "")[:4], applicant.get("city", "")[:60]
    application.return_reason, application.correction_due = "", None
    application.truth_checked_at = application.indicators_checked_at = None
    application.save()
    version.save()
    return version


@transaction.atomic
def withdraw(number: str, *, actor: Actor, now: dt.datetime) -> Application:
    """Take a handed-in application back to change it; it must be handed in again before the deadline."""
    application = locked(number)
    take(application, "withdraw", actor=actor, now=now)
    application.save()
    return application


def _sealed(application: Application, actor: Actor, now: dt.datetime) -> Submission:
    assessment = assessed(application)
    content = {
        "number": application.number,
        "answers": application.answers,
        "site": None if assessment is None else json.loads(site_as_json(assessment.site)),
        "files": sorted(application.attachments.filter(removed_at=None).values_list("digest", flat=True)),
    }
    last = application.submission
    return Submission(
        application=application,
        no=1 if last is None else last.no + 1,
        at=now,
        by=actor.label,
        answers=content["answers"],
        site=content["site"],
        assessment=None if assessment is None else as_json(assessment),
        form_version=form_for(application.round.notice).version,
        rule_version=application.round.rule_version,
        digest=digest(canonical_bytes(content)),
    )
