"""Experts and their reviews of cases."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xunshui.review import SCORING, ScoringState
from xunshui.web.accounts.models import Person
from xunshui.web.programme.models.application import Application
from xunshui.web.programme.models.states import known_state, needs, state_field


class Expert(models.Model):
    """A member of the ministry's expert pool, with what conflicts are computed from."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="expert")
    employer = models.CharField("工作单位", max_length=120)
    employer_code = models.CharField("单位信用代码", max_length=18, blank=True)
    group_code = models.CharField("所属集团信用代码", max_length=18, blank=True)
    past_employers = models.JSONField("三年内工作单位", default=list, blank=True)
    province = models.CharField("所在地代码", max_length=12, blank=True)
    directions = models.JSONField("擅长方向", default=list, blank=True)
    industries = models.JSONField("熟悉行业", default=list, blank=True)
    declared = models.JSONField("申明回避的单位信用代码", default=list, blank=True)
    active = models.BooleanField("在库", default=True)

    def __str__(self) -> str:
        """Return the name with the employer."""
        return f"{self.person.name}（{self.employer}）"


class Scoring(models.Model):
    """One expert's review of one case; `scores` holds score and reason for each criterion of the rubric."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="scorings")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="scorings")
    state = state_field(SCORING)
    scores = models.JSONField("评分", default=dict)
    comment = models.TextField("总评", blank=True)
    total = models.DecimalField("加权总分", max_digits=6, decimal_places=3, null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    assigned_at = models.DateTimeField("分配时间")
    saved_at = models.DateTimeField("保存时间", null=True, blank=True)
    handed_in_at = models.DateTimeField("提交时间", null=True, blank=True)
    recusal = models.TextField("回避情况", blank=True)

    class Meta:
        """An expert reviews a case once; what is handed in has a total."""

        ordering: ClassVar = ["application", "id"]
        constraints: ClassVar = [
            known_state(SCORING),
            models.UniqueConstraint(fields=["application", "expert"], name="scoring_once"),
            needs(
                "scoring_handed_in", (ScoringState.SCORED,), total__isnull=False, handed_in_at__isnull=False
            ),
        ]

    def __str__(self) -> str:
        """Return who reviews what."""
        return f"{self.expert.person.name} → {self.application.number}"

    @property
    def chain(self) -> str:
        """Return the round's chain in the trail."""
        return self.application.chain

    @property
    def subject(self) -> str:
        """Return the name of this review in the trail."""
        return f"scoring/{self.application.number}/{self.expert_id}"
