"""The facts that the tables of `review` ask for, taken from the records."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from xunshui.review import ApplicationFacts, Deadline, ObjectionState
from xunshui.review.objection import OPEN_STATES
from xunshui.review.scoring import ScoringState
from xunshui.web.programme.form import missing_documents, mistakes_in
from xunshui.web.programme.models import Application
from xunshui.web.programme.models.round import Level

PILOT_RESULT = "P19"


def application_facts(application: Application, *, now: dt.datetime, reason: str = "") -> ApplicationFacts:
    """Return everything that a step of this application may depend on."""
    of_draft = _of_draft(application, now, reason)
    return of_draft if application.can_be_edited else _once_handed_in(of_draft, application)


def _of_draft(application: Application, now: dt.datetime, reason: str) -> ApplicationFacts:
    return ApplicationFacts(
        now=now,
        filing=filing_deadline(application),
        mistakes=_open_mistakes(application),
        committed=application.committed_at is not None,
        unconfirmed_partners=_unconfirmed(application),
        fast_track=application.fast_track,
        pilot_accepted=_has_pilot_result(application),
        reason=reason,
    )


def _once_handed_in(of_draft: ApplicationFacts, application: Application) -> ApplicationFacts:
    """Add what a draft cannot have: checks, reviews, objections."""
    round_ = application.round
    objections = application.objections.all()
    return replace(
        of_draft,
        recommending=round_.deadline(Level.RECOMMENDING, application.body),
        truth_checked=application.truth_checked_at is not None,
        indicators_checked=application.indicators_checked_at is not None,
        opinion_written=bool(application.opinion.strip()),
        reviews_missing=_reviews_missing(application),
        in_submitted_table=application.rank is not None,
        objection_upheld=objections.filter(state=ObjectionState.UPHELD).exists(),
        notice_over=round_.notice_to is not None and of_draft.now >= round_.notice_to,
        open_objections=objections.filter(state__in=OPEN_STATES).count(),
    )


def filing_deadline(application: Application) -> Deadline | None:
    """Return until when the applicant may hand in: a returned one has its own time for correction."""
    if application.state == "returned" and application.correction_due is not None:
        return Deadline(at=application.correction_due)
    return application.round.deadline(Level.FILING, application.body, application.applicant)


def _open_mistakes(application: Application) -> int:
    if not application.can_be_edited:
        return 0
    return len(mistakes_in(application)) + len(missing_documents(application))


def _unconfirmed(application: Application) -> tuple[str, ...]:
    return tuple(row.organisation.name for row in application.partners.all() if row.confirmed_at is None)


def _has_pilot_result(application: Application) -> bool:
    return any(row.code == PILOT_RESULT for row in application.usable_proofs)


def _reviews_missing(application: Application) -> int:
    scored = application.scorings.filter(state=ScoringState.SCORED).count()
    return max(application.round.experts_per_case - scored, 0)
