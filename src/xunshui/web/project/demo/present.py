"""The demo's round of 2024: open, with drafts in every stage of filling and departments at work."""

from __future__ import annotations

from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.check import forward, reconsider
from xunshui.web.programme.models import Application, Round
from xunshui.web.programme.models.round import Level
from xunshui.web.programme.open_round import extend, move_on, prepare_round, set_deadline
from xunshui.web.programme.submit import withdraw
from xunshui.web.project.demo.calendar import Calendar, day
from xunshui.web.project.demo.filing import Office, begin, hand_in, join, prove, refill
from xunshui.web.project.demo.people import HOME_BODY, Cast
from xunshui.web.project.demo.province import (
    check_case,
    pass_case,
    prepare_table,
    recommend_all,
    send_back,
    speak_for,
    turn_down,
)
from xunshui.web.project.demo.rounds import NOTICE

EARLY_BODIES = ("33", "37", "42")
"""Departments that have handed their table in already."""


def open_round(cast: Cast) -> None:
    """2024: everything that can stand in an open round stands in it."""
    office = _opened(cast)
    _drafts(office)
    _own_people(office)
    office.calendar.on(day(2024, 9, 10))
    _early_bodies(office)
    _home_body(office)
    _elsewhere(office)


def _opened(cast: Cast) -> Office:
    calendar, actor = Calendar(day(2024, 7, 22)), cast.ministry
    round_ = prepare_round(NOTICE, filing_at=day(2024, 9, 28, 17), actor=actor, now=calendar.now)
    # The notice's own title is the ministry's; the demo must not be taken for it.
    Round.objects.filter(pk=round_.pk).update(title="2024 年工业废水循环利用典型案例征集（演示）")
    round_.refresh_from_db()
    round_ = move_on(round_, "open", actor=actor, now=calendar.later())
    set_deadline(
        round_, Level.FILING, day(2024, 9, 27, 17), body="44", actor=cast.provinces["44"], now=calendar.later(),
        reason="为省级现场核查留出时间",
    )  # fmt: skip
    return Office(round=round_, calendar=calendar, cast=cast)


def _drafts(office: Office) -> None:
    """Begin drafts that stand at every stage of filling, one of them proven and signed by nobody yet."""
    for stage, body in enumerate(("13", "14", "21", "34", "36", "41", "43", "51")):
        begin(office, body, sections=stage)
    for body in ("45", "52"):
        prove(office, begin(office, body))


def _own_people(office: Office) -> None:
    """Give the people who can be entered as something to do."""
    company = office.cast.applicant("steel", HOME_BODY, "applicant")
    hand_in(office, begin(office, HOME_BODY, template="steel", actor=company))
    returned = hand_in(office, begin(office, HOME_BODY, template="steel", actor=company))
    send_back(office, returned)
    nearly = begin(office, HOME_BODY, template="steel", actor=company)
    refill(office, nearly, "narrative", spread="")
    join(office, nearly, confirmed=False)
    park = office.cast.applicant("park", HOME_BODY, "park")
    begin(office, HOME_BODY, template="park", actor=park, sections=6)
    hand_in(office, begin(office, HOME_BODY, template="park", actor=park), joint=True)


def _early_bodies(office: Office) -> None:
    """Let three departments hand in their tables: their cases are recommended, a pilot is sent straight on."""
    for body in EARLY_BODIES:
        for _ in range(3):
            pass_case(office, hand_in(office, begin(office, body)))
    recommend_all(office, EARLY_BODIES)
    pilot = hand_in(office, begin(office, "33", fast_track=True))
    forward(pilot.number, actor=office.cast.provinces["33"], now=office.calendar.later())


def _home_body(office: Office) -> None:
    """Put work of every kind before the department that can be entered as."""
    new = [hand_in(office, begin(office, HOME_BODY), joint=place == 2) for place in range(5)]
    check_case(office, new[0], done=False)
    check_case(office, new[1], done=True)
    speak_for(office, new[2])
    hand_in(office, begin(office, HOME_BODY, template="petrochemical", fast_track=True))
    for _ in range(3):
        pass_case(office, hand_in(office, begin(office, HOME_BODY)))
    prepare_table(office, HOME_BODY)
    turn_down(office, hand_in(office, begin(office, HOME_BODY)))


def _elsewhere(office: Office) -> None:
    """Let other departments stand at other steps, and give one applicant more time."""
    for body in ("11", "31", "50", "61"):
        hand_in(office, begin(office, body))
    for body in ("35", "62", "2102"):
        pass_case(office, hand_in(office, begin(office, body)))
    again = hand_in(office, begin(office, "46"))
    turn_down(office, again)
    reconsider(again.number, actor=office.cast.provinces["46"], now=office.calendar.later())
    back = hand_in(office, begin(office, "53"))
    withdraw(back.number, actor=back.actor, now=office.calendar.later())
    late = begin(office, "66", sections=5)
    _give_time(office, late.actor, Application.objects.get(number=late.number))


def _give_time(office: Office, actor: Actor, row: Application) -> None:
    extend(
        row.round,
        Level.FILING,
        row.applicant,
        day(2024, 9, 29, 12),
        reason=f"{actor.organisation}所在地因暴雨停电两日",
        actor=office.cast.ministry,
        now=office.calendar.later(),
    )
