"""The room in Django's words."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """站点运行."""

    name = "xunshui.web.console"
    label = "console"
    verbose_name = "站点运行"

    def ready(self) -> None:
        """Tell the programme which pages there are about an application."""
        from xunshui.web.console.share import pages_on  # models are ready only now
        from xunshui.web.programme.elsewhere import offer

        offer(pages_on)
