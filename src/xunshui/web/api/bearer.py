"""From a key to who acts by it: looked up afresh at each call, so that leaving an organisation ends its keys."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest

from xunshui.review import Role
from xunshui.review.deadline import BEIJING
from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import Membership
from xunshui.web.api.models import Token
from xunshui.web.api.token import hash_of
from xunshui.web.programme.line import leave_line

NOTED_EVERY = dt.timedelta(minutes=1)


class TokenRefused(Exception):
    """A key that opens nothing, with the reason."""


@dataclass(frozen=True, kw_only=True)
class TokenActor(Actor):
    """A member acting by a token; it never signs, and the trail names the token beside the person."""

    key: str

    @property
    def label(self) -> str:
        """Return who this is, with the number of the token."""
        return f"{Actor(person=self.person, organisation=self.organisation).label}［令牌 {self.key}］"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who calls: the token and the actor it stands for."""

    token: Token
    actor: TokenActor


def bearer_of(secret: str, now: dt.datetime) -> Bearer:
    """Return who acts by a key; raises `TokenRefused` where it is unknown, revoked, expired or without a member."""
    rows = Token.objects.select_related("person", "organisation", "application")
    token = rows.filter(hash=hash_of(secret)).first()
    if token is None:
        raise TokenRefused("没有这个令牌；请核对是否完整复制")
    if token.revoked_at is not None:
        raise TokenRefused(f"令牌 {token.key} 已吊销")
    if not token.is_live(now):
        raise TokenRefused(
            f"令牌 {token.key} 已于 {token.expires_at.astimezone(BEIJING):%Y-%m-%d %H:%M} 到期"
        )
    if not _still_member(token):
        raise TokenRefused(f"令牌 {token.key} 的持有人已不在这个单位，或账号已停用")
    actor = TokenActor(person=token.person, organisation=token.organisation, key=token.key)
    return Bearer(token=token, actor=actor)


def note_use(bearer: Bearer, now: dt.datetime) -> None:
    """Keep when a token was last used, to the minute; the first use of a day stands in the trail."""
    token, last = bearer.token, bearer.token.last_used_at
    if last is not None and last <= now < last + NOTED_EVERY:
        return
    Token.objects.filter(pk=token.pk).update(last_used_at=now)
    if last is None or last.astimezone(BEIJING).date() != now.astimezone(BEIJING).date():
        leave_line(token, "token.use", actor=bearer.actor, now=now, name=token.name)


def bearer_in(request: HttpRequest) -> Bearer:
    """Return who calls, as the authentication found."""
    return cast("Bearer", request.auth)  # type: ignore[attr-defined]  # ninja sets it


def _still_member(token: Token) -> bool:
    if not token.person.is_active or token.organisation.role is not Role.APPLICANT:
        return False
    return Membership.objects.filter(person=token.person, organisation=token.organisation).exists()
