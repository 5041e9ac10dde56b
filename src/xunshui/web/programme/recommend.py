"""The recommendation table: order, opinion, seal, and handing it in before the deadline (notice 三（二）)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet

from xunshui.review import RECOMMENDATION, ApplicationState, RecommendationFacts, Role, StepRefused
from xunshui.seal import digest
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Application, Recommendation, Round
from xunshui.web.programme.models.round import Level
from xunshui.web.programme.permissions import NotYours
from xunshui.web.programme.taking import take


def table_of(round_: Round, actor: Actor) -> Recommendation:
    """Return the actor's own table in a round, begun where there is none; raises `NotYours`."""
    if actor.role is not Role.PROVINCE or actor.organisation is None or not actor.organisation.region:
        raise NotYours("只有省级主管部门编制推荐表")
    table, _ = Recommendation.objects.get_or_create(round=round_, body=actor.organisation.region)
    return table


def listed(table: Recommendation) -> QuerySet[Application]:
    """Return the cases of a table in its order: accepted ones, or those handed in with it."""
    rows = Application.objects.filter(round=table.round, body=table.body, rank__isnull=False)
    return rows.select_related("applicant", "round").order_by("rank")


def table_facts(table: Recommendation, *, now: dt.datetime, reason: str = "") -> RecommendationFacts:
    """Return what handing in a table depends on."""
    mine = Application.objects.filter(round=table.round, body=table.body)
    accepted = mine.filter(state=ApplicationState.ACCEPTED)
    return RecommendationFacts(
        now=now,
        deadline=table.round.deadline(Level.RECOMMENDING, table.body),
        accepted=accepted.count(),
        undecided=mine.filter(state=ApplicationState.SUBMITTED, fast_track=False).count(),
        unranked=accepted.filter(rank__isnull=True).count(),
        opinion_written=bool(table.opinion.strip()),
        sealed=bool(table.seal_digest),
        quota=table.round.body_quota,
        reason=reason,
    )


@transaction.atomic
def write_table(
    table: Recommendation, *, opinion: str, contact: str, phone: str, actor: Actor, now: dt.datetime
) -> Recommendation:
    """Keep the opinion and the contact of a table that is being made."""
    table = _locked_draft(table, actor)
    table.opinion, table.contact, table.phone = opinion, contact, phone
    table.save()
    leave_line(table, "recommendation.write", actor=actor, now=now, opinion=opinion, contact=contact)
    return table


@transaction.atomic
def rank(table: Recommendation, numbers: Sequence[str], *, actor: Actor, now: dt.datetime) -> None:
    """Put the accepted cases into this order; every one of them must be named once.

    Raises `StepRefused` where the numbers are not those of the table.
    """
    table = _locked_draft(table, actor)
    rows = {row.number: row for row in listed(table)}
    if sorted(numbers) != sorted(rows):
        raise StepRefused("排序", (f"应恰好包含这 {len(rows)} 个编号：{'、'.join(rows)}",))
    for place, number in enumerate(numbers, start=1):
        Application.objects.filter(pk=rows[number].pk).update(rank=place)
    leave_line(table, "recommendation.rank", actor=actor, now=now, order=list(numbers))


@transaction.atomic
def attach_seal(
    table: Recommendation, file: File[bytes], *, actor: Actor, now: dt.datetime
) -> Recommendation:
    """Keep the scan of the sealed table."""
    table = _locked_draft(table, actor)
    content = file.read()
    table.seal_digest = digest(content)
    file.seek(0)
    table.seal.save(f"{table.body}-{table.round.year}.pdf", file, save=True)
    leave_line(table, "recommendation.seal", actor=actor, now=now, digest=table.seal_digest)
    return table


@transaction.atomic
def submit_table(table: Recommendation, *, actor: Actor, now: dt.datetime) -> Recommendation:
    """Hand the table in: every case of it becomes recommended. A second press changes nothing.

    Raises `StepRefused` with every reason.
    """
    table = Recommendation.objects.select_for_update(of=("self",)).get(pk=table.pk)
    _only_own(table, actor)
    if table.submitted_at is not None and table.state == "submitted":
        return table
    step = RECOMMENDATION.take(
        "submit", state=table.state, role=actor.role, facts=table_facts(table, now=now)
    )
    for application in listed(table).filter(state=ApplicationState.ACCEPTED):
        take(application, "recommend", actor=actor, now=now, detail={"rank": application.rank})
        application.recommended_at = now
        application.save()
    table.state, table.submitted_at, table.submitted_by = step.after, now, actor.label
    table.save()
    leave_line(
        table, "recommendation.submit", actor=actor, now=now, cases=[row.number for row in listed(table)]
    )
    return table


def _locked_draft(table: Recommendation, actor: Actor) -> Recommendation:
    table = Recommendation.objects.select_for_update(of=("self",)).get(pk=table.pk)
    _only_own(table, actor)
    if table.state != "draft":
        raise StepRefused("修改推荐表", ("推荐表已报送；需要修改请联系工业和信息化部退回",))
    return table


def _only_own(table: Recommendation, actor: Actor) -> None:
    own = actor.organisation is not None and actor.organisation.region == table.body
    if actor.role is not Role.PROVINCE or not own:
        raise NotYours("只能办理本单位的推荐表")
