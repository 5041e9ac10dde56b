"""What every page knows of who looks at it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from xunshui.web.accounts.actor import PUBLIC


def who(request: HttpRequest) -> dict[str, Any]:
    """Return the actor, the theme chosen by cookie, and whether this is a demo."""
    return {
        "actor": getattr(request, "actor", PUBLIC),
        "theme": _known(request.COOKIES.get("theme", ""), ("light", "dark", "contrast")),
        "text_size": _known(request.COOKIES.get("text_size", ""), ("normal", "large")),
        "demo": settings.DEMO,
    }


def _known(value: str, choices: tuple[str, ...]) -> str:
    return value if value in choices else choices[0]
