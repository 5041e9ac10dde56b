"""What a province does with one application: keep the check, and with the same press take a step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xunshui.review import APPLICATION, StepRefused
from xunshui.review.deadline import BEIJING
from xunshui.web.programme import clock
from xunshui.web.programme.check import (
    accept,
    decline,
    forward,
    reconsider,
    record_check,
    return_for_correction,
)
from xunshui.web.programme.models import Application
from xunshui.web.programme.views.asking import application_in
from xunshui.web.programme.views.province import CHECKABLE, province_in

_DONE = {
    "accept": "{0} 已审核通过，列入推荐表末位。",
    "return": "{0} 已退回补正，申报单位会看到理由。",
    "decline": "{0} 不予推荐，申报单位会看到理由。",
    "forward": "{0} 已直接转交工业和信息化部，不进入推荐表排序。",
    "reconsider": "{0} 已重新列入待审核。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Posted:
    """What was posted of the check."""

    truth: bool
    indicators: bool
    opinion: str
    remarks: dict[str, str]
    on_site_on: dt.date | None
    on_site_note: str

    def as_kept(self) -> dict[str, Any]:
        """Return the arguments of `record_check`."""
        return {name: getattr(self, name) for name in self.__slots__}


@login_required
@require_POST
def check(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what was checked, then take the step of the button; what was typed is kept even where it is refused."""
    actor = province_in(request)
    application = application_in(request, number)
    event = request.POST.get("act", "")
    if application.state in CHECKABLE:
        posted = _posted(request, application)
        if posted != _kept(application):
            record_check(number, actor=actor, now=clock.now(), **posted.as_kept())
    if event in _DONE:
        _take(request, application, event)
        return redirect("/province/" if event in ("accept", "return", "forward") else f"/province/{number}/")
    if application.state in CHECKABLE:
        messages.success(request, "核查情况已保存。核查完两项并写好意见后，可以审核通过。", extra_tags="good")
    return redirect(f"/province/{number}/")


def _take(request: HttpRequest, application: Application, event: str) -> None:
    """Take a step; one that was already taken is told again and not taken twice."""
    if not _is_taken(application, event):
        _verb(request, event)(application.number, actor=province_in(request), now=clock.now())
    messages.success(request, _DONE[event].format(application.number), extra_tags="good")


def _is_taken(application: Application, event: str) -> bool:
    steps = [step for step in APPLICATION.steps if step.event == event]
    return any(application.state == step.after and application.state not in step.before for step in steps)


def _verb(request: HttpRequest, event: str) -> Callable[..., Application]:
    reason = request.POST.get("reason", "").strip()
    if event == "return":
        due = _end_of(request.POST.get("due", ""))
        return lambda number, **who: return_for_correction(number, reason=reason, due=due, **who)
    if event == "decline":
        return lambda number, **who: decline(number, reason=reason, **who)
    return {"accept": accept, "forward": forward, "reconsider": reconsider}[event]


def _posted(request: HttpRequest, application: Application) -> _Posted:
    told = {
        key.removeprefix("remark:"): str(text).strip() for key, text in request.POST.items() if ":" in key
    }
    # A filtered page posts some of the rows; the remarks on the others stay.
    remarks = {key: text for key, text in (application.remarks | told).items() if text}
    opinion, phrase = request.POST.get("opinion", "").strip(), request.POST.get("phrase", "")
    return _Posted(
        truth="truth" in request.POST,
        indicators="indicators" in request.POST,
        opinion=opinion if phrase in opinion else f"{opinion}{phrase}",
        remarks=remarks,
        on_site_on=day_in("现场核查", request.POST.get("on_site_on", "")),
        on_site_note=request.POST.get("on_site_note", "").strip(),
    )


def _kept(application: Application) -> _Posted:
    return _Posted(
        truth=application.truth_checked_at is not None,
        indicators=application.indicators_checked_at is not None,
        opinion=application.opinion,
        remarks=application.remarks,
        on_site_on=application.on_site_on,
        on_site_note=application.on_site_note,
    )


def day_in(title: str, text: str) -> dt.date | None:
    """Return the posted day, None where the box was left empty; raises `StepRefused` for anything else."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise StepRefused(title, (f"日期“{text}”应写成 2024-09-30",)) from None


def end_of(day: dt.date) -> dt.datetime:
    """Return the instant at which a day ends in Beijing."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), BEIJING)


def _end_of(text: str) -> dt.datetime | None:
    day = day_in("退回补正", text)
    if day is None:
        return None
    if end_of(day) <= clock.now():
        raise StepRefused("退回补正", (f"补正期限“{text}”已经过去；请选今天或以后的日期",))
    return end_of(day)
