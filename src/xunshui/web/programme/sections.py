"""How far an application is filled in, section by section."""

from __future__ import annotations

from dataclasses import dataclass

from xunshui.register import Section
from xunshui.site.filing import AnswerMistake
from xunshui.site.kinds import SiteKind
from xunshui.web.programme.form import form_for, missing_documents, mistakes_in
from xunshui.web.programme.models import Application


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One entry of the task list: a section, its state in words, and how many problems it has."""

    id: str
    title: str
    url: str
    state: str
    tone: str
    problems: int = 0


def sections_of(application: Application) -> tuple[Section, ...]:
    """Return the sections that this kind of applicant fills in."""
    kind = SiteKind(application.kind)
    sections = form_for(application.round.notice).sections
    return tuple(
        section
        for section in sections
        if (not section.kinds or kind in section.kinds) and _is_filled_in(section)
    )


def tasks_of(application: Application) -> list[Task]:
    """Return the task list: the sections, the documents, the joint applicants."""
    answers, mistakes = application.answers, mistakes_in(application)
    sections = [
        _section_task(application, section, section.id in answers, mistakes)
        for section in sections_of(application)
    ]
    return [*sections, _files_task(application), _partners_task(application)]


def _is_filled_in(section: Section) -> bool:
    return any(field.type != "file" for field in section.fields)


def _section_task(
    application: Application, section: Section, begun: bool, mistakes: tuple[AnswerMistake, ...]
) -> Task:
    problems = sum(row.section == section.id for row in mistakes)
    state, tone = _state(begun, problems)
    return Task(
        id=section.id,
        title=section.title,
        url=f"/apply/{application.number}/s/{section.id}/",
        state=state,
        tone=tone,
        problems=problems,
    )


def _state(begun: bool, problems: int) -> tuple[str, str]:
    if not begun:
        return ("未开始", "") if problems else ("选填", "")
    return (f"有问题 {problems}", "warn") if problems else ("完成", "good")


def _files_task(application: Application) -> Task:
    missing = len(missing_documents(application))
    state, tone = (f"缺 {missing} 份", "warn") if missing else ("完成", "good")
    return Task(
        id="files",
        title="证明材料",
        url=f"/apply/{application.number}/files/",
        state=state,
        tone=tone,
        problems=missing,
    )


def _partners_task(application: Application) -> Task:
    waiting = application.partners.filter(confirmed_at__isnull=True).count()
    total = application.partners.count()
    state = f"待确认 {waiting}" if waiting else (f"{total} 家" if total else "没有")
    return Task(
        id="partners",
        title="联合申报单位",
        url=f"/apply/{application.number}/partners/",
        state=state,
        tone="warn" if waiting else "",
        problems=waiting,
    )
