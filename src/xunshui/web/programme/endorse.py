"""An association speaks for a case to its province (notice 三（一）); the province alone sees it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from xunshui.review import StepRefused
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Endorsement
from xunshui.web.programme.permissions import NotYours, may_endorse
from xunshui.web.programme.taking import locked


@transaction.atomic
def endorse(number: str, *, text: str, actor: Actor, now: dt.datetime) -> Endorsement:
    """Keep the association's words for a case; a second time replaces them.

    Raises `NotYours` and `StepRefused`.
    """
    application = locked(number)
    if not may_endorse(actor, application) or actor.organisation is None:
        raise NotYours("行业协会只能推荐已提交、正由省级审核的申报")
    if not text.strip():
        raise StepRefused("推荐", ("请写推荐理由",))
    endorsement, _ = Endorsement.objects.update_or_create(
        application=application, association=actor.organisation, defaults={"text": text.strip(), "at": now}
    )
    leave_line(application, "application.endorse", actor=actor, now=now, text=text)
    return endorsement
