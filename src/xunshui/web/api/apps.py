"""The room in Django's words."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """数据接口."""

    name = "xunshui.web.api"
    label = "api"
    verbose_name = "数据接口"
