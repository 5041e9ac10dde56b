"""The menu of every page: what the actor's part can reach, and the demo's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from xunshui.review import Role
from xunshui.web.accounts.actor import PUBLIC
from xunshui.web.programme import clock


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the menu."""

    title: str
    url: str
    here: bool = False


_PUBLIC_ITEMS = (("案例库", "/catalogue/"), ("征集与公示", "/calls/"))
_ITEMS = {
    Role.APPLICANT: (("站点", "/sites/"), ("我的申报", "/apply/"), ("联合申报", "/joint/")),
    Role.PARTNER: (("联合申报", "/joint/"),),
    Role.ASSOCIATION: (("推荐案例", "/association/"),),
    Role.PROVINCE: (("待审核", "/province/"), ("推荐表", "/province/table/")),
    Role.MINISTRY: (
        ("轮次", "/ministry/"),
        ("专家库", "/ministry/experts/"),
        ("异议", "/ministry/objections/"),
        ("设备归属", "/sites/owners/"),
        ("审计", "/ministry/trail/"),
    ),
    Role.EXPERT: (("我的评审", "/expert/"),),
}


def menu(request: HttpRequest) -> dict[str, Any]:
    """Return the menu for the actor, the entry of the present page marked."""
    actor = getattr(request, "actor", PUBLIC)
    entries = (*_ITEMS.get(actor.role, ()), *_PUBLIC_ITEMS)
    here = max((url for _, url in entries if request.path.startswith(url)), key=len, default="")
    return {
        "menu": [MenuItem(title, url, url == here) for title, url in entries],
        "demo_clock": clock.now() if settings.DEMO else None,
    }
