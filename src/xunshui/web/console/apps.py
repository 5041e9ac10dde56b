"""The room in Django's words."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """站点运行."""

    name = "xunshui.web.console"
    label = "console"
    verbose_name = "站点运行"
