"""The catalogue as files: feed, CSV, JSON. The same for all visitors, so a visitor who has them gets 304."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from xunshui.web.catalogue.feed import CasesFeed
from xunshui.web.catalogue.fresh import data_changed, data_tag
from xunshui.web.catalogue.search import matching, wanted_in
from xunshui.web.catalogue.shelf import shelf
from xunshui.web.catalogue.tables import cases_csv, cases_json

_FEED = CasesFeed()
_conditional = condition(etag_func=data_tag, last_modified_func=data_changed)


@require_safe
@_conditional
def feed(request: HttpRequest) -> HttpResponse:
    """Hand out the Atom feed."""
    return _FEED(request)


@require_safe
@_conditional
def csv_file(request: HttpRequest) -> HttpResponse:
    """Hand out the cases that the address chooses as CSV."""
    cards = matching(shelf().cards, wanted_in(request.GET))
    content = cases_csv(cards, _host(request))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="cases.csv"'
    return response


@require_safe
@_conditional
def json_file(request: HttpRequest) -> HttpResponse:
    """Hand out the whole catalogue as JSON."""
    return HttpResponse(cases_json(shelf(), _host(request)), content_type="application/json")


def _host(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
