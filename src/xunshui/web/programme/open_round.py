"""The ministry makes a round from the notice's dated rows, sets deadlines, opens it and moves it on."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from xunshui.register import application_form, register
from xunshui.review import ROUND, ApplicationState, Role, RoundFacts, StepRefused
from xunshui.review.objection import OPEN_STATES
from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import Organisation
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Application, Extension, Objection, Round, RoundDeadline
from xunshui.web.programme.models.round import Level
from xunshui.web.programme.permissions import NotYours


@transaction.atomic
def prepare_round(notice_id: str, *, filing_at: dt.datetime, actor: Actor, now: dt.datetime) -> Round:
    """Return a new round of a notice: rules, form and the recommending deadline come from its rows.

    `filing_at` is when applicants must have handed in, for every body that sets no earlier moment.
    """
    _only_ministry(actor)
    rows, form = register(notice_id), application_form(notice_id)
    round_ = Round.objects.create(
        year=rows.notice.filing_year,
        title=rows.notice.title,
        notice=notice_id,
        rule_version=rows.version,
        form_version=form.version,
    )
    RoundDeadline.objects.create(round=round_, level=Level.FILING, at=filing_at)
    RoundDeadline.objects.create(
        round=round_, level=Level.RECOMMENDING, at=rows.notice.deadline, reason=rows.notice.document
    )
    leave_line(
        round_, "round.prepare", actor=actor, now=now, notice=notice_id, rules=rows.version, form=form.version
    )
    return round_


@transaction.atomic
def set_deadline(
    round_: Round,
    level: Level,
    at: dt.datetime,
    *,
    actor: Actor,
    now: dt.datetime,
    body: str = "",
    grace: dt.timedelta = dt.timedelta(0),
    reason: str = "",
) -> RoundDeadline:
    """Set when a level closes; a province may set its own for filing, not later than its recommending one."""
    _may_set(round_, level, at, actor, body)
    row, _ = RoundDeadline.objects.update_or_create(
        round=round_,
        level=level,
        body=body,
        defaults={"at": at, "grace_s": int(grace.total_seconds()), "reason": reason},
    )
    leave_line(round_, "round.deadline", actor=actor, now=now, level=level, body=body, at=at, reason=reason)
    return row


@transaction.atomic
def extend(
    round_: Round,
    level: Level,
    organisation: Organisation,
    at: dt.datetime,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> Extension:
    """Give one party more time, with the reason."""
    _only_ministry(actor)
    if not reason.strip():
        raise StepRefused("延期", ("请写明理由；延期会记入审计记录",))
    extension = Extension.objects.create(
        round=round_,
        level=level,
        organisation=organisation,
        at=at,
        reason=reason,
        granted_by=actor.label,
        granted_at=now,
    )
    detail = {"level": level, "organisation": organisation.name, "at": at, "reason": reason}
    leave_line(round_, "round.extend", actor=actor, now=now, **detail)
    return extension


@transaction.atomic
def move_on(round_: Round, event: str, *, actor: Actor, now: dt.datetime) -> Round:
    """Take one step of the round that changes nothing but its state: open it, begin the review."""
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    step = ROUND.take(event, state=round_.state, role=actor.role, facts=round_facts(round_, now=now))
    round_.state = step.after
    round_.save()
    leave_line(round_, f"round.{event}", actor=actor, now=now)
    return round_


def round_facts(round_: Round, *, now: dt.datetime) -> RoundFacts:
    """Return what the steps of a round depend on."""
    cases = Application.objects.filter(round=round_)
    undecided = (ApplicationState.RECOMMENDED, ApplicationState.IN_REVIEW)
    objections = Objection.objects.filter(application__round=round_, state__in=OPEN_STATES)
    return RoundFacts(
        deadlines_set=round_.deadlines.values("level").distinct().count() == len(Level),
        still_open_bodies=_still_open(round_, now),
        undecided=cases.filter(state__in=undecided).count(),
        selected=cases.filter(state=ApplicationState.SELECTED).count(),
        minutes_written=bool(round_.minutes.strip()),
        notice_over=round_.notice_to is not None and now >= round_.notice_to,
        open_objections=objections.count(),
    )


def _still_open(round_: Round, now: dt.datetime) -> int:
    """Return how many bodies with something in hand may still recommend and have not handed in."""
    waiting = (ApplicationState.SUBMITTED, ApplicationState.ACCEPTED, ApplicationState.RETURNED)
    bodies = Application.objects.filter(round=round_, state__in=waiting).values_list("body", flat=True)
    return sum(_may_recommend(round_, body, now) for body in set(bodies))


def _may_recommend(round_: Round, body: str, now: dt.datetime) -> bool:
    deadline = round_.deadline(Level.RECOMMENDING, body)
    return deadline is not None and deadline.is_open(now)


def _may_set(round_: Round, level: Level, at: dt.datetime, actor: Actor, body: str) -> None:
    if actor.role is Role.MINISTRY:
        return
    own = actor.organisation is not None and actor.role is Role.PROVINCE and actor.organisation.region == body
    if not own or level is not Level.FILING or not body:
        raise NotYours("推荐单位只能设定本地区的申报截止时刻")
    latest = round_.deadline(Level.RECOMMENDING, body)
    if latest is not None and at > latest.at:
        raise StepRefused("设定申报截止", (f"不能晚于推荐截止 {latest.text}",))


def _only_ministry(actor: Actor) -> None:
    if actor.role is not Role.MINISTRY:
        raise NotYours("只有工业和信息化部可以办理")
