"""The sites that run: whose they are, their file as it was stored last, and devices given to another organisation."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xunshui.web.accounts.models import Organisation
from xunshui.web.programme.models import Application


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


class SharedSite(models.Model):
    """A site that its own people show to those who check an application."""

    site = models.ForeignKey(LiveSite, on_delete=models.CASCADE, related_name="shares")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="shown_sites")
    shared_at = models.DateTimeField("出示时间")
    shared_by = models.CharField("出示人", max_length=200)

    class Meta:
        """A site is shown for an application once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "application"], name="shared_site_once")
        ]

    def __str__(self) -> str:
        """Return what is shown for what."""
        return f"{self.site} → {self.application}"


class DeviceTransfer(models.Model):
    """A device given to an organisation by the ministry; the last row of a device says whose it is."""

    device = models.CharField("设备", max_length=200, db_index=True)
    giver = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="devices_given", null=True, blank=True
    )
    taker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="devices_taken")
    reason = models.TextField("理由")
    settled_at = models.DateTimeField("划转时间")
    settled_by = models.CharField("办理人", max_length=200)

    def __str__(self) -> str:
        """Return what went to whom."""
        return f"{self.device} → {self.taker}"
