"""After publication: questions and answers, yearly figures, support. Small pages for applicant and ministry."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from xunshui.review import StepRefused
from xunshui.seal import digest
from xunshui.site import Site, SiteFileInvalid, read_site
from xunshui.web.catalogue.forms import SupportForm, YearForm
from xunshui.web.catalogue.views.case import published_case
from xunshui.web.programme import clock
from xunshui.web.programme.follow import (
    answer,
    ask,
    may_follow,
    record_support,
    report_year,
    tell_result,
)
from xunshui.web.programme.models import Application, Question, Support
from xunshui.web.programme.permissions import NotYours
from xunshui.web.programme.views.asking import actor_in

QUESTIONS_AN_HOUR = 5
LARGEST = 20 * 1024 * 1024


@require_POST
def ask_one(request: HttpRequest, number: str) -> HttpResponse:
    """Take a question from a visitor without a name."""
    application = published_case(number)
    _refuse_flood(request)
    ask(application.number, request.POST.get("text", ""), now=clock.now())
    return redirect(f"/catalogue/{number}/asked/")


def asked(request: HttpRequest, number: str) -> HttpResponse:
    """Tell what happens with a question."""
    return render(request, "catalogue/asked.html", {"case": published_case(number)})


@login_required
def questions(request: HttpRequest, number: str) -> HttpResponse:
    """Show the questions of a case to who may answer them."""
    application = _followed(request, number)
    rows = application.questions.order_by("answered_at", "-asked_at")
    return render(request, "catalogue/questions.html", {"case": application, "rows": rows})


@login_required
@require_POST
def answer_one(request: HttpRequest, number: str, question_id: int) -> HttpResponse:
    """Keep an answer."""
    application = published_case(number)
    question = get_object_or_404(Question, pk=question_id, application=application)
    answer(question.pk, request.POST.get("text", ""), actor=actor_in(request), now=clock.now())
    return redirect(f"/catalogue/{number}/questions/")


@login_required
def followup(request: HttpRequest, number: str) -> HttpResponse:
    """Show the yearly figures told so far and take in another year."""
    application = _followed(request, number)
    form = YearForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        site = _site_in(told["file"])
        report_year(
            application.number,
            year=told["year"],
            site=site,
            note=told["note"],
            actor=actor_in(request),
            now=clock.now(),
        )
        return redirect(f"/catalogue/{number}/#years")
    context = {"case": application, "form": form, "rows": application.followups.all()}
    return render(request, "catalogue/followup.html", context, status=422 if form.errors else 200)


@login_required
def support(request: HttpRequest, number: str) -> HttpResponse:
    """Show the support given so far and take in another measure."""
    application = _followed(request, number)
    form = SupportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        record_support(application.number, **form.cleaned_data, actor=actor_in(request), now=clock.now())
        return redirect(f"/catalogue/{number}/support/")
    context = {"case": application, "form": form, "rows": application.supports.all()}
    return render(request, "catalogue/support.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def support_result(request: HttpRequest, number: str, support_id: int) -> HttpResponse:
    """Keep what came of a support a year later."""
    row = get_object_or_404(Support, pk=support_id, application=published_case(number))
    tell_result(row.pk, request.POST.get("result", ""), actor=actor_in(request), now=clock.now())
    return redirect(f"/catalogue/{number}/support/")


def _followed(request: HttpRequest, number: str) -> Application:
    application = published_case(number)
    if not may_follow(actor_in(request), application):
        raise NotYours("只有这个案例的申报单位和工业和信息化部可以办理")
    return application


def _refuse_flood(request: HttpRequest) -> None:
    """Count the questions from one address for an hour; the address itself is not kept."""
    key = f"asked-{digest(request.META.get('REMOTE_ADDR', '').encode())[-32:]}"
    cache.add(key, 0, timeout=3600)
    if cache.incr(key) > QUESTIONS_AN_HOUR:
        raise StepRefused("提问", (f"一小时内最多提 {QUESTIONS_AN_HOUR} 个问题，请稍后再来",))


def _site_in(file: UploadedFile[Any]) -> Site:
    suffix = Path(file.name or "").suffix.lower()
    if (file.size or 0) > LARGEST or suffix not in (".xlsx", ".json"):
        raise StepRefused("报送年度数据", ("请选择不超过 20 MB 的 .xlsx 或 .json 站点文件",))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"site{suffix}"
        path.write_bytes(file.read())
        try:
            return read_site(path)
        except SiteFileInvalid as error:
            raise StepRefused("报送年度数据", tuple(str(error).splitlines()[:40])) from None
