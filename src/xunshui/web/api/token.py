"""Make and revoke tokens: the key is told once, its hash is kept, each act stands in the trail."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from xunshui.review import Role, StepRefused
from xunshui.seal import digest
from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import Organisation, Person
from xunshui.web.api.models import Token
from xunshui.web.api.scope import Scope
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Application
from xunshui.web.programme.permissions import NotYours, owns

PREFIX = "xs"
"""What every key starts with, so that one that leaked is recognised by scanners of texts."""
MOST_LIVE = 20
LIFETIMES_DAYS = (30, 90, 180, 365)


@dataclass(frozen=True, slots=True)
class Made:
    """A new token and its key, which cannot be told again."""

    token: Token
    secret: str


@transaction.atomic
def make_token(
    *,
    name: str,
    scopes: Sequence[Scope],
    lifetime: dt.timedelta,
    actor: Actor,
    now: dt.datetime,
    application: Application | None = None,
) -> Made:
    """Return a new token of the actor for one application, or for all of its organisation where none is named.

    Raises `NotYours` for anyone but members of the applicant, and `StepRefused` where too many are in use.
    """
    person, organisation = _members(actor)
    _refuse_strangers(actor, application)
    _refuse_too_many(organisation, now)
    key = secrets.token_hex(4)
    secret = f"{PREFIX}_{key}_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(
        key=key,
        hash=hash_of(secret),
        name=name,
        person=person,
        organisation=organisation,
        application=application,
        scopes=[scope.value for scope in Scope if scope in scopes],
        made_at=now,
        expires_at=now + lifetime,
    )
    leave_line(
        token,
        "token.make",
        actor=actor,
        now=now,
        name=name,
        scopes=token.scopes,
        expires_at=token.expires_at.isoformat(),
        application=application.number if application else "",
    )
    return Made(token=token, secret=secret)


@transaction.atomic
def revoke_token(token_id: int, *, actor: Actor, now: dt.datetime) -> Token:
    """Take a token out of use for good; twice is the same as once. Raises `NotYours`."""
    token = tokens_of(actor).select_for_update(of=("self",)).filter(pk=token_id).first()
    if token is None:
        raise NotYours("只能吊销自己的令牌；负责人可以吊销本单位的全部令牌")
    if token.revoked_at is None:
        token.revoked_at = now
        token.save()
        leave_line(token, "token.revoke", actor=actor, now=now, name=token.name)
    return token


def tokens_of(actor: Actor) -> QuerySet[Token]:
    """Return the tokens that the actor sees: its own, and for a signatory all of its organisation."""
    if actor.person is None or actor.organisation is None:
        return Token.objects.none()
    rows = Token.objects.filter(organisation=actor.organisation).select_related("person", "application")
    return rows if actor.signs else rows.filter(person=actor.person)


def may_make(actor: Actor) -> bool:
    """Return whether the actor is a member of an organisation that applies."""
    return actor.person is not None and actor.organisation is not None and actor.role is Role.APPLICANT


def hash_of(secret: str) -> str:
    """Return what is kept of a key: its labelled SHA-256; the key is long and random, so it needs no salt."""
    return digest(secret.encode("utf-8", "replace"))


def _members(actor: Actor) -> tuple[Person, Organisation]:
    if not may_make(actor) or actor.person is None or actor.organisation is None:
        raise NotYours("只有申报单位的成员可以生成接口令牌；请切换到申报单位")
    return actor.person, actor.organisation


def _refuse_strangers(actor: Actor, application: Application | None) -> None:
    if application is not None and not owns(actor, application):
        raise NotYours("只能为本单位的申报生成令牌")


def _refuse_too_many(organisation: Organisation, now: dt.datetime) -> None:
    live = Token.objects.filter(organisation=organisation, revoked_at=None, expires_at__gt=now).count()
    if live >= MOST_LIVE:
        raise StepRefused("生成令牌", (f"本单位已有 {live} 个有效令牌，最多 {MOST_LIVE} 个；请先吊销不用的",))
