"""Whether a visitor already has the page: entity tags from the shelf's mark and what the page shows of the visitor."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from xunshui.seal import canonical_bytes, digest
from xunshui.web.catalogue.shelf import shelf
from xunshui.web.programme import clock

_SHOWN_COOKIES = ("theme", "text_size", settings.CSRF_COOKIE_NAME)


def data_tag(request: HttpRequest, **_: Any) -> str:
    """Return the tag of a file that is the same for all visitors."""
    return _tag(shelf().mark, request.get_host(), request.get_full_path())


def data_changed(request: HttpRequest, **_: Any) -> dt.datetime | None:
    """Return when the shelf last changed."""
    return shelf().changed_at


def page_tag(request: HttpRequest, **_: Any) -> str | None:
    """Return the tag of a page, None for who is logged in or has messages waiting: their page is their own."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES or settings.CSRF_COOKIE_NAME not in request.COOKIES:
        return None
    # The page carries a token that belongs to the visitor's cookie, and a demo shows its clock.
    told = [request.COOKIES.get(name, "") for name in _SHOWN_COOKIES]
    minute = f"{clock.now():%Y%m%d%H%M}" if settings.DEMO else ""
    return _tag(shelf().mark, request.get_full_path(), minute, *told)


def _tag(*parts: str) -> str:
    return f'W/"{digest(canonical_bytes(list(parts)))[-40:]}"'
