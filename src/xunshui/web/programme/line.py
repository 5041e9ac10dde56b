"""One line in the trail for one act on one thing of the programme."""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol

from xunshui.web.accounts.actor import Actor
from xunshui.web.trail.record import record


class Traced(Protocol):
    """A thing whose acts are kept: in which chain, under which name."""

    @property
    def chain(self) -> str:
        """Return the chain of its round."""

    @property
    def subject(self) -> str:
        """Return its name in the chain."""


def leave_line(thing: Traced, act: str, *, actor: Actor, now: dt.datetime, **detail: Any) -> None:
    """Append an act to the trail of the thing's round; call it inside the transaction of the act."""
    record(thing.chain, act=act, actor=actor.label, subject=thing.subject, at=now, detail=detail)
