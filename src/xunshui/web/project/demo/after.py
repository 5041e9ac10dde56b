"""After publication: yearly figures, support, questions with and without an answer, and one case taken off the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.follow import answer, ask, record_support, report_year, tell_result
from xunshui.web.programme.live import site_of
from xunshui.web.programme.models import Application
from xunshui.web.programme.models.followup import Instrument
from xunshui.web.programme.publish import delist
from xunshui.web.project.demo.calendar import day
from xunshui.web.project.demo.filing import Office
from xunshui.web.project.demo.sites import moved

_SUPPORTS = (
    ("膜回用系统扩能改造", "示例省工业和信息化厅", Instrument.RENOVATION, "860.00"),
    ("超低压膜与在线仪表更新", "示例市工业和信息化局", Instrument.EQUIPMENT, "320.50"),
    ("再生水管网接入补助", "示例省财政厅", Instrument.FUNDS, "150.00"),
)
_QUESTIONS = (
    ("浓水最终去了哪里？有没有蒸发结晶？", "浓水用于渣场抑尘，多余部分进园区浓水集中处理，没有单独蒸发。"),
    ("膜的清洗周期实际能做到多少天？", ""),
    ("再生水价格和新水价格各是多少？", "再生水到厂价约为新水的六成，按水质分段结算。"),
)


def live_with(office: Office, published: Sequence[str]) -> None:
    """Follow the published cases for the years after."""
    for year, numbers in ((2022, published[:9]), (2023, published[:6])):
        office.calendar.on(day(year + 1, 3, 12))
        for number in numbers:
            _report(office, number, year)
    for number, support in zip(published[:6], _SUPPORTS * 2, strict=False):
        _support(office, number, *support)
    for number, (question, told) in zip(published[:3], _QUESTIONS, strict=True):
        _ask(office, number, question, told)
    office.calendar.on(day(2023, 9, 4))
    delist(
        published[-1],
        reason="企业 2023 年发生超计划取水，不再符合通知二（二）2，移出名单。",
        actor=office.cast.ministry,
        now=office.calendar.later(),
    )


def _report(office: Office, number: str, year: int) -> None:
    row = Application.objects.select_related("applicant", "round").get(number=number)
    report_year(
        number,
        year=year,
        site=site_of(row, moved(row.answers, year + 1 - row.round.year), (year - 2, year - 1, year)),
        actor=_applicant(row),
        now=office.calendar.later(),
        note="按公布时的口径统计。",
    )


def _support(
    office: Office, number: str, measure: str, authority: str, instrument: Instrument, amount: str
) -> None:
    row = record_support(
        number,
        measure=measure,
        authority=authority,
        instrument=instrument,
        given_on=dt.date(2022, 6, 30),
        amount_wan_yuan=Decimal(amount),
        actor=office.cast.ministry,
        now=office.calendar.later(),
    )
    if instrument is not Instrument.FUNDS:
        result = "改造后一年新水取用量下降 7.4 %，投资回收期约三年。"
        tell_result(row.pk, result, actor=office.cast.ministry, now=office.calendar.later())


def _ask(office: Office, number: str, question: str, told: str) -> None:
    row = ask(number, question, now=office.calendar.later())
    if told:
        application = Application.objects.select_related("applicant").get(number=number)
        answer(row.pk, told, actor=_applicant(application), now=office.calendar.later())


def _applicant(row: Application) -> Actor:
    membership = row.applicant.memberships.select_related("person").earliest("pk")
    return Actor(person=membership.person, organisation=row.applicant, signs=True)
