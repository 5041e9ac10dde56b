"""The recommendation table of a body: ranking, opinion, seal, files, handing in; and its own filing deadline."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from xunshui.review import RECOMMENDATION, StepRefused
from xunshui.web.programme import clock
from xunshui.web.programme.models import Application, Recommendation, RoundDeadline
from xunshui.web.programme.models.round import Level
from xunshui.web.programme.open_round import set_deadline
from xunshui.web.programme.recommend import (
    attach_seal,
    listed,
    rank,
    submit_table,
    table_facts,
    table_of,
    write_table,
)
from xunshui.web.programme.seal_scan import ACCEPTED, checked_scan
from xunshui.web.programme.table_document import body_title, document_of
from xunshui.web.programme.table_files import table_file
from xunshui.web.programme.views.asking import current_round
from xunshui.web.programme.views.province import province_in, region_of
from xunshui.web.programme.views.province_acts import day_in, end_of

LONGEST = {"opinion": None, "contact": 60, "phone": 30}
"""What is kept of each text of the table."""
FORMS = (".docx", ".xlsx", ".pdf")
CONTENT_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
}


@login_required
def table(request: HttpRequest) -> HttpResponse:
    """Show the table of the body as it stands, what is missing, and how it will print."""
    actor, now, round_ = province_in(request), clock.now(), current_round()
    if round_ is None:
        return render(request, "programme/province/table_none.html")
    found = table_of(round_, actor)
    facts = table_facts(found, now=now)
    offers = list(RECOMMENDATION.offers(found.state, actor.role, facts))
    own = RoundDeadline.objects.filter(round=round_, level=Level.FILING, body=found.body).first()
    context = {
        "table": found,
        "body": body_title(found.body),
        "rows": _places(list(listed(found))),
        "facts": facts,
        "offer": offers[0] if offers else None,
        "document": document_of(found),
        "forms": FORMS,
        "accepted_files": ACCEPTED,
        "recommending": facts.deadline,
        "remaining": facts.deadline.remaining(now) if facts.deadline else "",
        "is_over": facts.deadline is not None and not facts.deadline.is_open(now),
        "filing": round_.deadline(Level.FILING, found.body),
        "own_deadline": own,
        "city_first": found.body in round_.city_first,
    }
    return render(request, "programme/province/table.html", context)


@login_required
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Put one case at a place; the button names the place, so that a second press changes nothing."""
    found, actor = _own_table(request)
    number, _, place = request.POST.get("to", "").partition(":")
    numbers = [row.number for row in listed(found)]
    if number not in numbers or not place.isdecimal():
        raise StepRefused("排序", (f"推荐表里没有“{number}”，或者没有写明位次（1–{len(numbers)}）",))
    wanted = [row for row in numbers if row != number]
    wanted.insert(int(place) - 1, number)
    if wanted != numbers:
        rank(found, wanted, actor=actor, now=clock.now())
    return redirect("/province/table/#ranking")


@login_required
@require_POST
def write(request: HttpRequest) -> HttpResponse:
    """Keep opinion and contact."""
    found, actor = _own_table(request)
    told = {name: request.POST.get(name, "").strip()[:most] for name, most in LONGEST.items()}
    if told != {name: getattr(found, name) for name in told}:
        write_table(found, actor=actor, now=clock.now(), **told)
    messages.success(request, "推荐意见与联系人已保存，预览已更新。", extra_tags="good")
    return redirect("/province/table/#preview")


@login_required
@require_POST
def seal(request: HttpRequest) -> HttpResponse:
    """Take the scan of the sealed table in."""
    found, actor = _own_table(request)
    attach_seal(found, checked_scan(request.FILES.get("seal")), actor=actor, now=clock.now())
    messages.success(request, "盖章件已上传。核对预览后可以报送。", extra_tags="good")
    return redirect("/province/table/#submit")


@login_required
def seal_file(request: HttpRequest) -> FileResponse:
    """Hand out the scan of the body's own sealed table."""
    actor, round_ = province_in(request), current_round()
    found = Recommendation.objects.filter(round=round_, body=region_of(actor)).first()
    if found is None or not found.seal:
        raise Http404("还没有上传盖章件")
    response = FileResponse(found.seal.open(), as_attachment=True, filename=f"推荐表盖章件_{found.body}.pdf")
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def submit(request: HttpRequest) -> HttpResponse:
    """Hand the table in; a second press finds it handed in."""
    found, actor = _own_table(request)
    name = body_title(found.body)
    if request.POST.get("typed", "").strip() != name:
        raise StepRefused("报送推荐表", (f"请输入“{name}”以确认报送",))
    sent = submit_table(found, actor=actor, now=clock.now())
    count = listed(sent).count()
    text = f"推荐表已报送，{count} 个案例转为“已推荐”。接下来由工业和信息化部形式审查。"
    messages.success(request, text, extra_tags="good")
    return redirect("/province/table/")


@login_required
def document(request: HttpRequest, suffix: str) -> FileResponse:
    """Hand out the table as a document."""
    if suffix not in FORMS:
        raise Http404(f"推荐表可以是 {'、'.join(FORMS)}")
    found, _ = _own_table(request)
    name = f"推荐表_{body_title(found.body)}_{found.round.year}{suffix}"
    return FileResponse(
        io.BytesIO(table_file(found, suffix)),
        as_attachment=True,
        filename=name,
        content_type=CONTENT_TYPES[suffix],
    )


@login_required
@require_POST
def filing_deadline(request: HttpRequest) -> HttpResponse:
    """Set the body's own, earlier end of filing: the end of the day that is named."""
    found, actor = _own_table(request)
    day = day_in("设定申报截止", request.POST.get("day", ""))
    if day is None or end_of(day) <= clock.now():
        raise StepRefused("设定申报截止", ("请选今天或以后的日期；到这一天的 24:00 截止",))
    row = set_deadline(
        found.round,
        Level.FILING,
        end_of(day),
        actor=actor,
        now=clock.now(),
        body=found.body,
        reason=request.POST.get("reason", "").strip()[:200],
    )
    messages.success(
        request, f"本地区申报截止已设为 {day} 24:00（{row.reason or '未写依据'}）。", extra_tags="good"
    )
    return redirect("/province/table/#filing")


def _own_table(request: HttpRequest) -> tuple[Recommendation, Any]:
    actor, round_ = province_in(request), current_round()
    if round_ is None:
        raise Http404(f"现在没有征集轮次，{region_of(actor)} 没有推荐表")
    return table_of(round_, actor), actor


def _places(rows: list[Application]) -> list[dict[str, Any]]:
    """Return the rows with the places their buttons lead to."""
    last = len(rows)
    return [
        {
            "application": row,
            "up": place - 1 if place > 1 else None,
            "down": place + 1 if place < last else None,
        }
        for place, row in enumerate(rows, start=1)
    ]
