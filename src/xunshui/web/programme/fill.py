"""Save one section of a draft: nothing typed is lost, and two editors are shown each other's words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from xunshui.review import StepRefused
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.models import Application, SectionAnswers
from xunshui.web.programme.permissions import NotYours, owns
from xunshui.web.programme.taking import locked


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that both editors changed: what I typed and what was saved meanwhile."""

    field: str
    mine: Any
    theirs: Any


class SavedMeanwhile(Exception):
    """Someone else saved this section since it was opened; `clashes` are the fields where words differ."""

    def __init__(self, row: SectionAnswers, mine: dict[str, Any]) -> None:
        """Lay both versions side by side."""
        self.row = row
        self.mine = mine
        keys = [*mine, *(key for key in row.answers if key not in mine)]
        self.clashes = tuple(
            Clash(key, mine.get(key), row.answers.get(key))
            for key in keys
            if mine.get(key) != row.answers.get(key)
        )
        super().__init__(f"{row.saved_by} 已于 {row.saved_at:%H:%M:%S} 保存过这一节")


@transaction.atomic
def save_section(
    number: str, section: str, answers: dict[str, Any], *, version: int, actor: Actor, now: dt.datetime
) -> SectionAnswers:
    """Save a section whose last seen version is `version` (0: never saved) and return the saved row.

    Raises `NotYours`, `StepRefused` where the application is closed for editing, and `SavedMeanwhile`.
    """
    application = locked(number)
    _refuse_strangers(application, actor)
    row = SectionAnswers.objects.filter(application=application, section=section).first()
    if row is None:
        row = SectionAnswers(application=application, section=section, version=0)
    elif row.answers == answers:
        return row
    elif row.version != version:
        raise SavedMeanwhile(row, answers)
    row.answers, row.version = answers, row.version + 1
    row.saved_at, row.saved_by = now, actor.label
    row.save()
    return row


def _refuse_strangers(application: Application, actor: Actor) -> None:
    if not owns(actor, application):
        raise NotYours(f"{actor.label}不是申报 {application.number} 的申报单位")
    if not application.can_be_edited:
        raise StepRefused(
            "修改申报", (f"申报现在是“{application.get_state_display()}”；先撤回，或等推荐单位退回",)
        )
