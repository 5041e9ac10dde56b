"""After publication: yearly figures, support given, questions asked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xunshui.web.programme.models.application import Application


class FollowUp(models.Model):
    """A published case's figures a year later, judged by the rules it was published under."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="followups")
    year = models.PositiveSmallIntegerField("年度")
    site = models.JSONField("站点数据")
    assessment = models.JSONField("评估结果")
    at = models.DateTimeField("报送时间")
    note = models.TextField("说明", blank=True)

    class Meta:
        """One follow-up a year."""

        ordering: ClassVar = ["year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "year"], name="followup_once_a_year")
        ]

    def __str__(self) -> str:
        """Return case and year."""
        return f"{self.application.number} {self.year}"


class Instrument(models.TextChoices):
    """By which means a case is supported, notice 三（三）."""

    EQUIPMENT = "equipment", "设备更新"
    RENOVATION = "renovation", "技术改造"
    FUNDS = "funds", "资金"


class Support(models.Model):
    """Support that an authority gave to a case, and what came of it a year later."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="supports")
    measure = models.CharField("措施", max_length=200)
    authority = models.CharField("给予单位", max_length=120)
    instrument = models.CharField("方式", max_length=12, choices=Instrument.choices)
    amount_wan_yuan = models.DecimalField(
        "金额（万元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    given_on = models.DateField("日期")
    result = models.TextField("一年后成效", blank=True)

    class Meta:
        """Oldest first."""

        ordering: ClassVar = ["given_on"]

    def __str__(self) -> str:
        """Return the measure."""
        return f"{self.authority} {self.measure}"


class Question(models.Model):
    """A question on a published case, asked without a real name."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField("问题", max_length=1000)
    asked_at = models.DateTimeField("提问时间")
    answer = models.TextField("回答", blank=True)
    answered_at = models.DateTimeField("回答时间", null=True, blank=True)
    answered_by = models.CharField("回答人", max_length=200, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-asked_at"]

    def __str__(self) -> str:
        """Return the beginning of the question."""
        return self.text[:40]
