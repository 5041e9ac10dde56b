"""Whose a device is where that was settled: the last transfer of a device counts before any site file."""

from __future__ import annotations

from xunshui.web.accounts.models import Organisation
from xunshui.web.console.models import DeviceTransfer


def settled_owners() -> dict[str, int]:
    """Return the organisation that each settled device was given to, by the device."""
    rows = DeviceTransfer.objects.order_by("pk").values_list("device", "taker_id")
    return dict(rows)


def taken_from(organisation_id: int) -> frozenset[str]:
    """Return the devices that are another organisation's: a site that names them does not read them."""
    return frozenset(device for device, owner in settled_owners().items() if owner != organisation_id)


def transfers_of(organisation: Organisation) -> list[DeviceTransfer]:
    """Return the transfers that took a device from an organisation or gave it one, the last first."""
    rows = DeviceTransfer.objects.select_related("giver", "taker").order_by("-pk")
    return [row for row in rows if organisation in (row.giver, row.taker)]
