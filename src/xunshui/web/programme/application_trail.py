"""What the trail tells a province of an application: the acts of applicant, associations and the province.

Acts of the ministry and the experts stay out: a staged outcome or the name of a reviewer must not be read from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xunshui.review import APPLICATION, Role
from xunshui.web.programme.models import Application
from xunshui.web.trail.models import Entry

_OPEN = (Role.APPLICANT, Role.PROVINCE)
_TITLES = {
    "application.start": "新建申报",
    "application.commit": "签署承诺",
    "application.check": "保存核查",
    "application.endorse": "协会推荐",
    "attachment.add": "上传材料",
    "attachment.remove": "移除材料",
    "partner.invite": "邀请联合申报单位",
    "partner.confirm": "联合申报单位确认",
    "partner.leave": "联合申报单位退出",
} | {f"application.{step.event}": step.title for step in APPLICATION.steps if set(step.who) & set(_OPEN)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLine:
    """One act in words."""

    entry: Entry
    title: str
    note: str


def trail_of(application: Application) -> list[TrailLine]:
    """Return the acts on an application that its province may read, newest first."""
    rows = Entry.objects.filter(
        chain=application.chain, subject=application.subject, act__in=list(_TITLES)
    ).order_by("-seq")
    return [TrailLine(entry=row, title=_TITLES[row.act], note=_note(row.body)) for row in rows]


def _note(body: dict[str, Any]) -> str:
    detail = body.get("detail", {})
    told = (detail.get("reason"), detail.get("code"), detail.get("partner"), detail.get("no"))
    return next((str(text) for text in told if text), "")
