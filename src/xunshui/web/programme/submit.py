"""Hand in, take back, sign: what the applicant does with a finished form."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects

from xunshui.assess import AssessmentForm, as_json
from xunshui.review import ApplicationFacts, ApplicationState, StepRefused
from xunshui.seal import canonical_bytes, digest
from xunshui.site import site_as_data
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.facts import application_facts
from xunshui.web.programme.form import form_for
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.live import assessed
from xunshui.web.programme.models import Application, Submission
from xunshui.web.programme.models.application import PARTS
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
    application.save(update_fields=["committed_at", "committed_by"])
    leave_line(application, "application.commit", actor=actor, now=now)
    return application


def submit(number: str, *, actor: Actor, now: dt.datetime) -> Submission:
    """Hand the application in and keep this version for good; a second press gives the same version.

    Raises `NotYours` and `StepRefused` with every reason. The version is computed before the records are locked, so
    that at the deadline nobody waits for the computing of others.
    """
    draft = Application.objects.select_related("round", "applicant").get(number=number)
    if (there := _handed_in(draft, actor)) is not None:
        return there
    ready = _sealed(draft, now) if draft.can_be_edited and owns(actor, draft) else None
    return _hand_in(number, ready, actor, now)


@transaction.atomic
def _hand_in(number: str, ready: _Sealed | None, actor: Actor, now: dt.datetime) -> Submission:
    application = locked(number)
    if (there := _handed_in(application, actor)) is not None:
        return there
    event = "resubmit" if application.state == ApplicationState.RETURNED else "submit"
    unchanged = ready is not None and ready.made_of == _made_of(application)
    sealed = ready if ready is not None and unchanged else _sealed(application, now)
    version = _version(application, sealed, actor, now)
    kept = {"no": version.no, "digest": version.digest}
    take(application, event, actor=actor, now=now, detail=kept, facts=sealed.facts)
    application.submitted_at = now
    applicant = sealed.answers.get("applicant", {})
    application.industry, application.city = applicant.get("industry", "")[:4], applicant.get("city", "")[:60]
    application.return_reason, application.correction_due = "", None
    application.truth_checked_at = application.indicators_checked_at = None
    application.save()
    version.save()
    return version


def _handed_in(application: Application, actor: Actor) -> Submission | None:
    """Return the version that the actor has handed in already and that waits for the province."""
    if application.state != ApplicationState.SUBMITTED or not owns(actor, application):
        return None
    return _last(application)


def _last(application: Application) -> Submission | None:
    """Return the last version without its contents, which are large."""
    return application.submissions.order_by("-no").defer("answers", "site", "assessment").first()


@transaction.atomic
def withdraw(number: str, *, actor: Actor, now: dt.datetime) -> Application:
    """Take a handed-in application back to change it; it must be handed in again before the deadline."""
    application = locked(number)
    take(application, "withdraw", actor=actor, now=now)
    application.save()
    return application


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sealed:
    """What a version keeps, the facts of the step, and what both were made of."""

    made_of: tuple[object, ...]
    answers: dict[str, Any]
    site: Any
    assessment: AssessmentForm | None
    digest: str
    facts: ApplicationFacts


def _made_of(application: Application) -> tuple[object, ...]:
    """Return what changes when anything does that a version or the facts of a draft are made of."""
    own = (application.state, application.kind, application.direction, application.fast_track)
    return (
        *own,
        application.committed_at,
        application.correction_due,
        *application.sections.order_by("pk").values_list("pk", "version"),
        *application.attachments.order_by("pk").values_list("pk", "state", "removed_at"),
        *application.partners.order_by("pk").values_list("pk", "confirmed_at"),
    )


def _sealed(application: Application, now: dt.datetime) -> _Sealed:
    # Looked at first: what changes while the version is computed makes it stale, never the other way round.
    made_of = _made_of(application)
    prefetch_related_objects([application], *PARTS)
    answers, assessment = application.answers, assessed(application)
    content = {
        "number": application.number,
        "answers": answers,
        "site": None if assessment is None else site_as_data(assessment.site),
        "files": sorted(row.digest for row in application.proofs),
    }
    return _Sealed(
        made_of=made_of,
        answers=answers,
        site=content["site"],
        assessment=None if assessment is None else as_json(assessment),
        digest=digest(canonical_bytes(content)),
        facts=application_facts(application, now=now),
    )


def _version(application: Application, sealed: _Sealed, actor: Actor, now: dt.datetime) -> Submission:
    last = _last(application)
    return Submission(
        application=application,
        no=1 if last is None else last.no + 1,
        at=now,
        by=actor.label,
        answers=sealed.answers,
        site=sealed.site,
        assessment=sealed.assessment,
        form_version=form_for(application.round.notice).version,
        rule_version=application.round.rule_version,
        digest=sealed.digest,
    )
