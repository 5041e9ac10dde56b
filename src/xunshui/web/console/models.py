"""The sites that run: whose they are, and their file as it was stored last."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xunshui.web.accounts.models import Organisation


class LiveSite(models.Model):
    """A site whose meters are read. `content` is the site file as JSON; earlier ones stand in the trail by digest."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="live_sites")
    key = models.CharField("站点编号", max_length=64)
    name = models.CharField("名称", max_length=200)
    content = models.TextField("站点文件")
    digest = models.CharField("摘要", max_length=80)
    stored_at = models.DateTimeField("存入时间")
    stored_by = models.CharField("存入人", max_length=200)

    class Meta:
        """An organisation's site is there once."""

        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "key"], name="live_site_once")
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name
