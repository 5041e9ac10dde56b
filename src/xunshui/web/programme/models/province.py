"""What associations and provinces add: endorsements, and the recommendation table of each body."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xunshui.review import RECOMMENDATION, RecommendationState
from xunshui.web.accounts.models import Organisation
from xunshui.web.programme.models.application import Application
from xunshui.web.programme.models.round import Round
from xunshui.web.programme.models.states import known_state, needs, state_field


class Endorsement(models.Model):
    """An association speaks for a case, to the province only."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="endorsements")
    association = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    text = models.TextField("推荐理由")
    at = models.DateTimeField("推荐时间")

    class Meta:
        """An association endorses a case once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "association"], name="endorsement_once")
        ]

    def __str__(self) -> str:
        """Return who speaks for what."""
        return f"{self.association} → {self.application}"


class Recommendation(models.Model):
    """The recommendation table of one body in a round."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="recommendations")
    body = models.CharField("推荐单位代码", max_length=12)
    state = state_field(RECOMMENDATION)
    opinion = models.TextField("推荐意见", blank=True)
    contact = models.CharField("联系人", max_length=60, blank=True)
    phone = models.CharField("联系电话", max_length=30, blank=True)
    seal = models.FileField("盖章扫描件", upload_to="seals/%Y/", blank=True)
    seal_digest = models.CharField("扫描件摘要", max_length=80, blank=True)
    submitted_at = models.DateTimeField("报送时间", null=True, blank=True)
    submitted_by = models.CharField("报送人", max_length=200, blank=True)

    class Meta:
        """A body has one table a round; a submitted one carries its moment."""

        ordering: ClassVar = ["body"]
        constraints: ClassVar = [
            known_state(RECOMMENDATION),
            models.UniqueConstraint(fields=["round", "body"], name="recommendation_once"),
            needs("recommendation_submitted", (RecommendationState.SUBMITTED,), submitted_at__isnull=False),
        ]

    def __str__(self) -> str:
        """Return whose table it is."""
        return f"{self.round} {self.body}"

    @property
    def chain(self) -> str:
        """Return the round's chain in the trail."""
        return self.round.chain

    @property
    def subject(self) -> str:
        """Return the name of this table in the trail."""
        return f"recommendation/{self.round.year}/{self.body}"
