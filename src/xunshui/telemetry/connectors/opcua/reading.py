"""Reading: from what a server told of a variable to a sample."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from xunshui.telemetry.connectors.instants import is_plausible
from xunshui.telemetry.sample import Quality, Sample

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SEVERITIES = (Quality.VALID, Quality.UNCERTAIN, Quality.BAD, Quality.BAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One change of one variable as it came; `status` is the 32-bit StatusCode."""

    code: str
    node: str
    value: Any
    status: int
    source: dt.datetime | None
    server: dt.datetime | None


def quality_of(status: int) -> Quality:
    """Return what the two highest bits of a StatusCode say (OPC UA part 4, 7.39: Good, Uncertain, Bad)."""
    return _SEVERITIES[status >> 30 & 3]


def samples_of(told: Iterable[Told], received_us: int, last: MutableMapping[str, float]) -> list[Sample]:
    """Return the samples of what a server told.

    The instant is the source's, else the server's, else that of arrival. A bad status often comes without a value:
    it marks the last value of its code in `last`, and gives no sample where there is none.
    """
    samples = []
    for change in told:
        value, quality = number_of(change.value), quality_of(change.status)
        if value is None and quality is not Quality.VALID:
            value = last.get(change.code)
        elif value is not None:
            last[change.code] = value
        if value is not None:
            samples.append(Sample(change.code, _instant(change, received_us), value, quality))
    return samples


def number_of(value: Any) -> float | None:
    """Return a value as a number, true as 1; None for text, arrays, NaN and nothing."""
    if not isinstance(value, bool | int | float):
        return None
    return float(value) if isfinite(value) else None


def raw_of(told: Iterable[Told]) -> bytes:
    """Return what a server told as compact JSON; what JSON has no form for is written as text."""
    rows = [
        {
            "node": change.node,
            "value": _plain(change.value),
            "status": change.status,
            "source": change.source and change.source.isoformat(),
            "server": change.server and change.server.isoformat(),
        }
        for change in told
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    return value if isinstance(value, float) and isfinite(value) else str(value)


def _instant(change: Told, received_us: int) -> int:
    for at in (change.source, change.server):
        if at is None:
            continue
        aware = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
        at_us = (aware - _EPOCH) // dt.timedelta(microseconds=1)
        # Servers write the first instant of 1601 where they know none.
        if is_plausible(at_us):
            return at_us
    return received_us
