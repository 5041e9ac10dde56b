"""Site home: the verdict's figures, the water as graph, Sankey or table, what needs a look, the last 24 hours."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from xunshui.web.console import sensing
from xunshui.web.console.access import site_in
from xunshui.web.console.flow_file import flow_file
from xunshui.web.console.fragment import VIEWS, Choice, fragment
from xunshui.web.console.pictures import picture_of
from xunshui.web.console.spans import DAY, SPANS
from xunshui.web.console.store import site_of_row
from xunshui.web.console.views.frame import frame, last_year

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTHING_NEW = 204


@login_required
@require_safe
def home(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the site as it runs."""
    row, choice = site_in(request, pk), _choice(request)
    context = frame(row, site_of_row(row), "home")
    told = {"choice": choice, "fragment": fragment(row, context["year"], choice)}
    return render(request, "console/home.html", context | told)


@login_required
@require_safe
def now(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the part that changes; nothing where it is what the asker has already."""
    row = site_in(request, pk)
    found = fragment(row, last_year(site_of_row(row)), _choice(request))
    if found is not None and request.GET.get("version") == found.version:
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "console/now.html", {"fragment": found})


@login_required
@require_safe
def flows(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the streams and units of a span as a workbook."""
    row, span, reader = site_in(request, pk), _choice(request).span, sensing.reader()
    shown = picture_of(row, reader, span) if reader is not None else None
    if shown is None:
        raise Http404
    response = HttpResponse(flow_file(shown), content_type=XLSX)
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=f"{row.key}-{span.key}.xlsx") or ""
    )
    return response


def _choice(request: HttpRequest) -> Choice:
    view = request.GET.get("view", "")
    return Choice(view=view if view in VIEWS else "graph", span=SPANS.get(request.GET.get("by", ""), DAY))
