"""A province's queue: what needs its decision first, by deadline and by risk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery, TextField
from django.db.models.fields.json import KT

from xunshui.register import attachment_kinds
from xunshui.review import ApplicationState, Deadline
from xunshui.site.kinds import SiteKind
from xunshui.web.programme.models import Application, Attachment, Submission
from xunshui.web.programme.models.application import RECOMMENDED_ON, FileState

_S = ApplicationState
BUCKETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "todo": ("待审核", (_S.SUBMITTED,)),
    "returned": ("退回补正", (_S.RETURNED,)),
    "accepted": ("审核通过", (_S.ACCEPTED,)),
    "declined": ("不予推荐", (_S.DECLINED,)),
    "sent": ("已推荐", RECOMMENDED_ON),
    "all": ("全部", (_S.SUBMITTED, _S.RETURNED, _S.ACCEPTED, _S.DECLINED, *RECOMMENDED_ON)),
}
"""The filters of the queue. All states from 已推荐 on are one, so that no count tells a staged outcome."""
_VERDICTS = {"not_met": ("结论：不具备条件", "bad", 4), "cannot_tell": ("结论：无法判定", "warn", 2)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A reason to look closer, in words; `weight` orders the queue."""

    text: str
    tone: str
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One application of the queue."""

    application: Application
    state_title: str
    due: dt.datetime | None
    risks: tuple[Risk, ...]

    @property
    def due_text(self) -> str:
        """Return until when, as officials write it; midnight belongs to the day that ends."""
        return Deadline(at=self.due).text.removesuffix("（北京时间）") if self.due else ""

    @property
    def weight(self) -> int:
        """Return how much speaks for looking closer."""
        return sum(risk.weight for risk in self.risks)


def counts_of(rows: QuerySet[Application]) -> dict[str, int]:
    """Return how many applications stand under each filter."""
    by_state = dict(rows.order_by().values_list("state").annotate(Count("pk", distinct=True)))
    return {key: sum(by_state.get(str(state), 0) for state in states) for key, (_, states) in BUCKETS.items()}


def queue_of(rows: QuerySet[Application], bucket: str, *, recommending: dt.datetime | None) -> list[QueueRow]:
    """Return the rows under a filter: waiting ones first, then by their deadline, the riskier earlier."""
    states = BUCKETS[bucket][1]
    last = Submission.objects.filter(application=OuterRef("pk")).order_by("-no")
    found = (
        rows.filter(state__in=states)
        .select_related("applicant", "round")
        .annotate(
            eligible=Subquery(
                last.annotate(told=KT("assessment__eligible")).values("told")[:1], output_field=TextField()
            ),
            version_no=Subquery(last.values("no")[:1]),
        )
        .prefetch_related(
            Prefetch("attachments", Attachment.objects.filter(removed_at=None), to_attr="files"),
            "partners",
        )
    )
    return sorted((_row(row, recommending) for row in found), key=_place)


def _row(application: Application, recommending: dt.datetime | None) -> QueueRow:
    due = application.correction_due if application.state == _S.RETURNED else recommending
    return QueueRow(
        application=application,
        state_title=application.state_title(),
        due=due if application.state in (_S.SUBMITTED, _S.RETURNED, _S.ACCEPTED) else None,
        risks=tuple(_risks(application)),
    )


def _risks(application: Application) -> Iterable[Risk]:
    if application.fast_track:
        yield Risk(text="2022 年试点直通", tone="info", weight=3)
    found = vars(application)  # what the query annotated
    if (found["version_no"] or 1) > 1:
        yield Risk(text=f"第 {found['version_no']} 版", tone="info", weight=1)
    told = _VERDICTS.get(found["eligible"] or "cannot_tell")
    if told:
        yield Risk(text=told[0], tone=told[1], weight=told[2])
    missing = _missing(application)
    if missing:
        yield Risk(text=f"缺材料 {'、'.join(missing)}", tone="bad", weight=len(missing))


def _missing(application: Application) -> list[str]:
    """Return the codes of proof that are needed and not there, from what is already loaded."""
    files: list[Attachment] = vars(application)["files"]
    there = {row.code for row in files if row.state != FileState.REJECTED}
    return [
        kind.code
        for kind in attachment_kinds()
        if kind.code not in there
        and kind.is_required(
            kind=SiteKind(application.kind),
            direction=application.direction,
            fast_track=application.fast_track,
            joint=bool(application.partners.all()),
        )
    ]


def _place(row: QueueRow) -> tuple[bool, bool, float, int, str]:
    waiting = row.application.state == _S.SUBMITTED
    due = row.due.timestamp() if row.due else float("inf")
    return (not waiting, row.due is None, due, -row.weight, row.application.number)
