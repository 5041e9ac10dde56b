"""Objections of the public notice."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xunshui.review import OBJECTION, ObjectionState
from xunshui.web.programme.models.application import Application
from xunshui.web.programme.models.states import known_state, needs, state_field


class Objection(models.Model):
    """A signed objection to one case; `receipt` is what its author looks the outcome up by."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="objections")
    receipt = models.CharField("回执号", max_length=24, unique=True)
    name = models.CharField("姓名", max_length=60)
    employer = models.CharField("工作单位", max_length=120, blank=True)
    contact = models.CharField("联系方式", max_length=120)
    facts = models.TextField("事实与理由")
    file = models.FileField("证明材料", upload_to="objections/%Y/", blank=True)
    file_name = models.CharField("原文件名", max_length=200, blank=True)
    state = state_field(OBJECTION)
    answer = models.TextField("处理意见", blank=True)
    filed_at = models.DateTimeField("提出时间")
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        """A closed objection carries its answer."""

        ordering: ClassVar = ["filed_at"]
        constraints: ClassVar = [
            known_state(OBJECTION),
            needs(
                "objection_closed",
                (ObjectionState.REJECTED, ObjectionState.UPHELD, ObjectionState.DISMISSED),
                closed_at__isnull=False,
            ),
        ]

    def __str__(self) -> str:
        """Return the receipt."""
        return self.receipt

    @property
    def chain(self) -> str:
        """Return the round's chain in the trail."""
        return self.application.chain

    @property
    def subject(self) -> str:
        """Return the name of this objection in the trail."""
        return f"objection/{self.receipt}"
