"""An organisation starts an application in an open round."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from xunshui.review import Role, RoundState, StepRefused
from xunshui.web.accounts.actor import Actor
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Application, Round
from xunshui.web.programme.permissions import NotYours


@transaction.atomic
def start(
    round_: Round,
    *,
    case_name: str,
    direction: str,
    actor: Actor,
    now: dt.datetime,
    fast_track: bool = False,
) -> Application:
    """Return a new draft of the actor's organisation; asking twice for the same case gives the same draft.

    Raises `NotYours` for anyone but an applicant and `StepRefused` where the round is not open.
    """
    organisation = actor.organisation
    if organisation is None or actor.role is not Role.APPLICANT:
        raise NotYours("只有企业、园区、数据中心可以申报；请切换到申报单位")
    if round_.state != RoundState.OPEN:
        raise StepRefused("新建申报", (f"{round_.title}现在是“{round_.get_state_display()}”，不受理申报",))
    application, made = Application.objects.get_or_create(
        round=round_,
        applicant=organisation,
        case_name=case_name.strip(),
        defaults={
            "number": _next_number(round_),
            "body": organisation.region,
            "direction": direction,
            "kind": organisation.kind,
            "fast_track": fast_track,
            "created_at": now,
        },
    )
    if made:
        leave_line(application, "application.start", actor=actor, now=now, case=case_name)
    return application


def _next_number(round_: Round) -> str:
    """Return the next number of the round, under the lock of its row."""
    Round.objects.select_for_update().get(pk=round_.pk)
    last = (
        Application.objects.filter(round=round_).order_by("-number").values_list("number", flat=True).first()
    )
    return f"{round_.year}-{int(last.rpartition('-')[2]) + 1 if last else 1:04}"
