"""How sure a stream's volume is: from its meters' classes and condition, or as an estimate.

An accuracy class bounds the error; within its bounds every error is taken for equally likely, so that the standard
uncertainty is the class / √3 (JJF 1059.1-2012, 4.3.3; GUM 4.3.7). What no file tells is an assumption, and is named as
one: it never decides a verdict, which rests on the ledger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import nan, sqrt

from xunshui.register import Register, register
from xunshui.site.graph import Meter, Stream, Trust


class Known(StrEnum):
    """How a volume is known."""

    METERED = "metered"
    ESTIMATED = "estimated"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What is taken where nothing is told: standard uncertainties in percent of the volume, and factors upon them."""

    unknown_class_percent: float
    estimate_percent: float
    distrusted_factor: float
    expired_factor: float


@cache
def assumptions() -> Assumptions:
    """Return the assumptions of the register as it stands."""
    return assumptions_of(register())


def assumptions_of(rows: Register) -> Assumptions:
    """Return the assumptions among a register's settings."""
    told = {setting.id: float(setting.value) for setting in rows.settings}
    return Assumptions(
        unknown_class_percent=told["unknown_class_uncertainty"],
        estimate_percent=told["estimate_uncertainty"],
        distrusted_factor=told["distrusted_meter_factor"],
        expired_factor=told["expired_meter_factor"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Metering:
    """How a stream's volume is known, its standard uncertainty in percent, and why."""

    known: Known
    percent: float
    why: str


def metering(
    stream: Stream, meters: Mapping[str, Meter], period: str, until: dt.date | None, assumed: Assumptions
) -> Metering:
    """Return how sure a stream's volume is in a period that ends on `until`."""
    if period not in stream.volume_m3:
        return Metering(known=Known.MISSING, percent=nan, why="没有水量")
    if not stream.meters:
        return Metering(
            known=Known.ESTIMATED,
            percent=assumed.estimate_percent,
            why=f"估算，取 {assumed.estimate_percent:g} %",
        )
    # How a sum divides among its meters is not told: their errors are taken to go together.
    worst = max(
        (_of_meter(meters.get(name), until, assumed) for name in stream.meters), key=lambda each: each[0]
    )
    return Metering(known=Known.METERED, percent=worst[0], why=worst[1])


def class_percent(meter: Meter | None) -> float | None:
    """Return a meter's standard uncertainty in percent of its volume, or None where nothing is told of it."""
    if meter is None:
        return None
    if meter.standard_uncertainty_percent is not None:
        return float(meter.standard_uncertainty_percent)
    return None if meter.accuracy_class is None else float(meter.accuracy_class) / sqrt(3)


def _of_meter(meter: Meter | None, until: dt.date | None, assumed: Assumptions) -> tuple[float, str]:
    percent = class_percent(meter)
    why = _told(meter) if percent is not None else f"准确度等级未知，取 {assumed.unknown_class_percent:g} %"
    percent = assumed.unknown_class_percent if percent is None else percent
    if meter is not None and meter.trust is Trust.LOW:
        percent, why = (
            percent * assumed.distrusted_factor,
            f"{why}，可信程度低 ×{assumed.distrusted_factor:g}",
        )
    if meter is not None and until is not None and meter.valid_to is not None and meter.valid_to < until:
        percent, why = percent * assumed.expired_factor, f"{why}，检定过期 ×{assumed.expired_factor:g}"
    return percent, why


def _told(meter: Meter | None) -> str:
    if meter is None:
        return ""
    if meter.standard_uncertainty_percent is not None:
        return f"标准不确定度 {float(meter.standard_uncertainty_percent):g} %"
    return f"{float(meter.accuracy_class or 0):g} 级 /√3"
