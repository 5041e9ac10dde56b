"""What other rooms have on an application: rooms above this one say so here, and pages here lead there.

A room registers once, when the site starts; nothing here knows who they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xunshui.web.programme.models import Application


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A page of another room about an application."""

    title: str
    url: str


Provider = Callable[[Application], list[Elsewhere]]
_providers: list[Provider] = []


def offer(provider: Provider) -> None:
    """Take a room that has pages about applications."""
    if provider not in _providers:
        _providers.append(provider)


def elsewhere(application: Application) -> list[Elsewhere]:
    """Return the pages of other rooms about an application."""
    return [page for provider in _providers for page in provider(application)]
