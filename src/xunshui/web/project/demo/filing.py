"""One application on its way: begun, filled in, proven, signed, handed in; or left anywhere in between."""

from __future__ import annotations

from dataclasses import dataclass

from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.attach import attach
from xunshui.web.programme.fill import save_section
from xunshui.web.programme.form import form_for, missing_documents
from xunshui.web.programme.models import Application, Round
from xunshui.web.programme.partners import confirm, invite
from xunshui.web.programme.start import start
from xunshui.web.programme.submit import sign_commitment, submit
from xunshui.web.project.demo.calendar import Calendar
from xunshui.web.project.demo.papers import paper
from xunshui.web.project.demo.people import Cast
from xunshui.web.project.demo.sites import ENTERPRISES, TEMPLATES, Answers, invented_answers
from xunshui.web.project.demo.words import STORIES

EXTRA_PAPERS = ("P05", "P13", "P14")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An application with those who can act on it."""

    number: str
    body: str
    actor: Actor
    answers: Answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Where the applications of a round come from: its round, its clock, and the cast."""

    round: Round
    calendar: Calendar
    cast: Cast


def begin(
    office: Office, body: str, *, template: str = "", username: str = "", actor: Actor | None = None,
    fast_track: bool = False, sections: int | None = None,
) -> Case:  # fmt: skip
    """Start an application and fill in its first `sections`, all where none is named."""
    random, cast = office.cast.random, office.cast
    template = template or random.choice((*ENTERPRISES, *ENTERPRISES, *TEMPLATES))
    actor = actor or cast.applicant(template, body, username)
    direction = random.choice(_untold(office, actor))
    name = f"{STORIES[direction].title}（{str(actor.organisation)[2:4]}）"
    row = start(
        office.round, case_name=name, direction=direction, actor=actor, now=office.calendar.later(),
        fast_track=fast_track,
    )  # fmt: skip
    answers = invented_answers(
        form_for(office.round.notice),
        template,
        actor,
        year=office.round.year,
        direction=direction,
        city=f"{cast.places[body]}示例市",
        random=random,
        contact=cast.names.person(),
    )
    _fill(office, row.number, actor, dict(list(answers.items())[:sections]))
    return Case(number=row.number, body=body, actor=actor, answers=answers)


def _untold(office: Office, actor: Actor) -> tuple[str, ...]:
    """Return the directions in which the applicant has no case in this round: a case is told by its name."""
    told = set(
        Application.objects.filter(round=office.round, applicant=actor.organisation).values_list(
            "direction", flat=True
        )
    )
    return tuple(direction for direction in STORIES if direction not in told)


def hand_in(office: Office, case: Case, *, joint: bool = False) -> Case:
    """Prove, sign and hand in a filled application, with a joint applicant where it is `joint`."""
    if joint:
        join(office, case, confirmed=True)
    prove(office, case)
    sign_commitment(case.number, actor=case.actor, now=office.calendar.later())
    submit(case.number, actor=case.actor, now=office.calendar.later())
    return case


def prove(office: Office, case: Case) -> None:
    """Attach every document that the application still lacks, and a few that bear out its figures."""
    row = Application.objects.select_related("round").get(number=case.number)
    codes = [(kind.code, kind.title) for kind in missing_documents(row)]
    for code, title in [*codes, (office.cast.random.choice(EXTRA_PAPERS), "计量与回用记录")]:
        attach(
            case.number,
            code=code,
            title=title[:120],
            file=paper(f"{case.number}-{code}", f"DEMO {case.number} {code}"),
            actor=case.actor,
            now=office.calendar.later(1),
        )


def join(office: Office, case: Case, *, confirmed: bool) -> None:
    """Invite the demo's provider to a case, confirmed by its signatory or still waiting."""
    partner = office.cast.partner
    assert partner.organisation is not None
    invite(
        case.number,
        credit_code=partner.organisation.credit_code or "",
        role="技术装备服务商",
        share="膜系统设计、供货与运行服务",
        actor=case.actor,
        now=office.calendar.later(),
    )
    if confirmed:
        confirm(case.number, actor=partner, now=office.calendar.later())


def refill(office: Office, case: Case, section: str, **changes: str) -> None:
    """Change some answers of a section, as an applicant does who corrects."""
    row = Application.objects.get(number=case.number).sections.get(section=section)
    save_section(
        case.number,
        section,
        row.answers | changes,
        version=row.version,
        actor=case.actor,
        now=office.calendar.later(),
    )


def _fill(office: Office, number: str, actor: Actor, answers: Answers) -> None:
    for section, told in answers.items():
        save_section(number, section, told, version=0, actor=actor, now=office.calendar.later(2))
