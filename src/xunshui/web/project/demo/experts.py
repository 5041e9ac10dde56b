"""The demo's expert pool: 45 people with employers, directions and trades, some with a conflict in wait."""

from __future__ import annotations

import datetime as dt

from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import Organisation
from xunshui.web.programme.expert_pool import add_expert
from xunshui.web.programme.models import Expert
from xunshui.web.project.demo.people import Cast

EXPERTS = 45
_DIRECTIONS = ("D1", "D2", "D3", "D4", "D5")
_INDUSTRIES = ("31", "25", "32", "22", "17", "15", "36", "64")
_EMPLOYERS = (
    "示例水资源研究院",
    "示例大学环境学院",
    "示例工业节能中心",
    "示例钢铁设计院",
    "示例化工设计院",
    "示例给排水工程公司",
)


def fill_pool(cast: Cast, now: dt.datetime) -> list[tuple[Actor, Expert]]:
    """Put the experts into the pool, through the ministry's verb, and return each with its actor."""
    employers = [(name, cast.names.credit_code("11", registry="12")) for name in _EMPLOYERS]
    provider = cast.partner.organisation
    assert provider is not None
    # One works at the provider that stands behind several cases, one has left it: both are kept off those.
    known = (provider.name, provider.credit_code or "")
    places = [known if number == 7 else employers[number % len(employers)] for number in range(EXPERTS)]
    former = {11: [{"name": known[0], "code": known[1], "until": "2023-12-31"}]}
    return [_expert(cast, number, place, former.get(number, []), now) for number, place in enumerate(places)]


def _expert(
    cast: Cast, number: int, employer: tuple[str, str], former: list[dict[str, str]], now: dt.datetime
) -> tuple[Actor, Expert]:
    person = cast.person("expert" if number == 0 else f"expert-{number}")
    areas, is_shown, random = list(cast.places), number == 0, cast.random
    entry = add_expert(
        name=person.name,
        username=person.username,
        password="",
        actor=cast.ministry,
        now=now,
        employer=employer[0],
        employer_code=employer[1],
        province="11" if is_shown else areas[number % len(areas)],
        directions=list(_DIRECTIONS) if is_shown else random.sample(_DIRECTIONS, 2),
        industries=list(_INDUSTRIES) if is_shown else random.sample(_INDUSTRIES, 3),
        past_employers=former,
    )
    pool = Organisation.objects.get(memberships__person=person)
    return Actor(person=person, organisation=pool, signs=False), entry
