"""Objections of the public notice: filed with a real name, admitted, decided; an upheld one strikes the case."""

from __future__ import annotations

import datetime as dt
import secrets

from django.core.files.base import File
from django.db import transaction

from xunshui.review import (
    OBJECTION,
    ApplicationState,
    ObjectionFacts,
    ObjectionState,
    RoundState,
    StepRefused,
)
from xunshui.web.accounts.actor import PUBLIC, Actor
from xunshui.web.programme.attach import LONGEST_NAME
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Objection
from xunshui.web.programme.taking import locked, take

_NO_LOOKALIKES = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@transaction.atomic
def file_objection(
    number: str,
    *,
    name: str,
    employer: str,
    contact: str,
    facts: str,
    now: dt.datetime,
    file: File[bytes] | None = None,
) -> Objection:
    """Keep an objection to a case on notice and return it with its receipt; raises `StepRefused`."""
    application = locked(number)
    round_ = application.round
    over = round_.notice_to is None or now >= round_.notice_to
    if round_.state != RoundState.ON_NOTICE or application.state != ApplicationState.ON_NOTICE or over:
        raise StepRefused("提出异议", ("这个案例不在公示期内",))
    objection = Objection(
        application=application,
        receipt=_receipt(round_.year),
        name=name.strip(),
        employer=employer.strip(),
        contact=contact.strip(),
        facts=facts.strip(),
        filed_at=now,
    )
    if file is not None:
        objection.file_name = (file.name or "")[-LONGEST_NAME:]
        objection.file.save(objection.receipt, file, save=False)
    objection.save()
    leave_line(objection, "objection.file", actor=PUBLIC, now=now)
    return objection


@transaction.atomic
def handle_objection(receipt: str, event: str, *, answer: str, actor: Actor, now: dt.datetime) -> Objection:
    """Admit, reject, uphold or dismiss an objection; upholding strikes the case from the notice."""
    objection = Objection.objects.select_for_update(of=("self",)).get(receipt=receipt)
    facts = ObjectionFacts(
        signed=bool(objection.name and objection.contact), has_facts=bool(objection.facts), reason=answer
    )
    step = OBJECTION.take(event, state=objection.state, role=actor.role, facts=facts)
    objection.state, objection.answer = step.after, answer or objection.answer
    if step.after not in (ObjectionState.FILED, ObjectionState.ADMITTED):
        objection.closed_at = now
    objection.save()
    leave_line(objection, f"objection.{event}", actor=actor, now=now, answer=answer)
    if step.after == ObjectionState.UPHELD:
        _strike(objection, actor, now)
    return objection


def _strike(objection: Objection, actor: Actor, now: dt.datetime) -> None:
    application = locked(objection.application.number)
    if application.state != ApplicationState.ON_NOTICE:
        return
    reason = f"公示期内异议成立（{objection.receipt}）：{objection.answer}"
    take(application, "strike", actor=actor, now=now, reason=reason)
    application.decision_reason = reason
    application.save()


def _receipt(year: int) -> str:
    return f"YY{year}-" + "".join(secrets.choice(_NO_LOOKALIKES) for _ in range(12))
