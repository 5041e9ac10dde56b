"""The demo's rounds of earlier years: one published and lived with, one on public notice, one in review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import chain, cycle, islice

from xunshui.web.programme.assign import conflicts_of
from xunshui.web.programme.decide import announce, stage
from xunshui.web.programme.expert_pool import change_expert
from xunshui.web.programme.models import Application, Scoring
from xunshui.web.programme.object import file_objection, handle_objection
from xunshui.web.programme.publish import publish
from xunshui.web.programme.score import recuse
from xunshui.web.project.demo.after import live_with
from xunshui.web.project.demo.calendar import day
from xunshui.web.project.demo.filing import Case, Office, begin, hand_in, refill
from xunshui.web.project.demo.people import HOME_BODY, Cast
from xunshui.web.project.demo.province import pass_case, recommend_all, send_back, speak_for, turn_down
from xunshui.web.project.demo.reviewing import (
    Experts,
    assign_all,
    decide_all,
    score,
    screen_all,
    waiting,
)
from xunshui.web.project.demo.rounds import close_filing, open_office

CASES = 34
CONTACT = "节能与综合利用司（演示），电话 0000-1234567"


def published_round(cast: Cast, experts: Experts) -> None:
    """2021: reviewed, announced with one objection upheld, published, followed for two years."""
    office = _reviewed(cast, 2021, experts, score_all=True)
    selected = decide_all(office, selected=24)
    office = _announced(office, day(2021, 11, 22, 10))
    _object(office, selected[-1], "uphold")
    _object(office, selected[-2], "dismiss")
    over = office.calendar.on(day(2021, 12, 1))
    publish(office.round, actor=cast.ministry, now=over)
    live_with(office, selected[:-1])


def noticed_round(cast: Cast, experts: Experts) -> None:
    """2022: on public notice at the demo's moment, with an objection in each state."""
    office = _reviewed(cast, 2022, experts, score_all=True)
    selected = decide_all(office, selected=22)
    office = _announced(office, day(2024, 9, 23, 10))
    for number, event in zip(selected, ("", "admit", "reject", "uphold", "dismiss"), strict=False):
        _object(office, number, event)


def reviewing_round(cast: Cast, experts: Experts) -> None:
    """2023: half scored, some outcomes staged, two experts recused, one conflict that shows only now."""
    office = _reviewed(cast, 2023, experts, score_all=False)
    rows = waiting(office)
    numbers = sorted({row.application.number for row in rows})
    for row in waiting(office, numbers[:6]):
        score(office, experts, row)
    for place, number in enumerate(numbers[:5]):
        stage(
            number,
            selected=place < 3,
            reason="会议讨论后拟定",
            actor=cast.ministry,
            now=office.calendar.later(),
        )
    _score_some(office, experts, waiting(office))
    _recuse_two(office, experts)
    _let_conflict_appear(office)


def _reviewed(cast: Cast, year: int, experts: Experts, *, score_all: bool) -> Office:
    """Return the office of a round that was filed, recommended, screened and assigned."""
    office = open_office(cast, year, filing_at=day(year, 9, 20, 17), recommending_at=day(year, 10, 1, 0))
    cases = _filed(office)
    office.calendar.on(day(year, 9, 21))
    passed = _checked(office, cases)
    recommend_all(office, (case.body for case in passed))
    office = close_filing(office, day(year, 10, 9))
    screen_all(office, passed, out=2)
    assign_all(office)
    if score_all:
        for row in waiting(office):
            score(office, experts, row)
    return office


def _filed(office: Office) -> list[Case]:
    """Return the cases that were handed in; two more stay drafts for good."""
    areas = islice(cycle((HOME_BODY, *office.cast.places)), CASES)
    cases = [hand_in(office, begin(office, body), joint=place % 8 == 3) for place, body in enumerate(areas)]
    for body in ("41", "44"):
        begin(office, body, sections=4)
    return cases


def _checked(office: Office, cases: Sequence[Case]) -> list[Case]:
    """Return the cases that their departments passed, of which one was returned first and one never came back."""
    declined, lost, corrected, passed = cases[5:7], cases[7:8], cases[8], [*cases[:5], *cases[9:]]
    for case in declined:
        turn_down(office, case)
    for case in (*lost, corrected):
        send_back(office, case)
    refill(office, corrected, "applicant", contact_department="水务管理科")
    passed.append(hand_in(office, corrected))
    for place, case in enumerate(passed):
        if place % 9 == 4:
            speak_for(office, case, place % len(office.cast.associations))
        pass_case(office, case)
    return passed


def _announced(office: Office, moment: dt.datetime) -> Office:
    now = office.calendar.on(moment)
    round_ = announce(office.round, days=7, contact=CONTACT, actor=office.cast.ministry, now=now)
    return Office(round=round_, calendar=office.calendar, cast=office.cast)


def _object(office: Office, number: str, event: str) -> None:
    """File an objection to a case and take it as far as `event` says."""
    objection = file_objection(
        number,
        name=office.cast.names.person(),
        employer="示例环境咨询有限公司",
        contact="0000-7654321",
        facts="该案例公示的年节水量与其水资源费缴纳记录不一致，附对照表，请核实。",
        now=office.calendar.later(45),
    )
    steps = {"": (), "admit": ("admit",), "reject": ("reject",)}.get(event, ("admit", event))
    answers = {
        "reject": "所附材料与本案例无关，不予受理。",
        "uphold": "经核查，年节水量重复计入另一项目，异议成立。",
    }
    answers["dismiss"] = "经核查，差异来自计量口径，已补充说明，异议不成立。"
    for step in steps:
        handle_objection(
            objection.receipt,
            step,
            answer=answers.get(step, ""),
            actor=office.cast.ministry,
            now=office.calendar.later(90),
        )


def _score_some(office: Office, experts: Experts, rows: Sequence[Scoring]) -> None:
    """Score two fifths of the reviews, begin a few; the demo's own expert keeps most of the work."""
    mine = [row for row in rows if row.expert.person.username == "expert"]
    others = [row for row in rows if row.expert.person.username != "expert"]
    for row in chain(mine[:2], others[: len(others) * 2 // 5]):
        score(office, experts, row)
    for row in chain(mine[2:3], others[-4:]):
        score(office, experts, row, finished=False)


def _recuse_two(office: Office, experts: Experts) -> None:
    rows = [row for row in waiting(office) if row.expert.person.username != "expert"]
    for row, reason in zip(rows[:2], ("曾任该项目可研报告评审组长", "近亲属在申报单位任职"), strict=True):
        recuse(row.pk, reason=reason, actor=experts.actor(row), now=office.calendar.later())


def _let_conflict_appear(office: Office) -> None:
    """Let an expert declare a company that it already reviews: found late, for the ministry to act on."""
    rows = [row for row in waiting(office) if row.expert.person.username != "expert"]
    last = rows[-1]
    applicant = Application.objects.select_related("applicant").get(pk=last.application_id).applicant
    expert = change_expert(
        last.expert_id,
        declared=[applicant.credit_code],
        actor=office.cast.ministry,
        now=office.calendar.later(),
    )
    assert conflicts_of(expert, last.application, on=office.calendar.now.date())
