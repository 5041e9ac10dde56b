"""How many calls a caller may make: counted by the minute in the cache, by token or by address."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from xunshui.seal import digest
from xunshui.web.api.bearer import Bearer
from xunshui.web.api.problem import Refused

PUBLIC_A_MINUTE = 120
TOKEN_A_MINUTE = 240
REFUSED_A_MINUTE = 30
WINDOW_S = 60
ADVICE = f"调用过于频繁：公开数据每分钟 {PUBLIC_A_MINUTE} 次，每个令牌每分钟 {TOKEN_A_MINUTE} 次；请稍后再试"


class Flood(BaseThrottle):
    """Counts the calls of a token, or of an address where there is none."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Return whether this call is still within the number allowed in a minute."""
        bearer = getattr(request, "auth", None)
        if isinstance(bearer, Bearer):
            return counted(f"token-{bearer.token.key}") <= TOKEN_A_MINUTE
        return counted(f"public-{_address(request)}") <= PUBLIC_A_MINUTE

    def wait(self) -> float:
        """Return the seconds until the next minute begins."""
        return WINDOW_S - time.time() % WINDOW_S


def count_refused(request: HttpRequest) -> None:
    """Count a key that was refused; raises `Refused` with 429 for an address that tries one after the other."""
    if counted(f"refused-{_address(request)}") > REFUSED_A_MINUTE:
        raise Refused(429, "令牌多次无效，请一分钟后再试", headers={"Retry-After": str(WINDOW_S)})


def counted(name: str) -> int:
    """Return how often a name was counted in this minute, this time included."""
    key = f"api-{name}-{int(time.time()) // WINDOW_S}"
    cache.add(key, 0, timeout=WINDOW_S * 2)
    return cache.incr(key)


def _address(request: HttpRequest) -> str:
    """Return a short digest of the caller's address; the address itself is not kept.

    Where TLS stands in front (`HTTPS`), every call comes from that server; the caller is whom it names last.
    """
    named = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    address = named.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
    return digest(address.encode("utf-8", "replace"))[-32:]
