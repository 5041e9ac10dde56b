"""What an applicant does: start, fill in from a workbook, sign, hand in, take back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from xunshui.review import StepRefused
from xunshui.web.programme import clock
from xunshui.web.programme.from_workbook import fill_from
from xunshui.web.programme.models import Round
from xunshui.web.programme.models.application import Direction
from xunshui.web.programme.start import start
from xunshui.web.programme.submit import sign_commitment, submit, withdraw
from xunshui.web.programme.views.asking import actor_in, own_filing_in, own_number_in


@login_required
@require_POST
def start_one(request: HttpRequest) -> HttpResponse:
    """Start a new application in the open round."""
    round_ = get_object_or_404(Round, year=request.POST.get("round", "0"))
    name, direction = request.POST.get("case_name", "").strip(), request.POST.get("direction", "")
    if not name or direction not in Direction.values:
        raise StepRefused("新建申报", ("请写案例名称（最多 120 字）并选一个主要方向",))
    application = start(
        round_,
        case_name=name[:120],
        direction=direction,
        actor=actor_in(request),
        now=clock.now(),
        fast_track="fast_track" in request.POST,
    )
    return redirect(f"/apply/{application.number}/")


@login_required
@require_POST
def commit(request: HttpRequest, number: str) -> HttpResponse:
    """Sign the commitment to truth."""
    sign_commitment(own_number_in(request, number), actor=actor_in(request), now=clock.now())
    messages.success(request, "承诺已签署。接下来可以提交。", extra_tags="good")
    return redirect(f"/apply/{number}/check/")


@login_required
@require_POST
def hand_in(request: HttpRequest, number: str) -> HttpResponse:
    """Hand the application in."""
    version = submit(own_number_in(request, number), actor=actor_in(request), now=clock.now())
    text = f"第 {version.no} 版已提交，摘要 {version.digest[:22]}…。推荐单位审核后，您会在这里看到结果。"
    messages.success(request, text, extra_tags="good")
    return redirect(f"/apply/{number}/")


@login_required
@require_POST
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """Take a handed-in application back."""
    withdraw(own_number_in(request, number), actor=actor_in(request), now=clock.now())
    messages.warning(request, "已撤回，可以继续修改；截止前须重新提交。", extra_tags="warn")
    return redirect(f"/apply/{number}/")


@login_required
@require_POST
def fill_from_workbook(request: HttpRequest, number: str) -> HttpResponse:
    """Fill the ledger sections in from an uploaded site file."""
    application = own_filing_in(request, number)
    file = request.FILES.get("workbook")
    if file is None:
        raise StepRefused("从工作簿填写", ("请先选择站点工作簿（.xlsx）或站点文件（.json）",))
    filled = fill_from(application, file, actor=actor_in(request), now=clock.now())
    messages.success(request, f"已由“{file.name}”填写：{'、'.join(filled)}。请逐节核对。", extra_tags="good")
    return redirect(f"/apply/{number}/")
