"""After publication: a case's yearly figures, the support it was given, questions on it and their answers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from xunshui.assess import Assessment, as_json, assess
from xunshui.review import ApplicationState, Role, StepRefused
from xunshui.site import Site, site_as_json
from xunshui.web.accounts.actor import PUBLIC, Actor
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Application, FollowUp, Question, Support
from xunshui.web.programme.permissions import NotYours, owns
from xunshui.web.programme.taking import locked

SHORTEST_QUESTION = 5
LONGEST_QUESTION = 500
MOST_WAITING = 20
"""More unanswered questions than this on one case within `WAITING_FOR` are a flood, not a conversation."""
WAITING_FOR = dt.timedelta(days=1)


def may_follow(actor: Actor, application: Application) -> bool:
    """Return whether the actor tells what becomes of a published case: its applicant or the ministry."""
    return owns(actor, application) or actor.role is Role.MINISTRY


@transaction.atomic
def report_year(
    number: str, *, year: int, site: Site, actor: Actor, now: dt.datetime, note: str = ""
) -> FollowUp:
    """Keep a published case's figures of a later year, judged by the rules of its own round.

    A second report of the same year replaces the first; the trail keeps both digests. Raises `NotYours`, and
    `StepRefused` where the case is not published or the site has no figures of that year.
    """
    application = _published(number, actor, "报送年度数据")
    if site.year(year) is None:
        told = "、".join(str(row.full_year) for row in site.periods if row.full_year) or "没有完整年度"
        raise StepRefused("报送年度数据", (f"文件里没有 {year} 年全年的数据，现有：{told}",))
    if not application.round.year <= year < now.year:
        reason = f"年度 {year} 不在 {application.round.year}–{now.year - 1} 之间；这里报送入选以后的完整年度"
        raise StepRefused("报送年度数据", (reason,))
    row, _ = FollowUp.objects.update_or_create(
        application=application,
        year=year,
        defaults={
            "site": site_as_json(site),
            "assessment": as_json(_judged(site, year, application.round.notice)),
            "at": now,
            "note": note.strip(),
        },
    )
    leave_line(application, "followup.report", actor=actor, now=now, year=year, note=row.note)
    return row


@transaction.atomic
def record_support(
    number: str,
    *,
    measure: str,
    authority: str,
    instrument: str,
    given_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    amount_wan_yuan: Decimal | None = None,
) -> Support:
    """Enter support that an authority gave to a published case; the same entry twice stays one.

    Raises `NotYours` and `StepRefused`.
    """
    application = _published(number, actor, "登记支持措施")
    if not (measure.strip() and authority.strip()):
        raise StepRefused("登记支持措施", ("请写明措施和给予单位",))
    row, made = Support.objects.get_or_create(
        application=application,
        measure=measure.strip(),
        authority=authority.strip(),
        instrument=instrument,
        amount_wan_yuan=amount_wan_yuan,
        given_on=given_on,
    )
    if made:
        leave_line(application, "support.record", actor=actor, now=now, support=row.pk, measure=row.measure)
    return row


@transaction.atomic
def tell_result(support_id: int, result: str, *, actor: Actor, now: dt.datetime) -> Support:
    """Write what came of a support a year later; raises `NotYours` and `StepRefused`."""
    row = Support.objects.select_related("application").get(pk=support_id)
    application = _published(row.application.number, actor, "登记支持成效")
    row.result = result.strip()
    row.save()
    leave_line(application, "support.result", actor=actor, now=now, support=row.pk, result=row.result)
    return row


@transaction.atomic
def ask(number: str, text: str, *, now: dt.datetime) -> Question:
    """Keep a question on a published case, without a name; the same question again gives the first one.

    Raises `StepRefused` where the text is too short or long, or too many questions wait already.
    """
    application = locked(number)
    text = text.strip()
    if application.state != ApplicationState.PUBLISHED:
        raise StepRefused("提问", ("这个案例现在不在案例库中",))
    if not SHORTEST_QUESTION <= len(text) <= LONGEST_QUESTION:
        reason = f"问题写了 {len(text)} 个字；可写 {SHORTEST_QUESTION}–{LONGEST_QUESTION} 个字"
        raise StepRefused("提问", (reason,))
    again = Question.objects.filter(application=application, text=text).first()
    if again is not None:
        return again
    waiting = Question.objects.filter(
        application=application, answered_at=None, asked_at__gt=now - WAITING_FOR
    )
    if waiting.count() >= MOST_WAITING:
        raise StepRefused("提问", ("这个案例一天内的提问太多，请明天再来",))
    question = Question.objects.create(application=application, text=text, asked_at=now)
    leave_line(application, "question.ask", actor=PUBLIC, now=now, question=question.pk)
    return question


@transaction.atomic
def answer(question_id: int, text: str, *, actor: Actor, now: dt.datetime) -> Question:
    """Answer a question; from then on the public sees both. Raises `NotYours` and `StepRefused`."""
    question = Question.objects.select_related("application").get(pk=question_id)
    application = _published(question.application.number, actor, "回答提问")
    if not text.strip():
        raise StepRefused("回答提问", ("请写明回答",))
    question.answer, question.answered_at = text.strip(), now
    # The public reads which organisation answered; the trail knows the person.
    question.answered_by = str(actor.organisation)
    question.save()
    leave_line(
        application, "question.answer", actor=actor, now=now, question=question.pk, text=question.answer
    )
    return question


def _published(number: str, actor: Actor, act: str) -> Application:
    """Return the application under a lock, its follow-up being the actor's to tell."""
    application = locked(number)
    if not may_follow(actor, application):
        raise NotYours("只有这个案例的申报单位和工业和信息化部可以办理")
    if application.state != ApplicationState.PUBLISHED:
        raise StepRefused(act, (f"案例现在是“{application.state_title()}”，公布以后才可以办理",))
    return application


def _judged(site: Site, year: int, notice: str) -> Assessment:
    """Return the assessment of a later year: the round's rules as they stand for a call of the year after it."""
    return assess(site, notice=f"{notice.partition('@')[0]}@{year + 1}")
