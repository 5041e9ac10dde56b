"""A round of the demo opens: of the notice's rows, in the year of its own."""

from __future__ import annotations

import datetime as dt

from xunshui.register import application_form, register
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Round
from xunshui.web.programme.models.round import Level
from xunshui.web.programme.open_round import move_on, set_deadline
from xunshui.web.project.demo.calendar import Calendar, day
from xunshui.web.project.demo.filing import Office
from xunshui.web.project.demo.people import Cast

NOTICE = "miit-2024-280"


def open_office(cast: Cast, year: int, *, filing_at: dt.datetime, recommending_at: dt.datetime) -> Office:
    """Make the round of a year, set its deadlines and open it.

    `prepare_round` gives a notice its own year only; the demo's earlier rounds apply the same rows to theirs.
    """
    calendar, actor = Calendar(day(year, 7, 20)), cast.ministry
    notice = NOTICE if year == register(NOTICE).notice.filing_year else f"{NOTICE}@{year}"
    rows, form = register(notice), application_form(notice)
    round_ = Round.objects.create(
        year=year,
        title=f"{year} 年工业废水循环利用典型案例征集（演示）",
        notice=notice,
        rule_version=rows.version,
        form_version=form.version,
    )
    leave_line(round_, "round.prepare", actor=actor, now=calendar.now, notice=notice, rules=rows.version)
    for level, at in ((Level.FILING, filing_at), (Level.RECOMMENDING, recommending_at)):
        set_deadline(round_, level, at, actor=actor, now=calendar.later(), reason=rows.notice.document)
    round_ = move_on(round_, "open", actor=actor, now=calendar.later())
    return Office(round=round_, calendar=calendar, cast=cast)


def close_filing(office: Office, begins: dt.datetime) -> Office:
    """Begin the review and return the office with the round as it then stands."""
    round_ = move_on(office.round, "begin_review", actor=office.cast.ministry, now=office.calendar.on(begins))
    return Office(round=round_, calendar=office.calendar, cast=office.cast)
