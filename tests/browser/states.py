"""Run in a process of its own: bring one application into a state, through the verbs that people use."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import django
from tests.browser.filling import EXAMPLE, PAPERS, WORDS

if TYPE_CHECKING:
    from xunshui.web.accounts.actor import Actor
    from xunshui.web.programme.models import Application

CASE = "示例钢铁厂浓盐水分级回用"


def actor(username: str) -> Actor:
    """Return a person of the round, acting for the organisation they belong to."""
    from xunshui.web.accounts.actor import Actor
    from xunshui.web.accounts.models import Membership

    row = Membership.objects.select_related("person", "organisation").get(person__username=username)
    return Actor(person=row.person, organisation=row.organisation, signs=True)


def drafted(now: dt.datetime, *, fast_track: bool = False) -> Application:
    """Return a draft that lacks nothing but the signature (and, on the fast track, P19)."""
    from django.core.files.base import ContentFile

    from xunshui.web.programme.attach import attach
    from xunshui.web.programme.fill import save_section
    from xunshui.web.programme.from_workbook import fill_from
    from xunshui.web.programme.models import Round
    from xunshui.web.programme.open_round import move_on
    from xunshui.web.programme.start import start

    round_, applicant = Round.objects.get(), actor("applicant")
    if round_.state == "preparing":
        round_ = move_on(round_, "open", actor=actor("ministry"), now=now)
    application = start(
        round_, case_name=CASE, direction="D1", actor=applicant, now=now, fast_track=fast_track
    )
    fill_from(application, ContentFile(EXAMPLE.read_bytes(), name=EXAMPLE.name), actor=applicant, now=now)
    sections: dict[str, dict[str, Any]] = {**WORDS, "declaration": {"truth": True, "consent": True}}
    rows = {row.section: row for row in application.sections.all()}
    for section, answers in sections.items():
        row = rows.get(section)
        whole = {**(row.answers if row else {}), **answers}
        whole.pop("contact_mobile", None)
        version = row.version if row else 0
        save_section(application.number, section, whole, version=version, actor=applicant, now=now)
    for paper in PAPERS:
        file = ContentFile(b"%PDF-1.4\n% " + paper.encode(), name=f"{paper}.pdf")
        attach(application.number, code=paper, title=paper, file=file, actor=applicant, now=now)
    application.refresh_from_db()
    return application


def pilot(now: dt.datetime) -> Application:
    """Return a draft of a 2022 pilot, its proof of acceptance still missing."""
    return drafted(now, fast_track=True)


def submitted(now: dt.datetime) -> Application:
    """Return a handed-in application."""
    from xunshui.web.programme.submit import sign_commitment, submit

    application = drafted(now)
    sign_commitment(application.number, actor=actor("applicant"), now=now)
    submit(application.number, actor=actor("applicant"), now=now)
    application.refresh_from_db()
    return application


def in_review(now: dt.datetime) -> Application:
    """Return a case that is assigned to the expert."""
    from django.core.files.base import ContentFile

    from xunshui.web.programme import recommend
    from xunshui.web.programme.assign import assign_round
    from xunshui.web.programme.check import accept, record_check
    from xunshui.web.programme.open_round import move_on
    from xunshui.web.programme.screen import screen

    application, province, ministry = submitted(now), actor("province"), actor("ministry")
    number, round_ = application.number, application.round
    record_check(number, actor=province, now=now, truth=True, indicators=True, opinion="同意推荐", remarks={})
    accept(number, actor=province, now=now)
    table = recommend.table_of(round_, province)
    recommend.write_table(table, opinion="同意", contact="钱处长", phone="0311", actor=province, now=now)
    recommend.attach_seal(table, ContentFile(b"%PDF-1.4", name="seal.pdf"), actor=province, now=now)
    recommend.submit_table(table, actor=province, now=now)
    screen(number, passes=True, reason="", actor=ministry, now=now)
    round_ = move_on(round_, "begin_review", actor=ministry, now=now)
    assign_round(round_, actor=ministry, now=now)
    return application


def on_notice(now: dt.datetime) -> Application:
    """Return a case on public notice for five days."""
    from xunshui.web.programme.decide import announce, stage, write_minutes
    from xunshui.web.programme.models import Round, Scoring
    from xunshui.web.programme.score import hand_in, save_scores

    application, ministry, expert = in_review(now), actor("ministry"), actor("expert")
    scoring, round_ = Scoring.objects.get(), Round.objects.get()
    scores = {row["id"]: {"score": "80", "reason": "见材料"} for row in round_.rubric}
    save_scores(scoring.pk, scores, comment="", actor=expert, now=now)
    hand_in(scoring.pk, actor=expert, now=now)
    stage(application.number, selected=True, reason="", actor=ministry, now=now)
    round_ = write_minutes(round_, "一致同意", actor=ministry, now=now)
    announce(round_, days=5, contact="010-00000000", actor=ministry, now=now)
    return application


STATES: dict[str, Callable[[dt.datetime], Application]] = {
    "drafted": drafted,
    "pilot": pilot,
    "submitted": submitted,
    "in_review": in_review,
    "on_notice": on_notice,
}

if __name__ == "__main__":
    django.setup()
    STATES[sys.argv[1]](dt.datetime.fromisoformat(sys.argv[2]))
