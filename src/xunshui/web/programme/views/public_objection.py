"""A signed objection to a case on notice, its receipt, and looking its outcome up."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from xunshui.review import ApplicationState, StepRefused
from xunshui.web.programme import clock
from xunshui.web.programme.models import Application, Objection
from xunshui.web.programme.object import file_objection
from xunshui.web.programme.public_forms import ObjectionForm
from xunshui.web.programme.views.public import cases_on_notice, public_round, takes_objections

RECEIPT = "objection_receipt"
"""The session's key for the receipt just given, so that the receipt's page needs no address of its own."""


def object_to(request: HttpRequest, year: int, number: str) -> HttpResponse:
    """Show the form of an objection, or take one in."""
    application = _case_on_notice(year, number)
    form = ObjectionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        request.session[RECEIPT] = _filed(application, form).receipt
        return redirect("objection_receipt")
    context = {"case": application, "round": application.round, "form": form}
    return render(request, "programme/public/object.html", context, status=422 if form.errors else 200)


def receipt(request: HttpRequest) -> HttpResponse:
    """Show the receipt of the objection just filed in this browser."""
    told = request.session.get(RECEIPT, "")
    row = get_object_or_404(Objection.objects.select_related("application__round"), receipt=told)
    response = render(request, "programme/public/receipt.html", {"objection": row})
    response["Cache-Control"] = "private, no-store"
    return response


def look_up(request: HttpRequest) -> HttpResponse:
    """Look the outcome of an objection up by its receipt; it is posted, so that no log or history keeps it."""
    typed = request.POST.get("receipt", "").strip().upper()
    rows = Objection.objects.select_related("application__round")
    row = rows.filter(receipt=typed).first() if typed else None
    context = {"typed": typed, "objection": row}
    response = render(request, "programme/public/look_up.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _case_on_notice(year: int, number: str) -> Application:
    round_ = public_round(year)
    application = (
        cases_on_notice(round_).filter(number=number).first() if round_.is_decided_in_public else None
    )
    if application is None:
        raise Http404("公示名单里没有这个编号")
    if not takes_objections(round_) or application.state != ApplicationState.ON_NOTICE:
        raise StepRefused("提出异议", ("这个案例不在公示期内，不再受理异议",))
    application.round = round_
    return application


def _filed(application: Application, form: ObjectionForm) -> Objection:
    """Return the objection; the same one sent twice is filed once."""
    told = form.told
    same = {key: value.strip() for key, value in told.items() if key != "file"}
    again = Objection.objects.filter(application=application, **same).first()
    return again or file_objection(application.number, **told, now=clock.now())
