"""Devices with their owners, and settling one that the wrong organisation named first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from xunshui.review import Role, StepRefused
from xunshui.web.accounts.actor import Actor
from xunshui.web.accounts.models import APPLICANT_KINDS, Organisation
from xunshui.web.console import sensing
from xunshui.web.console.models import DeviceTransfer, LiveSite
from xunshui.web.console.store import CHAIN, devices_of, site_as_stored
from xunshui.web.programme.permissions import NotYours
from xunshui.web.trail.record import record

STEP = "划转设备"
LONGEST_REASON = 500
LONGEST_SUBJECT = 80


@dataclass(slots=True, kw_only=True)
class Owned:
    """One device: whose it is, by a site file or by a transfer, and the sites whose files name it."""

    device: str
    owner: Organisation | None = None
    settled: DeviceTransfer | None = None
    sites: list[LiveSite] = field(default_factory=list)

    @property
    def idle_sites(self) -> list[LiveSite]:
        """Return the sites that name the device without owning it: they do not read it."""
        return [row for row in self.sites if row.organisation != self.owner]


def check_may_settle(actor: Actor) -> None:
    """Raise `NotYours` unless the actor is the ministry, which runs the platform."""
    if actor.role is not Role.MINISTRY:
        raise NotYours("只有工业和信息化部的人员可以查看和划转设备归属")


def owned_devices() -> list[Owned]:
    """Return every device that a site names, that was settled or that the gateway heard, by name."""
    found: dict[str, Owned] = {}
    for row in LiveSite.objects.select_related("organisation").order_by("pk"):
        for device in devices_of(site_as_stored(row)):
            one = found.setdefault(device, Owned(device=device, owner=row.organisation))
            one.sites.append(row)
    for transfer in DeviceTransfer.objects.select_related("giver", "taker").order_by("pk"):
        one = found.setdefault(transfer.device, Owned(device=transfer.device))
        one.owner, one.settled = transfer.taker, transfer
    for device in _heard():
        found.setdefault(device, Owned(device=device))
    return sorted(found.values(), key=lambda one: one.device)


def owned_device(device: str) -> Owned | None:
    """Return one device, or None where nobody names it and the gateway never heard it."""
    return next((one for one in owned_devices() if one.device == device), None)


def possible_takers(owned: Owned) -> list[Organisation]:
    """Return the organisations that a device can be given to: those with sites, but its owner."""
    rows = Organisation.objects.filter(kind__in=APPLICANT_KINDS).order_by("name")
    return [row for row in rows if row != owned.owner]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What the ministry decides: the device, who had it when the form was shown, who gets it, and why."""

    device: str
    giver_id: int | None
    taker_id: int | None
    reason: str
    typed: str


@transaction.atomic
def settle(told: Settlement, *, actor: Actor, now: dt.datetime) -> DeviceTransfer:
    """Give a device to an organisation; the trail keeps who did it and why.

    Raises `NotYours`, and `StepRefused` with everything that is wrong.
    """
    check_may_settle(actor)
    owned = owned_device(told.device)
    if owned is None:
        raise StepRefused(STEP, (f"没有设备“{told.device}”：没有站点写明它，网关也没有收到过；请从列表里选",))
    taker = next((row for row in possible_takers(owned) if row.pk == told.taker_id), None)
    if wrong := tuple(_mistakes(told, owned, taker)):
        raise StepRefused(STEP, wrong)
    assert taker is not None  # among the mistakes otherwise
    row = DeviceTransfer.objects.create(
        device=told.device,
        giver=owned.owner,
        taker=taker,
        reason=told.reason,
        settled_at=now,
        settled_by=actor.label,
    )
    detail = {"device": told.device, "before": str(owned.owner or "没有登记"), "after": str(taker)}
    subject = f"device {told.device}"[:LONGEST_SUBJECT]
    record(
        CHAIN, at=now, actor=actor.label, act=STEP, subject=subject, detail=detail | {"reason": told.reason}
    )
    return row


def _mistakes(told: Settlement, owned: Owned, taker: Organisation | None) -> Iterable[str]:
    if told.giver_id != (owned.owner.pk if owned.owner else None):
        yield f"归属刚刚变了：现在属于 {owned.owner}；请按现在的归属重新填写"
    if taker is None:
        yield "请选择划归哪个单位：企业、工业园区或数据中心，不能是现在的归属单位"
    if not told.reason:
        yield "请写明理由，两家单位都会看到"
    if len(told.reason) > LONGEST_REASON:
        yield f"理由有 {len(told.reason)} 字，最多 {LONGEST_REASON} 字"
    if told.typed != told.device:
        yield f"确认栏里应输入设备编号“{told.device}”"


def _heard() -> set[str]:
    reader = sensing.reader()
    if reader is None:
        return set()
    return {f"{channel.protocol}:{channel.device}" for channel in reader.channels()}
