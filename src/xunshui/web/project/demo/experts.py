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
    return [_expert(cast, number, now) for number in range(EXPERTS)]


def _expert(cast: Cast, number: int, now: dt.datetime) -> tuple[Actor, Expert]:
    person = cast.person("expert" if number == 0 else f"expert-{number}")
    places = list(cast.places)
    employer = _EMPLOYERS[number % len(_EMPLOYERS)]
    entry = add_expert(
        name=person.name,
        username=person.username,
        password="",
        actor=cast.ministry,
        now=now,
        employer=employer,
        province="11" if number == 0 else places[number % len(places)],
        directions=list(_DIRECTIONS) if number == 0 else cast.random.sample(_DIRECTIONS, 2),
        industries=list(_INDUSTRIES) if number == 0 else cast.random.sample(_INDUSTRIES, 3),
        past_employers=[],
    )
    pool = Organisation.objects.get(memberships__person=person)
    return Actor(person=person, organisation=pool, signs=False), entry
