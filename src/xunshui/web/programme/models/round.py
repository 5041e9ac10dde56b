"""A round: the call, its deadlines by level and jurisdiction, and extensions for single parties."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db import models

from xunshui.review import ROUND, Deadline, RoundState
from xunshui.web.accounts.models import Organisation
from xunshui.web.programme.models.states import known_state, needs, state_field


def default_rubric() -> list[dict[str, Any]]:
    """Return the rubric that a round starts from; the notice names none, so the ministry sets its own."""
    return [
        {
            "id": "effect",
            "title": "节水减排成效",
            "weight": 30,
            "note": "重复利用率、取水量、再生水占比的实测改善",
        },
        {
            "id": "innovation",
            "title": "技术先进性与创新性",
            "weight": 25,
            "note": "难点是否突破，成本是否可接受",
        },
        {"id": "evidence", "title": "数据可信与证据完整", "weight": 20, "note": "数值能否追到水表与材料"},
        {"id": "spread", "title": "可复制推广性", "weight": 15, "note": "同类企业、园区能否照做"},
        {"id": "synergy", "title": "减污降碳协同", "weight": 10, "note": "能耗与排放是否一并下降"},
    ]


class Round(models.Model):
    """One call of the ministry."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    title = models.CharField("名称", max_length=120)
    notice = models.CharField("通知", max_length=40, default="miit-2024-280")
    rule_version = models.CharField("规则版本", max_length=120)
    form_version = models.CharField("表样版本", max_length=120)
    state = state_field(ROUND)
    rubric = models.JSONField("评分表", default=default_rubric)
    blind = models.BooleanField("隐去申报单位名称", default=False)
    experts_per_case = models.PositiveSmallIntegerField("每案专家数", default=3)
    cases_per_expert = models.PositiveSmallIntegerField("每位专家最多案例数", default=20)
    body_quota = models.PositiveSmallIntegerField("每个推荐单位名额", null=True, blank=True)
    city_first = models.JSONField("须市级初审的推荐单位", default=list, blank=True)
    minutes = models.TextField("会议纪要", blank=True)
    notice_from = models.DateTimeField("公示开始", null=True, blank=True)
    notice_to = models.DateTimeField("公示结束", null=True, blank=True)
    notice_contact = models.CharField("公示联系方式", max_length=200, blank=True)
    published_at = models.DateTimeField("公布时间", null=True, blank=True)

    class Meta:
        """A round's state is tied to its dates."""

        ordering: ClassVar = ["-year"]
        constraints: ClassVar = [
            known_state(ROUND),
            needs(
                "round_on_notice_has_dates",
                (RoundState.ON_NOTICE, RoundState.PUBLISHED),
                notice_from__isnull=False,
                notice_to__isnull=False,
            ),
            needs("round_published_has_date", (RoundState.PUBLISHED,), published_at__isnull=False),
            models.CheckConstraint(
                condition=models.Q(notice_to__isnull=True) | models.Q(notice_to__gt=models.F("notice_from")),
                name="round_notice_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    @property
    def chain(self) -> str:
        """Return the name of the round's chain in the trail."""
        return f"round-{self.year}"

    @property
    def subject(self) -> str:
        """Return the name of this round in the trail."""
        return f"round/{self.year}"

    @property
    def is_decided_in_public(self) -> bool:
        """Return whether the outcome of the selection may be seen outside the ministry."""
        return self.state in (RoundState.ON_NOTICE, RoundState.PUBLISHED)

    def deadline(self, level: str, body: str, organisation: Organisation | None = None) -> Deadline | None:
        """Return the deadline of a level for a body, or the one extended for a party; None while none is set."""
        if self.state != RoundState.OPEN:
            return None
        rows = {row.body: row for row in self.deadlines.all() if row.level == level}
        row = rows.get(body) or rows.get("")
        ordinary = None if row is None else Deadline(at=row.at, grace=dt.timedelta(seconds=row.grace_s))
        extension = self._extension(level, organisation)
        if extension is None or (ordinary is not None and extension.at <= ordinary.closes):
            return ordinary
        return Deadline(at=extension.at)

    def _extension(self, level: str, organisation: Organisation | None) -> Extension | None:
        if organisation is None:
            return None
        return self.extensions.filter(level=level, organisation=organisation).order_by("-at").first()


class Level(models.TextChoices):
    """What a deadline closes."""

    FILING = "filing", "申报"
    RECOMMENDING = "recommending", "推荐"


class RoundDeadline(models.Model):
    """When a level closes, for every body or for one; a body's own may only be earlier for filing."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="deadlines")
    level = models.CharField("环节", max_length=16, choices=Level.choices)
    body = models.CharField("推荐单位代码", max_length=12, blank=True)
    at = models.DateTimeField("截止时刻", help_text="该时刻本身已截止")
    grace_s = models.PositiveIntegerField("宽限（秒）", default=0)
    reason = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        """One deadline for each level and body."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "level", "body"], name="deadline_once")
        ]

    def __str__(self) -> str:
        """Return what closes when."""
        return f"{self.get_level_display()} {self.body or '全部'} {self.at.isoformat()}"


class Extension(models.Model):
    """More time for one party, with the reason and who gave it."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="extensions")
    level = models.CharField("环节", max_length=16, choices=Level.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    at = models.DateTimeField("截止时刻")
    reason = models.CharField("理由", max_length=200)
    granted_by = models.CharField("批准人", max_length=200)
    granted_at = models.DateTimeField("批准时间")

    class Meta:
        """An extension says why."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="extension_has_reason")
        ]

    def __str__(self) -> str:
        """Return who got until when."""
        return f"{self.organisation} {self.at.isoformat()}"
