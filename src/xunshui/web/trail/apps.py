"""The room in Django's words."""

from __future__ import annotations

from django.apps import AppConfig


class TrailConfig(AppConfig):
    """审计记录."""

    name = "xunshui.web.trail"
    label = "trail"
    verbose_name = "审计记录"
