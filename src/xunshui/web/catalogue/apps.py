"""The room in Django's words."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """公开案例库."""

    name = "xunshui.web.catalogue"
    label = "catalogue"
    verbose_name = "公开案例库"
