"""What each unit's water adds up to, stretch by stretch: the ledger, with every stretch as a period of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from xunshui.balance import Ledger, Row, ledgers
from xunshui.register import register
from xunshui.site import Site
from xunshui.site.graph import Stream, Unit
from xunshui.site.operation import Period
from xunshui.telemetry.localtime import HOUR_US
from xunshui.telemetry.metered import LITRE
from xunshui.telemetry.series import Series
from xunshui.web.console.now import typed_flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A unit's line of the ledger in each stretch; `estimated` of its `streams` are not metered."""

    unit: Unit
    rows: tuple[Row, ...]
    estimated: int
    streams: int


def balances(site: Site, found: Series) -> list[Balance]:
    """Return the balance of every unit that water runs through, metered where it is, estimated elsewhere."""
    told = books(site, found).values()
    return [
        Balance(
            unit=unit,
            rows=tuple(book.row(unit.id) for book in told),
            estimated=sum(not is_metered(stream, found) for stream in streams),
            streams=len(streams),
        )
        for unit in site.units
        if (streams := touching(site, unit))
    ]


def books(site: Site, found: Series) -> Mapping[str, Ledger]:
    """Return the ledger of each stretch, in their order."""
    names = [str(number) for number in range(len(found.edges_us) - 1)]
    tolerance = next(Fraction(row.value) for row in register().settings if row.id == "balance_tolerance")
    return ledgers(_by_stretch(site, found, names), names, tolerance)


def is_metered(stream: Stream, found: Series) -> bool:
    """Return whether all meters of a stream have points."""
    return bool(stream.meters) and all(meter in found.meters for meter in stream.meters)


def touching(site: Site, unit: Unit) -> list[Stream]:
    """Return the streams that cross a unit's bounds; units within it count as it."""
    inside = {unit.id}
    for each in sorted(site.units, key=lambda each: each.level):
        if each.parent in inside:
            inside.add(each.id)
    return [stream for stream in site.streams if (stream.source in inside) != (stream.target in inside)]


def _by_stretch(site: Site, found: Series, names: list[str]) -> Site:
    day = dt.date(1970, 1, 1)
    periods = tuple(Period(id=name, start=day, end=day) for name in names)
    streams = tuple(
        replace(stream, volume_m3=_volumes(site, stream, found, names), compliant_m3={})
        for stream in site.streams
    )
    tanks = tuple(replace(tank, change_m3={}) for tank in site.tanks)
    return replace(site, periods=periods, streams=streams, tanks=tanks)


def _volumes(site: Site, stream: Stream, found: Series, names: list[str]) -> Mapping[str, Decimal]:
    if is_metered(stream, found):
        volumes = np.sum([found.meters[meter] for meter in stream.meters], axis=0)
    else:
        flow = typed_flow(site, stream)
        volumes = np.diff(found.edges_us) / HOUR_US * (np.nan if flow is None else flow)
    return {
        name: Decimal(repr(float(volume))).quantize(LITRE)
        for name, volume in zip(names, volumes, strict=True)
        if np.isfinite(volume)
    }
