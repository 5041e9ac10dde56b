"""The room in Django's words."""

from __future__ import annotations

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """申报与评审."""

    name = "xunshui.web.programme"
    label = "programme"
    verbose_name = "申报与评审"
