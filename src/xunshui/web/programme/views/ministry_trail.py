"""The trail as a page: read, filter, verify, take away."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from xunshui.web.programme import clock
from xunshui.web.programme.acts import act_title, as_lines
from xunshui.web.programme.views.asking import actor_in
from xunshui.web.programme.views.ministry_asking import for_ministry
from xunshui.web.trail.models import Entry
from xunshui.web.trail.record import chains, record, verify_chain

PER_PAGE = 100
COLUMNS = ("链", "序号", "时间", "办理人", "事项代码", "事项", "对象", "内容", "前一行摘要", "本行摘要")


@for_ministry
def trail(request: HttpRequest) -> HttpResponse:
    """Show a chain, newest first, filtered by subject; with `?verify=1` also whether all of it holds."""
    names = chains()
    chain = _chain_asked(request.GET.get("chain", ""), names)
    subject = request.GET.get("subject", "").strip()
    rows = _rows(chain, subject).order_by("-seq")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    checked = bool(chain) and "verify" in request.GET
    context = {
        "chains": names,
        "chain": chain,
        "subject": subject,
        "page": page,
        "lines": as_lines(page.object_list),
        "checked": checked,
        "broken": verify_chain(chain) if checked else None,
        "length": Entry.objects.filter(chain=chain).count(),
    }
    return render(request, "programme/ministry/trail.html", context)


@for_ministry
@require_POST
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out a chain as CSV; the export itself is the last row of what is handed out."""
    chain = _chain_asked(request.POST.get("chain", ""), chains())
    if not chain:
        raise Http404("还没有审计记录")
    subject = request.POST.get("subject", "").strip()
    detail = {"subject": subject}
    record(
        chain,
        act="trail.export",
        actor=actor_in(request).label,
        subject=f"trail/{chain}",
        at=clock.now(),
        detail=detail,
    )
    rows = _rows(chain, subject).order_by("seq")
    response = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="trail-{chain}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _chain_asked(asked: str, names: list[str]) -> str:
    """Return the chain that was asked for, or the newest round's; 404 for one that does not exist."""
    if not asked:
        rounds = [name for name in names if name.startswith("round-")]
        return (rounds or names or [""])[-1]
    if asked not in names:
        raise Http404(f"没有名为“{asked}”的审计链；现有：{'、'.join(names)}")
    return asked


def _rows(chain: str, subject: str) -> QuerySet[Entry]:
    rows = Entry.objects.filter(chain=chain)
    return rows.filter(Q(subject__icontains=subject) | Q(actor__icontains=subject)) if subject else rows


class _Echo:
    """Gives back what a CSV writer writes, so that a long chain is never held in memory."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def _csv(rows: QuerySet[Entry]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    for row in rows.iterator(chunk_size=500):
        detail = json.dumps(row.body.get("detail", {}), ensure_ascii=False)
        cells = (row.chain, row.seq, row.at.isoformat(), row.actor, row.act, act_title(row.act))
        yield str(
            writer.writerow([_escaped(c) for c in (*cells, row.subject, detail, row.previous, row.hash)])
        )


def _escaped(cell: object) -> object:
    """Return a cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
