"""Pages of a recommending body: its queue and the case page with claim, computed, evidence and remark."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xunshui.review import APPLICATION, ApplicationState, Deadline, Offer, Role
from xunshui.review.application import ApplicationFacts
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme import clock
from xunshui.web.programme.application_trail import trail_of
from xunshui.web.programme.case_rows import RowGroup, groups_of, loose_remarks
from xunshui.web.programme.elsewhere import elsewhere
from xunshui.web.programme.facts import application_facts
from xunshui.web.programme.form import form_for, missing_documents
from xunshui.web.programme.models import Application, Partner, Round, Submission
from xunshui.web.programme.models.round import Level
from xunshui.web.programme.opinion_phrases import phrases_for
from xunshui.web.programme.permissions import NotYours, role_on, visible_to
from xunshui.web.programme.queue import BUCKETS, counts_of, queue_of
from xunshui.web.programme.table_document import body_title
from xunshui.web.programme.versions import history_of, lines_of
from xunshui.web.programme.views.asking import actor_in, application_in, current_round

CHECKABLE = (ApplicationState.SUBMITTED, ApplicationState.ACCEPTED)
WILL_BE_WRITTEN = "理由"
"""The reason is written beside the buttons: a page must not call it missing before it could be."""


def province_in(request: HttpRequest) -> Actor:
    """Return the recommending body that acts; raises `NotYours` for anyone else."""
    actor = actor_in(request)
    if actor.role is not Role.PROVINCE or actor.organisation is None or not actor.organisation.region:
        raise NotYours("这里只有省级主管部门可以办理；请切换到推荐单位的身份")
    return actor


def region_of(actor: Actor) -> str:
    """Return the code of the body that the actor acts for."""
    return actor.organisation.region if actor.organisation else ""


@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """Show the applications of the body, the ones that wait for it first."""
    actor, round_, now = province_in(request), current_round(), clock.now()
    bucket = request.GET.get("show", "todo")
    bucket = bucket if bucket in BUCKETS else "todo"
    rows = _rows_of(actor, round_)
    deadlines = _deadlines(round_, region_of(actor))
    closing = deadlines["recommending"]
    counts = counts_of(rows)
    context = {
        "round": round_,
        "body": body_title(region_of(actor)),
        "bucket": bucket,
        "bucket_title": BUCKETS[bucket][0],
        "filters": [(key, title, counts[key]) for key, (title, _) in BUCKETS.items()],
        "counts": counts,
        "rows": queue_of(rows, bucket, recommending=closing.at if closing else None),
        "city_first": round_ is not None and region_of(actor) in round_.city_first,
        **_shown(deadlines, now),
    }
    return render(request, "programme/province/queue.html", context)


@login_required
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show one application as the province checks it."""
    actor = province_in(request)
    application = application_in(request, number)
    if role_on(actor, application) is not Role.PROVINCE:
        raise NotYours(f"申报 {number} 不归本单位推荐")
    prefetch_related_objects(
        [application], Prefetch("partners", Partner.objects.select_related("organisation"))
    )
    versions = list(application.submissions.select_related("application__round"))
    groups = _groups(application, versions)
    only = request.GET.get("only") == "differs"
    context = {
        "application": application,
        "state_title": application.state_title(),
        "is_withdrawn": application.state == ApplicationState.DRAFT,
        "checkable": application.state in CHECKABLE,
        "version": versions[-1] if versions else None,
        "groups": groups,
        "only": only,
        "loose": loose_remarks(groups, application.remarks),
        "correction": _deadline_at(application.correction_due),
        "differing": sum(row.differs for group in groups for row in group.rows),
        "offers": _offers(actor, application),
        "phrases": phrases_for(groups),
        "missing": missing_documents(application),
        "elsewhere": elsewhere(application),
        "city_first": application.body in application.round.city_first,
        **_beside(application, versions),
        **_shown(_deadlines(application.round, application.body), clock.now()),
    }
    return render(request, "programme/province/case.html", context)


def _rows_of(actor: Actor, round_: Round | None) -> QuerySet[Application]:
    return visible_to(actor).filter(round=round_)


def _groups(application: Application, versions: list[Submission]) -> tuple[RowGroup, ...]:
    if not versions:
        return ()
    files = application.attachments.filter(removed_at__isnull=True)
    return groups_of(versions[-1], files, application.remarks)


def _beside(application: Application, versions: list[Submission]) -> dict[str, Any]:
    """Return what stands below the rows: answers, versions, endorsements, partners, files, trail."""
    form = form_for(application.round.notice)
    return {
        "lines": list(lines_of(form, versions[-1].answers)) if versions else [],
        "history": history_of(form, versions),
        "endorsements": application.endorsements.select_related("association").order_by("at"),
        "partners": application.partners.all(),
        "files": application.attachments.filter(removed_at__isnull=True),
        "trail": trail_of(application),
    }


def _offers(actor: Actor, application: Application) -> dict[str, Offer[ApplicationFacts]]:
    """Return the steps that the province may see; those of the table are taken with the table."""
    if application.can_be_edited:
        return {}
    facts = application_facts(application, now=clock.now(), reason=WILL_BE_WRITTEN)
    offers = APPLICATION.offers(application.state, role_on(actor, application), facts)
    return {offer.step.event: offer for offer in offers if offer.step.event != "recommend"}


def _deadline_at(moment: dt.datetime | None) -> Deadline | None:
    return None if moment is None else Deadline(at=moment)


def _deadlines(round_: Round | None, body: str) -> dict[str, Deadline | None]:
    if round_ is None:
        return {"filing": None, "recommending": None}
    return {
        "filing": round_.deadline(Level.FILING, body),
        "recommending": round_.deadline(Level.RECOMMENDING, body),
    }


def _shown(deadlines: dict[str, Deadline | None], now: dt.datetime) -> dict[str, Any]:
    closing = deadlines["recommending"]
    return {
        **deadlines,
        "remaining": closing.remaining(now) if closing else "",
        "is_over": closing is not None and not closing.is_open(now),
    }
