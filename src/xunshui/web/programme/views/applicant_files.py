"""Documents of an application: upload, open, remove; and the files that are made from it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from xunshui.register import attachment_kinds
from xunshui.review import StepRefused
from xunshui.web.programme import clock
from xunshui.web.programme.attach import attach, can_be_opened, remove
from xunshui.web.programme.file_type import ACCEPTED
from xunshui.web.programme.filing_files import application_file, filing_kit
from xunshui.web.programme.form import missing_documents
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Application, Attachment
from xunshui.web.programme.permissions import may_have_document, may_open_files, owns
from xunshui.web.programme.views.applicant import page_context
from xunshui.web.programme.views.asking import actor_in, application_in, filing_in, own_filing_in


@login_required
def files_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show the documents of an application, or take one in."""
    if request.method == "POST":
        return _take_in(request, own_filing_in(request, number))
    application = filing_in(request, number)
    context = page_context(request, application) | {
        "rows": application.attachments.filter(removed_at__isnull=True),
        "missing": missing_documents(application),
        "kinds": attachment_kinds(),
        "accepted": ACCEPTED,
        "section": {"id": "files"},
    }
    return render(request, "programme/applicant/files.html", context)


@login_required
def open_file(request: HttpRequest, attachment_id: int) -> FileResponse:
    """Hand out a document to who may read its application; opening someone else's is kept in the trail."""
    actor = actor_in(request)
    row = get_object_or_404(Attachment.objects.select_related("application__round"), pk=attachment_id)
    if not may_open_files(actor, row.application) or not can_be_opened(row):
        raise Http404("没有这份文件，或者您现在的身份看不到它")
    if not owns(actor, row.application):
        leave_line(row.application, "attachment.read", actor=actor, now=clock.now(), code=row.code)
    name = f"{row.code}_{row.title}{Path(row.file_name).suffix}"
    response = FileResponse(row.file.open(), as_attachment=True, filename=name, content_type=row.content_type)
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def remove_file(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """Take a document out of a draft."""
    row = get_object_or_404(Attachment.objects.select_related("application"), pk=attachment_id)
    own_filing_in(request, row.application.number)
    removed = remove(row.pk, actor=actor_in(request), now=clock.now())
    return redirect(f"/apply/{removed.application.number}/files/")


@login_required
def document(request: HttpRequest, number: str, suffix: str) -> FileResponse:
    """Hand out the application as a document, to those who apply and, once handed in, to those who decide."""
    application = application_in(request, number)
    if not may_have_document(actor_in(request), application):
        raise Http404(
            "没有这份申报书，或者您现在的身份看不到它；撤回或退回后由申报单位修改，重新提交后可以查看"
        )
    if suffix not in (".pdf", ".docx", ".html"):
        raise Http404("申报书可以是 .docx 或 .pdf")
    file = application_file(application, suffix)
    return FileResponse(file, as_attachment=suffix != ".pdf", filename=f"申报书_{number}{suffix}")


@login_required
def kit(request: HttpRequest, number: str) -> FileResponse:
    """Hand out the filing kit."""
    application = filing_in(request, number)
    file = filing_kit(application)
    return FileResponse(file, as_attachment=True, filename=f"填报工具包_{number}.zip")


def _take_in(request: HttpRequest, application: Application) -> HttpResponse:
    file, code = request.FILES.get("file"), request.POST.get("code", "")
    titles = {kind.code: kind.title for kind in attachment_kinds()}
    if file is None or code not in titles:
        raise StepRefused("上传材料", ("请选择类别和文件",))
    attach(
        application.number,
        code=code,
        title=titles[code],
        file=file,
        actor=actor_in(request),
        now=clock.now(),
        issuer=request.POST.get("issuer", "")[:120],
        issued_on=_day(request.POST.get("issued_on", "")),
        supports=list(next(kind.supports for kind in attachment_kinds() if kind.code == code)),
    )
    return redirect(f"/apply/{application.number}/files/")


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise StepRefused("上传材料", (f"出具日期“{text}”应写成 2024-03-01",)) from None
