"""The ministry's expert pool: who is in it, and everything that conflicts of interest are computed from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from xunshui.review import Role, StepRefused
from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import Membership, Organisation, OrganisationKind, Person
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Expert
from xunshui.web.programme.permissions import NotYours

POOL_CHAIN = "experts"


@dataclass(frozen=True, slots=True)
class Entry:
    """An expert as the trail names one: the pool has a chain of its own, since it outlives the rounds."""

    expert: Expert

    @property
    def chain(self) -> str:
        """Return the pool's chain."""
        return POOL_CHAIN

    @property
    def subject(self) -> str:
        """Return the name of this expert in the trail."""
        return f"expert/{self.expert.pk}"


@transaction.atomic
def add_expert(
    *, name: str, username: str, password: str, actor: Actor, now: dt.datetime, **profile: Any
) -> Expert:
    """Add a person to the pool, with a new account where the user name is not taken yet.

    Raises `NotYours`, and `StepRefused` where the person is in the pool already.
    """
    _only_ministry(actor)
    person = Person.objects.filter(username=username).first()
    if person is None:
        person = Person.objects.create_user(username=username, password=password, name=name)
    if Expert.objects.filter(person=person).exists():
        raise StepRefused("加入专家库", (f"账号“{username}”（{person.name}）已在专家库，请直接修改",))
    Membership.objects.get_or_create(person=person, organisation=_pool())
    expert = Expert.objects.create(person=person, **profile)
    leave_line(Entry(expert), "expert.add", actor=actor, now=now, name=person.name, **profile)
    return expert


@transaction.atomic
def change_expert(expert_id: int, *, actor: Actor, now: dt.datetime, **profile: Any) -> Expert:
    """Change an expert's entry; what changed stands in the trail, before and after."""
    _only_ministry(actor)
    expert = Expert.objects.select_for_update(of=("self",)).get(pk=expert_id)
    before = {key: getattr(expert, key) for key in profile}
    changed = {key: value for key, value in profile.items() if value != before[key]}
    for key, value in changed.items():
        setattr(expert, key, value)
    expert.save()
    if changed:
        old = {key: before[key] for key in changed}
        leave_line(Entry(expert), "expert.change", actor=actor, now=now, before=old, after=changed)
    return expert


def _pool() -> Organisation:
    pool, _ = Organisation.objects.get_or_create(
        kind=OrganisationKind.EXPERT_POOL, defaults={"name": "评审专家库", "verified": True}
    )
    return pool


def _only_ministry(actor: Actor) -> None:
    if actor.role is not Role.MINISTRY:
        raise NotYours("只有工业和信息化部管理专家库")
