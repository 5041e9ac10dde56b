"""Fill one section of an application in."""

from __future__ import annotations

from typing import Annotated, Any

from django.db import transaction
from django.http import Http404, HttpRequest
from ninja import Path, Router, Schema
from pydantic import ConfigDict, Field

from xunshui.register import Section
from xunshui.web.api.answers_in import answer_mistakes, answers_typed
from xunshui.web.api.authenticate import TokenAuth
from xunshui.web.api.bearer import bearer_in
from xunshui.web.api.missing import mistake_out
from xunshui.web.api.own import own_application
from xunshui.web.api.problem import MistakeOut, ProblemOut, invalid
from xunshui.web.api.scope import Scope
from xunshui.web.api.told import CHANGING, Number, answers
from xunshui.web.programme import clock
from xunshui.web.programme.fill import save_section
from xunshui.web.programme.form import mistakes_in
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Application
from xunshui.web.programme.sections import sections_of

router = Router(tags=["申报"], auth=TokenAuth(Scope.FILL))
SectionId = Annotated[
    str, Path(title="章节", description="如 ledger", pattern="^[a-z_]{1,30}$", max_length=30)
]


class SectionIn(Schema):
    """The whole section as it shall be, and the version it was read in."""

    model_config = ConfigDict(extra="forbid", strict=True)

    version: int = Field(title="版本", description="读到的版本；从未保存过填 0", ge=0, le=2_147_483_647)
    answers: dict[str, Any] = Field(
        title="答案", description="整节的答案，按栏目；没有写的栏目会清空。数字写成数字或文字都可以"
    )


class SavedOut(Schema):
    """The section as it was saved."""

    section: str = Field(title="章节")
    version: int = Field(title="新版本")
    answers: dict[str, Any] = Field(title="答案")
    missing: list[MistakeOut] = Field(title="这一节还要补的")


class ClashOut(Schema):
    """A field that both sides changed."""

    field: str = Field(title="栏目")
    mine: Any = Field(None, title="本次提交的")
    theirs: Any = Field(None, title="已经保存的")


class ConflictOut(ProblemOut):
    """Somebody saved meanwhile; or the application is closed for editing, then without the two sides."""

    version: int | None = Field(None, title="已保存的版本")
    theirs: dict[str, Any] | None = Field(None, title="已保存的答案")
    clashes: list[ClashOut] = Field(default_factory=list, title="不一致的栏目")


@router.put(
    "/applications/{number}/sections/{section}",
    response=answers(SavedOut, *CHANGING, s409=ConflictOut),
    operation_id="put_section",
    summary="保存一节",
    description="带上读到的版本；别人先保存了返回 409 和两边的内容。写法不对返回 422，一次列出全部问题，都不保存。",
)
def put_section(request: HttpRequest, number: Number, section: SectionId, payload: SectionIn) -> SavedOut:
    """Save a section whose version is still the one that was read."""
    application = own_application(request, number)
    asked = _section(application, section)
    typed = answers_typed(payload.answers)
    if wrong := answer_mistakes(application, asked, typed):
        raise invalid(wrong)
    return _save(request, application, asked, typed, payload.version)


def _section(application: Application, section: str) -> Section:
    found = next((row for row in sections_of(application) if row.id == section), None)
    if found is None:
        ids = "、".join(row.id for row in sections_of(application))
        raise Http404(f"申报书没有“{section}”这一节；有：{ids}")
    return found


@transaction.atomic
def _save(
    request: HttpRequest, application: Application, section: Section, typed: dict[str, Any], version: int
) -> SavedOut:
    actor, now = bearer_in(request).actor, clock.now()
    row = save_section(application.number, section.id, typed, version=version, actor=actor, now=now)
    leave_line(application, "token.fill", actor=actor, now=now, section=section.id, version=row.version)
    return SavedOut(
        section=section.id,
        version=row.version,
        answers=row.answers,
        missing=[mistake_out(told) for told in mistakes_in(application) if told.section == section.id],
    )
