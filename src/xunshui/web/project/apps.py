"""The room in Django's words."""

from __future__ import annotations

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Settings, base pages and commands."""

    name = "xunshui.web.project"
    label = "project"
    verbose_name = "循水"
