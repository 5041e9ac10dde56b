"""What the demo's departments do with what was handed in: check, return, decline, rank, seal, recommend."""

from __future__ import annotations

from collections.abc import Iterable

from xunshui.web.programme.check import accept, decline, record_check, return_for_correction
from xunshui.web.programme.endorse import endorse
from xunshui.web.programme.recommend import attach_seal, listed, rank, submit_table, table_of, write_table
from xunshui.web.project.demo.filing import Case, Office
from xunshui.web.project.demo.papers import paper

_OPINIONS = (
    "材料齐全，指标经现场核对属实，回用系统运行稳定，同意推荐。",
    "台账与水表记录一致，示范作用明显，予以推荐。",
    "核查未见超计划取水，技术路线可复制，同意推荐。",
)
DECLINED = "主要指标未达到通知二（二）3 的任一条件，且三年台账不完整。"
RETURNED = "2022 年排水量与台账合计不一致，请核对水表记录后补正，并补充回用量证明。"


def pass_case(office: Office, case: Case) -> None:
    """Check a case and pass it; every third one was looked at on site."""
    check_case(office, case, done=True)
    accept(case.number, actor=office.cast.provinces[case.body], now=office.calendar.later())


def check_case(office: Office, case: Case, *, done: bool) -> None:
    """Record what was checked: all of it, or the truth alone."""
    random, now = office.cast.random, office.calendar.later(25)
    on_site = done and random.random() < 1 / 3
    record_check(
        case.number,
        actor=office.cast.provinces[case.body],
        now=now,
        truth=True,
        indicators=done,
        opinion=random.choice(_OPINIONS) if done else "",
        remarks={"ledger.surface": "与取水在线监测数据核对一致"} if done else {},
        on_site_on=now.date() if on_site else None,
        on_site_note="查看了回用系统与主要水表，运行记录完整。" if on_site else "",
    )


def turn_down(office: Office, case: Case) -> None:
    """Do not recommend a case."""
    decline(case.number, reason=DECLINED, actor=office.cast.provinces[case.body], now=office.calendar.later())


def send_back(office: Office, case: Case) -> None:
    """Return a case for correction."""
    return_for_correction(
        case.number, reason=RETURNED, actor=office.cast.provinces[case.body], now=office.calendar.later()
    )


def speak_for(office: Office, case: Case, which: int = 0) -> None:
    """Let an association endorse a case."""
    endorse(
        case.number,
        text="该案例回用技术成熟，运行数据可信，在行业内有推广价值，特此推荐。",
        actor=office.cast.associations[which],
        now=office.calendar.later(),
    )


def recommend_all(office: Office, bodies: Iterable[str]) -> None:
    """Hand in the tables of these bodies: ranked, with opinion and seal."""
    for body in sorted(set(bodies)):
        prepare_table(office, body)
        table = table_of(office.round, office.cast.provinces[body])
        actor, calendar = office.cast.provinces[body], office.calendar
        scan = paper(f"seal-{body}", f"DEMO SEAL {office.round.year} {body}")
        attach_seal(table, scan, actor=actor, now=calendar.later())
        submit_table(table, actor=actor, now=calendar.later())


def prepare_table(office: Office, body: str) -> None:
    """Rank the accepted cases of a body in an order of its own and write its opinion."""
    actor, calendar = office.cast.provinces[body], office.calendar
    table = table_of(office.round, actor)
    numbers = [row.number for row in listed(table)]
    office.cast.random.shuffle(numbers)
    rank(table, numbers, actor=actor, now=calendar.later())
    write_table(
        table,
        opinion="经审核，所列案例真实可信、示范性强，按排序推荐。",
        contact=str(actor.person),
        phone="0000-1234567",
        actor=actor,
        now=calendar.later(),
    )
