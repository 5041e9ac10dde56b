"""A case as it was handed in, laid out for reading: answers, results, documents, opinion of the province."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xunshui.register import Field, Section, bodies
from xunshui.web.programme.blind import HIDDEN_SECTIONS, Blindfold, blindfold_for
from xunshui.web.programme.form import form_for
from xunshui.web.programme.models import Application, Attachment, Submission
from xunshui.web.programme.models.application import FileState


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section with its answers; what was left empty is left out."""

    section: Section
    answers: tuple[tuple[Field, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A proof document by what it is, never by the name its file had."""

    id: int
    code: str
    title: str
    issuer: str
    can_be_opened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything an expert or the ministry reads of a case; `blind` says whether names are taken out."""

    number: str
    case_name: str
    direction: str
    blind: bool
    parts: tuple[Part, ...]
    assessment: dict[str, Any] | None
    documents: tuple[Document, ...]
    version: Submission | None
    applicant: str = ""
    credit_code: str = ""
    partners: tuple[str, ...] = ()
    body: str = ""


def dossier_of(application: Application, *, blind: bool) -> Dossier:
    """Return the last handed-in version of a case; with `blind`, nothing in it names who applies."""
    version = application.submission
    answers = application.answers if version is None else version.answers
    hides = blindfold_for(application, answers) if blind else Blindfold(())
    named = {} if blind else _named(application)
    return Dossier(
        number=application.number,
        case_name=hides.text(application.case_name),
        direction=application.get_direction_display(),
        blind=blind,
        parts=tuple(_parts(application, answers, hides, blind)),
        assessment=hides.data(version.assessment) if version else None,
        documents=tuple(_document(row, hides) for row in _files(application)),
        version=version,
        **named,
    )


def name_for_experts(application: Application) -> str:
    """Return the case's name as an expert may read it in this round."""
    if not application.round.blind:
        return application.case_name
    version = application.submission
    answers = application.answers if version is None else version.answers
    return blindfold_for(application, answers).text(application.case_name)


def body_name(code: str) -> str:
    """Return the short name of a recommending body, or its code where the register has none."""
    return next((body.short_name for body in bodies() if body.code == code), code)


def _named(application: Application) -> dict[str, Any]:
    partners = application.partners.select_related("organisation")
    return {
        "applicant": application.applicant.name,
        "credit_code": application.applicant.credit_code or "",
        "partners": tuple(str(row) for row in partners),
        "body": body_name(application.body),
    }


def _parts(application: Application, answers: dict[str, Any], hides: Blindfold, blind: bool) -> list[Part]:
    sections = form_for(application.round.notice).sections_for(application.kind)
    shown = (row for row in sections if not (blind and row.id in HIDDEN_SECTIONS))
    parts = [_part(section, hides.data(answers.get(section.id, {}))) for section in shown]
    return [part for part in parts if part.answers]


def _part(section: Section, given: dict[str, Any]) -> Part:
    told = tuple(
        (field, given[field.id]) for field in section.fields if given.get(field.id) not in (None, "")
    )
    return Part(section=section, answers=told)


def _files(application: Application) -> list[Attachment]:
    return list(application.attachments.filter(removed_at__isnull=True).exclude(state=FileState.REJECTED))


def _document(row: Attachment, hides: Blindfold) -> Document:
    return Document(
        id=row.pk,
        code=row.code,
        title=hides.text(row.title),
        issuer=hides.text(row.issuer),
        can_be_opened=row.state == FileState.CLEAN,
    )
