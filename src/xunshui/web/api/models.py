"""Tokens: who made one, for which organisation or single application, what it may do, until when."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models

from xunshui.web.accounts.models import Organisation, Person
from xunshui.web.api.scope import Scope
from xunshui.web.programme.models import Application

TOKEN_CHAIN = "tokens"
"""Tokens have a chain of their own in the trail, since one may outlive a round."""


class Token(models.Model):
    """A person's key to the API; of the key itself only the SHA-256 is kept."""

    key = models.CharField("编号", max_length=12, unique=True)
    hash = models.CharField("摘要", max_length=80, unique=True)
    name = models.CharField("用途", max_length=40)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tokens")
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="tokens", null=True, blank=True
    )
    scopes = models.JSONField("权限", default=list)
    made_at = models.DateTimeField("生成时间")
    expires_at = models.DateTimeField("到期时间")
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    revoked_at = models.DateTimeField("吊销时间", null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        """Return the number and the purpose."""
        return f"{self.key} {self.name}"

    @property
    def chain(self) -> str:
        """Return the chain of the tokens."""
        return TOKEN_CHAIN

    @property
    def subject(self) -> str:
        """Return the name of this token in the trail."""
        return f"token/{self.key}"

    @property
    def scope_titles(self) -> list[str]:
        """Return what it may do, in words."""
        return [str(scope.label) for scope in Scope if scope.value in self.scopes]

    def allows(self, scope: Scope) -> bool:
        """Return whether the token may do this."""
        return scope.value in self.scopes

    def is_live(self, now: dt.datetime) -> bool:
        """Return whether the token still opens anything at `now`."""
        return self.revoked_at is None and now < self.expires_at
