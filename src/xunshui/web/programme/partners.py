"""Joint applicants: invited by the lead, each confirming its own share (notice 二（一）)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from xunshui.review import StepRefused
from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import Organisation
from xunshui.web.programme.line import leave_line
from xunshui.web.programme.models import Partner
from xunshui.web.programme.permissions import NotYours, owns
from xunshui.web.programme.taking import locked


@transaction.atomic
def invite(
    number: str, *, credit_code: str, role: str, share: str, actor: Actor, now: dt.datetime
) -> Partner:
    """Add a registered organisation as joint applicant; it then confirms itself.

    Raises `NotYours`, and `StepRefused` where the organisation is not registered.
    """
    application = locked(number)
    if not owns(actor, application):
        raise NotYours("只有申报单位可以邀请联合申报单位")
    organisation = Organisation.objects.filter(credit_code=credit_code.strip().upper()).first()
    if organisation is None:
        raise StepRefused("邀请联合申报单位", (f"没有登记过信用代码“{credit_code}”的单位；请对方先登记",))
    if organisation == application.applicant or not application.can_be_edited:
        raise StepRefused("邀请联合申报单位", ("申报单位本身不能再作联合申报单位，提交后也不能增加",))
    partner, _ = Partner.objects.update_or_create(
        application=application,
        organisation=organisation,
        defaults={"role": role, "share": share, "confirmed_at": None, "confirmed_by": ""},
    )
    leave_line(application, "partner.invite", actor=actor, now=now, partner=organisation.name)
    return partner


@transaction.atomic
def confirm(number: str, *, actor: Actor, now: dt.datetime) -> Partner:
    """Confirm the actor's own organisation as joint applicant; only its signatory can."""
    application = locked(number)
    partner = Partner.objects.filter(application=application, organisation=actor.organisation).first()
    if partner is None:
        raise NotYours(f"{actor.label}不是这个申报的联合申报单位")
    if not actor.signs:
        raise StepRefused("确认联合申报", ("您是经办人；由本单位负责人确认并盖章",))
    partner.confirmed_at, partner.confirmed_by = now, actor.label
    partner.save()
    leave_line(application, "partner.confirm", actor=actor, now=now, partner=str(actor.organisation))
    return partner


@transaction.atomic
def leave(number: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take the actor's own organisation out of a joint application that is not handed in."""
    application = locked(number)
    if not application.can_be_edited:
        raise StepRefused("退出联合申报", ("申报已提交；请申报单位先撤回",))
    left, _ = Partner.objects.filter(application=application, organisation=actor.organisation).delete()
    if not left:
        raise NotYours(f"{actor.label}不是这个申报的联合申报单位")
    leave_line(application, "partner.leave", actor=actor, now=now, partner=str(actor.organisation))
