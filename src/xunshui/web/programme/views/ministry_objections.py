"""Pages of the ministry: objections to cases on notice, and the handling of one."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from xunshui.review import OBJECTION, ObjectionFacts
from xunshui.review.objection import OPEN_STATES
from xunshui.web.programme import clock
from xunshui.web.programme.acts import lines_of
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Objection
from xunshui.web.programme.object import handle_objection
from xunshui.web.programme.views.asking import actor_in
from xunshui.web.programme.views.ministry_asking import for_ministry

WILL_BE_WRITTEN = "意见"
"""The answer is written beside the buttons: the page must not call it missing before it could be."""


@for_ministry
def objections(request: HttpRequest) -> HttpResponse:
    """Show all objections, open ones first; who objects stands on the page of each only."""
    rows = Objection.objects.select_related("application__round", "application__applicant")
    ordered = sorted(rows, key=lambda row: (row.state not in OPEN_STATES, row.filed_at))
    waiting = sum(row.state in OPEN_STATES for row in ordered)
    return render(request, "programme/ministry/objections.html", {"rows": ordered, "open": waiting})


@for_ministry
def objection(request: HttpRequest, receipt: str) -> HttpResponse:
    """Show one objection; that its author's data were read is kept in the trail."""
    found = _objection(receipt)
    actor = actor_in(request)
    leave_line(found, "read.objection", actor=actor, now=clock.now())
    facts = ObjectionFacts(
        signed=bool(found.name and found.contact), has_facts=bool(found.facts), reason=WILL_BE_WRITTEN
    )
    context = {
        "objection": found,
        "offers": list(OBJECTION.offers(found.state, actor.role, facts)),
        "lines": lines_of(found.chain, found.subject),
    }
    return render(request, "programme/ministry/objection.html", context)


@for_ministry
@require_POST
def handle(request: HttpRequest, receipt: str) -> HttpResponse:
    """Admit, reject, uphold or dismiss; a second press of the same is none."""
    found, event = _objection(receipt), request.POST.get("event", "")
    after = {step.event: step.after for step in OBJECTION.steps}
    if event not in after:
        raise Http404(f"异议没有“{event}”这一步")
    if found.state != after[event]:
        answer = request.POST.get("answer", "").strip()
        found = handle_objection(receipt, event, answer=answer, actor=actor_in(request), now=clock.now())
    text = f"异议 {receipt} 现在是“{found.get_state_display()}”；异议人凭回执号可以查到。"
    messages.success(request, text, extra_tags="good")
    return redirect(f"/ministry/objections/{receipt}/")


@for_ministry
def objection_file(request: HttpRequest, receipt: str) -> FileResponse:
    """Hand out the proof of an objection; that it was opened is kept in the trail."""
    found = _objection(receipt)
    if not found.file:
        raise Http404("这件异议没有附证明材料")
    leave_line(found, "read.objection", actor=actor_in(request), now=clock.now(), file=found.file_name)
    response = FileResponse(found.file.open(), as_attachment=True, filename=found.file_name)
    response["Cache-Control"] = "private, no-store"
    return response


def _objection(receipt: str) -> Objection:
    rows = Objection.objects.select_related("application__round", "application__applicant")
    return get_object_or_404(rows, receipt=receipt)
