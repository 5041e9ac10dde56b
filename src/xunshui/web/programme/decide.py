"""Selection: outcomes are staged case by case and released together with the minutes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from xunshui.quantities import rounded
from xunshui.review import ROUND, ApplicationState, Role, ScoringState, StepRefused
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Application, Round
from xunshui.web.programme.open_round import round_facts
from xunshui.web.programme.permissions import NotYours
from xunshui.web.programme.score import PLACES
from xunshui.web.programme.taking import locked, take


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A case in the selection: its mean, the experts' totals, their spread, and its place among equals."""

    application: Application
    mean: Decimal | None
    totals: tuple[Decimal, ...]
    missing: int
    place: int | None = None

    @property
    def spread(self) -> Decimal | None:
        """Return the highest less the lowest total."""
        return max(self.totals) - min(self.totals) if self.totals else None


def standings(round_: Round) -> list[Standing]:
    """Return the cases of a round, best mean first; equal means share a place, never ordered by number alone."""
    states = (ApplicationState.IN_REVIEW, ApplicationState.SELECTED, ApplicationState.NOT_SELECTED)
    cases = Application.objects.filter(round=round_, state__in=states)
    rows = [
        _standing(case) for case in cases.select_related("applicant", "round").prefetch_related("scorings")
    ]
    rows.sort(key=lambda row: (-(row.mean if row.mean is not None else Decimal(-1)), row.application.number))
    return [_placed(row, rows) for row in rows]


@transaction.atomic
def stage(number: str, *, selected: bool, reason: str, actor: Actor, now: dt.datetime) -> Application:
    """Set the outcome of one case; nobody outside the ministry sees it before the whole list is released."""
    application = locked(number)
    event = "select" if selected else "pass_over"
    wanted = ApplicationState.SELECTED if selected else ApplicationState.NOT_SELECTED
    _unstage(application, wanted, actor)
    if application.state != wanted:
        take(application, event, actor=actor, now=now, reason=reason)
    application.decision_reason = reason
    application.save()
    return application


@transaction.atomic
def write_minutes(round_: Round, text: str, *, actor: Actor, now: dt.datetime) -> Round:
    """Keep the minutes of the selection meeting."""
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    if actor.role is not Role.MINISTRY:
        raise NotYours("只有工业和信息化部写会议纪要")
    if round_.is_decided_in_public:
        raise StepRefused("修改会议纪要", ("名单已经公开，纪要不再修改",))
    round_.minutes = text
    round_.save()
    leave_line(round_, "round.minutes", actor=actor, now=now, text=text)
    return round_


@transaction.atomic
def announce(round_: Round, *, days: int, contact: str, actor: Actor, now: dt.datetime) -> Round:
    """Release all staged outcomes at once and open the public notice for `days` days from `now`."""
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    step = ROUND.take("announce", state=round_.state, role=actor.role, facts=round_facts(round_, now=now))
    for application in Application.objects.filter(round=round_, state=ApplicationState.SELECTED):
        take(application, "announce", actor=actor, now=now)
        application.save()
    round_.state = step.after
    round_.notice_from, round_.notice_to = now, now + dt.timedelta(days=days)
    round_.notice_contact = contact
    round_.save()
    leave_line(
        round_, "round.announce", actor=actor, now=now, begins=round_.notice_from, ends=round_.notice_to
    )
    return round_


def _standing(application: Application) -> Standing:
    scored = [row for row in application.scorings.all() if row.state == ScoringState.SCORED]
    totals = tuple(sorted(row.total for row in scored if row.total is not None))
    mean = rounded(sum(map(Fraction, totals), Fraction(0)) / len(totals), PLACES) if totals else None
    open_rows = sum(row.state == ScoringState.ASSIGNED for row in application.scorings.all())
    return Standing(application=application, mean=mean, totals=totals, missing=open_rows)


def _placed(row: Standing, rows: list[Standing]) -> Standing:
    if row.mean is None:
        return row
    better = sum(other.mean is not None and other.mean > row.mean for other in rows)
    return Standing(
        application=row.application, mean=row.mean, totals=row.totals, missing=row.missing, place=better + 1
    )


def _unstage(application: Application, wanted: ApplicationState, actor: Actor) -> None:
    """Take a staged outcome back, while the list is not released, so that the other can be staged."""
    staged = application.state in (ApplicationState.SELECTED, ApplicationState.NOT_SELECTED)
    if not staged or application.state == wanted:
        return
    if actor.role is not Role.MINISTRY or application.round.is_decided_in_public:
        raise StepRefused("改定结果", ("名单已经公开，结果不再改动",))
    application.state = ApplicationState.IN_REVIEW
