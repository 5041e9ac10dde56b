"""Answers that a program sends: brought into the form in which pages keep them, then checked as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from xunshui.register import FieldType, Section
from xunshui.site.filing import check_answers
from xunshui.site.kinds import SiteKind
from xunshui.web.api.missing import mistake_out
from xunshui.web.api.problem import MistakeOut
from xunshui.web.programme.form import form_for, years_of
from xunshui.web.programme.models import Application

_EMPTY: tuple[Any, ...] = (None, "", {}, [])


def answers_typed(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as pages keep them: numbers as the text that was written, what is empty left out.

    >>> from decimal import Decimal
    >>> answers_typed({"surface": {"2023": Decimal("97.60"), "2022": None}, "note": ""})
    {'surface': {'2023': '97.60'}}
    """
    found = {key: _typed(value) for key, value in sent.items()}
    return {key: value for key, value in found.items() if not _is_empty(value)}


def answer_mistakes(
    application: Application, section: Section, answers: Mapping[str, Any]
) -> list[MistakeOut]:
    """Return every mistake in the answers of one section; what is still blank in a draft is none."""
    form = form_for(application.round.notice)
    found = check_answers(
        form,
        {**application.answers, section.id: dict(answers)},
        kind=SiteKind(application.kind),
        years=years_of(application.round),
        draft=True,
    )
    wrong = [mistake_out(row) for row in found if row.section == section.id]
    return [*wrong, *_files_as_answers(section, answers)]


def _files_as_answers(section: Section, answers: Mapping[str, Any]) -> Iterator[MistakeOut]:
    for field in section.fields:
        if field.type is FieldType.FILE and field.id in answers:
            yield MistakeOut(
                where=f"{section.id}.{field.id}",
                problem=f"{field.title}：文件不在答案里填写",
                accepted="POST …/attachments 上传",
            )


def _typed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return answers_typed(value)
    if isinstance(value, list):
        return [row for row in map(_typed, value) if not _is_empty(row)]
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return str(value)
    return value


def _is_empty(value: Any) -> bool:
    return not isinstance(value, bool) and value in _EMPTY
