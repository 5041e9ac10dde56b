"""One case as its page tells it: background, practice, effect, figures, water, what came after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from xunshui.quantities import NotANumber, decimal_of
from xunshui.register import Field, register
from xunshui.web.catalogue.figures import Figure, GateShown, gates_of, leading_figure
from xunshui.web.catalogue.shelf import body_titles, has_consent, industry_class
from xunshui.web.catalogue.water import WaterPicture, pictures_of, raw_site
from xunshui.web.programme.form import form_for
from xunshui.web.programme.models import Application, FollowUp, Question, Submission, Support
from xunshui.web.programme.permissions import SHOWN_TO_PUBLIC

NARRATIVE = (
    ("background", "背景"),
    ("practice", "做法"),
    ("effect", "成效"),
    ("innovation", "创新点"),
    ("spread", "可复制推广性"),
    ("next_steps", "存在问题与下一步"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A titled part of the narrative, in paragraphs."""

    id: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact of the project as declared."""

    title: str
    value: Decimal | str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearShown:
    """A year after publication: its leading figure, if any gate is met, and every gate's outcome."""

    row: FollowUp
    figure: Figure | None
    gates: tuple[GateShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Everything on the page of a published case."""

    application: Application
    submission: Submission
    figure: Figure | None
    narrative: tuple[Block, ...]
    facts: tuple[Fact, ...]
    gates: tuple[GateShown, ...]
    pictures: tuple[WaterPicture, ...]
    years: tuple[YearShown, ...]
    supports: QuerySet[Support]
    questions: QuerySet[Question]
    waiting: int
    industry: str
    province: str
    partners: tuple[str, ...]
    rules_moved_on: bool


def shown_cases() -> QuerySet[Application]:
    """Return what has a page in the catalogue: published cases, and those taken off as stones."""
    rows = Application.objects.filter(state__in=SHOWN_TO_PUBLIC)
    return rows.select_related("round", "applicant")


def case_page(application: Application) -> CasePage:
    """Return the page of a published case."""
    submission = application.submission
    assert submission is not None
    submission.application = application
    assessment, site = submission.assessment, raw_site(submission.site)
    open_questions = application.questions.filter(answered_at=None)
    return CasePage(
        application=application,
        submission=submission,
        figure=leading_figure(assessment),
        narrative=_narrative(submission.answers),
        facts=_facts(application, submission.answers),
        gates=gates_of(assessment, site),
        pictures=pictures_of(submission),
        years=tuple(_year(row) for row in application.followups.all()),
        supports=application.supports.all(),
        questions=application.questions.exclude(answered_at=None),
        waiting=open_questions.count(),
        industry=industry_class(application, submission.answers.get("applicant") or {})[1],
        province=body_titles().get(application.body, application.body),
        partners=tuple(str(row) for row in application.partners.select_related("organisation")),
        rules_moved_on=submission.rule_version != register(application.round.notice).version,
    )


def _narrative(answers: Mapping[str, Any]) -> tuple[Block, ...]:
    told = answers.get("narrative") or {}
    if not has_consent(answers.get("declaration") or {}):
        return ()
    blocks = ((part, title, _paragraphs(told, part)) for part, title in NARRATIVE)
    return tuple(Block(id=part, title=title, paragraphs=text) for part, title, text in blocks if text)


def _paragraphs(told: Mapping[str, Any], part: str) -> tuple[str, ...]:
    text = str(told.get(part) or told.get(f"abstract_{part}") or "")
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _facts(application: Application, answers: Mapping[str, Any]) -> tuple[Fact, ...]:
    section = form_for(application.round.notice).section("project")
    told = answers.get("project") or {}
    if section is None:
        return ()
    return tuple(
        _fact(field, told[field.id]) for field in section.fields if told.get(field.id) not in (None, "")
    )


def _fact(field: Field, typed: Any) -> Fact:
    value: Decimal | str = str(typed)
    if field.type in ("decimal", "integer"):
        try:
            value = decimal_of(typed)
        except NotANumber:
            value = str(typed)
    return Fact(title=field.title, value=value, unit=field.unit)


def _year(row: FollowUp) -> YearShown:
    return YearShown(
        row=row,
        figure=leading_figure(row.assessment),
        gates=gates_of(row.assessment, raw_site(row.site)),
    )
