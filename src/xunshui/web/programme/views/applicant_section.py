"""One section of the form: shown, saved while typing, and laid side by side where two people typed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from xunshui.register import Section
from xunshui.web.programme import clock
from xunshui.web.programme.fill import SavedMeanwhile, save_section
from xunshui.web.programme.form import mistakes_in, years_of
from xunshui.web.programme.live import verdict_on
from xunshui.web.programme.models import Application, SectionAnswers
from xunshui.web.programme.posted import answers_posted, grouped, shown_fields
from xunshui.web.programme.sections import sections_of, tasks_of
from xunshui.web.programme.views.applicant import page_context
from xunshui.web.programme.views.asking import actor_in, filing_in, own_filing_in


@login_required
def section_page(request: HttpRequest, number: str, section: str) -> HttpResponse:
    """Show a section, or save what was typed into it."""
    asked = own_filing_in if request.method == "POST" else filing_in
    application = asked(request, number)
    found = next((row for row in sections_of(application) if row.id == section), None)
    if found is None:
        raise Http404(f"申报书没有“{section}”这一节")
    return (
        _save(request, application, found) if request.method == "POST" else _show(request, application, found)
    )


def _show(request: HttpRequest, application: Application, section: Section) -> HttpResponse:
    row = SectionAnswers.objects.filter(application=application, section=section.id).first()
    answers = row.answers if row else {}
    mistakes = [m for m in mistakes_in(application, draft=row is None) if m.section == section.id]
    context = page_context(request, application) | {
        "section": section,
        "runs": grouped(shown_fields(section, answers, mistakes, years_of(application.round))),
        "years": years_of(application.round),
        "version": row.version if row else 0,
        "row": row,
        "next": _next(application, section),
    }
    return render(request, "programme/applicant/section.html", context)


def _save(request: HttpRequest, application: Application, section: Section) -> HttpResponse:
    answers = answers_posted(section, request.POST, years_of(application.round))
    version = request.POST.get("version", "0")
    try:
        row = save_section(
            application.number,
            section.id,
            answers,
            version=int(version) if version.isdecimal() else 0,
            actor=actor_in(request),
            now=clock.now(),
        )
    except SavedMeanwhile as meanwhile:
        return _both(request, application, section, meanwhile)
    if request.headers.get("HX-Request"):
        return _saved(request, application, section, row)
    return redirect(_next(application, section) if "next" in request.POST else request.path)


def _saved(
    request: HttpRequest, application: Application, section: Section, row: SectionAnswers
) -> HttpResponse:
    mistakes = [m for m in mistakes_in(application) if m.section == section.id]
    context = {
        "row": row,
        "tasks": tasks_of(application),
        "here": section.id,
        "verdict": verdict_on(application),
        "mistakes": mistakes,
        "fields": shown_fields(section, row.answers, mistakes, years_of(application.round)),
    }
    return render(request, "programme/applicant/saved.html", context)


def _both(
    request: HttpRequest, application: Application, section: Section, meanwhile: SavedMeanwhile
) -> HttpResponse:
    titles = {field.id: field.title for field in section.fields}
    clashes = [(titles.get(clash.field, clash.field), clash) for clash in meanwhile.clashes]
    context: dict[str, Any] = {
        "application": application,
        "section": section,
        "row": meanwhile.row,
        "clashes": clashes,
        "posted": [(key, value) for key, value in request.POST.items() if key not in ("version", "next")],
    }
    template = "clash_part" if request.headers.get("HX-Request") else "clash"
    return render(request, f"programme/applicant/{template}.html", context, status=409)


def _next(application: Application, section: Section) -> str:
    ids = [row.id for row in sections_of(application)]
    after = ids[ids.index(section.id) + 1 :]
    tail = f"s/{after[0]}/" if after else "files/"
    return f"/apply/{application.number}/{tail}"
