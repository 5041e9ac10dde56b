"""The room in Django's words."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and organisations."""

    name = "xunshui.web.accounts"
    label = "accounts"
    verbose_name = "账号与单位"
