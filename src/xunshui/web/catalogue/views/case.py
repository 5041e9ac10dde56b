"""One case: its page or its stone, its water diagram, its evidence package."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import etag, require_safe

from xunshui.documents import ChartsUnavailable
from xunshui.review import ApplicationState
from xunshui.web.catalogue.case import case_page, shown_cases
from xunshui.web.catalogue.package import CasePackage, package_of
from xunshui.web.catalogue.water import picture_bytes
from xunshui.web.programme.follow import LONGEST_QUESTION, SHORTEST_QUESTION, may_follow
from xunshui.web.programme.models import Application, Submission
from xunshui.web.programme.views.asking import actor_in

NOT_HERE = "案例库里没有这个编号；案例在名单公布以后才会出现在这里"


def shown_case(number: str) -> Application:
    """Return a case that has a page; 404 for any other number, whether it exists or not."""
    application = shown_cases().filter(number=number).first()
    if application is None:
        raise Http404(NOT_HERE)
    return application


def published_case(number: str) -> Application:
    """Return a case that is on the list; 404 also for one that was taken off."""
    application = shown_case(number)
    if application.state != ApplicationState.PUBLISHED:
        raise Http404("这个案例已移出案例库，数据不再提供")
    return application


@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show a published case, or the stone of one that was taken off."""
    application = shown_case(number)
    if application.state == ApplicationState.DELISTED:
        return render(request, "catalogue/stone.html", {"case": application})
    context = {
        "page": case_page(application),
        "case": application,
        "follows": may_follow(actor_in(request), application),
        "shortest": SHORTEST_QUESTION,
        "longest": LONGEST_QUESTION,
    }
    return render(request, "catalogue/case.html", context)


def _submission_tag(_: HttpRequest, number: str, **told: Any) -> str | None:
    rows = Submission.objects.filter(
        application__number=number, application__state=ApplicationState.PUBLISHED
    )
    found = rows.order_by("-no").values_list("digest", flat=True).first()
    return None if found is None else f'"{found}-{told.get("period", "")}"'


@require_safe
@etag(_submission_tag)
def water(request: HttpRequest, number: str, period: str) -> HttpResponse:
    """Hand out the water diagram of a period as SVG."""
    try:
        drawn = picture_bytes(_submission(number), period)
    except ChartsUnavailable as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    if drawn is None:
        raise Http404("这个时期没有可画的水量")
    return HttpResponse(drawn, content_type="image/svg+xml")


@require_safe
def evidence(request: HttpRequest, number: str) -> HttpResponse:
    """Hand out the evidence package."""
    package = _package(number)
    response = HttpResponse(package.content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{package.name}"'
    response["ETag"] = f'"{package.digest}"'
    return response


@require_safe
def verify(request: HttpRequest, number: str) -> HttpResponse:
    """Tell how anyone computes the figures again, with the digest of the package."""
    application = published_case(number)
    return render(request, "catalogue/verify.html", {"case": application, "package": _package(number)})


def _package(number: str) -> CasePackage:
    package = package_of(_submission(number))
    if package is None:
        raise Http404("这个案例没有可以重算的站点数据")
    return package


def _submission(number: str) -> Submission:
    application = published_case(number)
    submission = application.submission
    if submission is None:
        raise Http404(NOT_HERE)
    submission.application = application
    return submission
