"""Pages of the applicant: its applications, one application at a glance, the live verdict, check answers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xunshui.register import directions
from xunshui.review import APPLICATION
from xunshui.web.programme import clock
from xunshui.web.programme.facts import application_facts, filing_deadline
from xunshui.web.programme.form import form_for, missing_documents, mistakes_in
from xunshui.web.programme.live import verdict_on
from xunshui.web.programme.models import Application, Round
from xunshui.web.programme.models.application import PARTS, Direction
from xunshui.web.programme.models.round import Level
from xunshui.web.programme.permissions import owns, role_on, visible_to
from xunshui.web.programme.sections import sections_of, tasks_of
from xunshui.web.programme.views.asking import actor_in, filing_in


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Show the applications of the actor's organisation, and the round that is open."""
    actor = actor_in(request)
    rows = visible_to(actor).filter(applicant=actor.organisation).select_related("round").order_by("-number")
    round_ = Round.objects.filter(state="open").first()
    deadline = _deadline(round_, actor.organisation.region) if round_ and actor.organisation else None
    context = {
        "rows": rows,
        "round": round_,
        "deadline": deadline,
        "remaining": deadline.remaining(clock.now()) if deadline else "",
        "directions": directions(),
        "choices": Direction.choices,
    }
    return render(request, "programme/applicant/mine.html", context)


@login_required
def overview(request: HttpRequest, number: str) -> HttpResponse:
    """Show one application: where it stands, what is left to do, what may be done next."""
    application = filing_in(request, number)
    context = page_context(request, application)
    return render(request, "programme/applicant/overview.html", context)


@login_required
def verdict(request: HttpRequest, number: str) -> HttpResponse:
    """Show the live verdict alone, as it is fetched after each save."""
    application = filing_in(request, number)
    return render(request, "programme/applicant/verdict.html", {"verdict": verdict_on(application)})


@login_required
def check_answers_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show everything that will be handed in, and every problem with a link to its field."""
    application = filing_in(request, number)
    titles = {section.id: section for section in form_for(application.round.notice).sections}
    mistakes, missing = mistakes_in(application), missing_documents(application)
    context = page_context(request, application)
    context |= {
        "sections": _answered(application),
        "mistakes": [(row, titles[row.section]) for row in mistakes if row.section in titles],
        "missing": missing,
        "to_mend": len(mistakes) + len(missing),
        "handing_in": context["offers"].get("submit") or context["offers"].get("resubmit"),
    }
    return render(request, "programme/applicant/check.html", context)


def page_context(request: HttpRequest, application: Application) -> dict[str, Any]:
    """Return what every page of an application shows around its own content."""
    actor, now = actor_in(request), clock.now()
    prefetch_related_objects([application], *PARTS)
    deadline = filing_deadline(application)
    facts = application_facts(application, now=now)
    return {
        "application": application,
        "tasks": tasks_of(application),
        "deadline": deadline,
        "remaining": deadline.remaining(now) if deadline else "",
        "verdict": verdict_on(application),
        "may_edit": owns(actor, application) and application.can_be_edited,
        "state_title": application.state_title(),
        "offers": {
            offer.step.event: offer
            for offer in APPLICATION.offers(application.state, role_on(actor, application), facts)
        },
        "signs": actor.signs,
        "submissions": application.submissions.order_by("-no"),
    }


def _answered(application: Application) -> list[dict[str, Any]]:
    answers = application.answers
    return [
        {
            "section": section,
            "fields": [
                (field, answers.get(section.id, {}).get(field.id))
                for field in section.fields
                if field.type != "file"
            ],
        }
        for section in sections_of(application)
    ]


def _deadline(round_: Round, region: str) -> Any:
    return round_.deadline(Level.FILING, region)
