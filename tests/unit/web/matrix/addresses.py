"""Every address of the site: its route as the resolver knows it, and how one is filled in for a case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from django.urls import URLPattern, URLResolver, get_resolver

ELSEWHERE = ("api/",)
"""The interface for programs has tests of its own, by token and by role."""
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


def routes() -> tuple[str, ...]:
    """Return the route of every address, in the order of the resolver; one that is shadowed is told once."""
    found = (route for route in _walk(get_resolver(), "") if not route.startswith(ELSEWHERE))
    return tuple(dict.fromkeys(found))


def filled(route: str, parts: Mapping[str, object]) -> str:
    """Return the path of a route, its places filled in."""
    return "/" + _PLACE.sub(lambda place: str(parts[place[1]]), route)


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for row in resolver.url_patterns:
        route = f"{before}{row.pattern}"
        if isinstance(row, URLResolver):
            yield from _walk(row, route)
        else:
            assert isinstance(row, URLPattern)
            yield route
