"""What leaves unused: leakage, discharge, and how much of the discharge complies."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from xunshui.indicators.indicator import Compute, Indicator, Ledgered, Term, Value, volume_term
from xunshui.indicators.quantities import discharged, intake
from xunshui.site.kinds import WaterKind


def _leakage(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    lost = volume_term("V_l", "漏失水量", ground.volumes.total([WaterKind.LEAKAGE]))
    if lost.streams:
        yield indicator.quotient(ground, lost, intake(ground.volumes), factor=100)


def _discharge(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    yield indicator.quotient(ground, discharged(ground.volumes), intake(ground.volumes), factor=100)


def _compliance(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    streams = ground.volumes.streams.of([WaterKind.DISCHARGE]).streams
    if not any(stream.compliant_m3 for stream in streams):
        return
    told = {stream.id: stream.compliant_m3.get(ground.period.id) for stream in streams}
    missing = tuple(stream for stream, volume in told.items() if volume is None)
    known = sum((Fraction(volume) for volume in told.values() if volume is not None), Fraction(0))
    compliant = Term(
        symbol="V_d'",
        title="达标排水量",
        value=None if missing else known,
        unit="m³",
        streams=tuple(told),
        missing=missing,
    )
    yield indicator.quotient(ground, compliant, discharged(ground.volumes), factor=100)


def _define(key: str, title: str, symbol: str, formula: str, compute: Compute) -> Indicator:
    return Indicator(
        key=key,
        title=title,
        symbol=symbol,
        formula=formula,
        unit="%",
        places=2,
        standard="GB/T 7119 附录 A（公式凭记忆）",
        source="GB7119",
        grade="M",
        compute=compute,
    )


LEAKAGE_RATE = _define("leakage_rate", "用水综合漏失率", "K_l", "K_l = V_l / V_i × 100", _leakage)
DISCHARGE_RATE = _define("discharge_rate", "排水率", "K_d", "K_d = V_d / V_i × 100", _discharge)
COMPLIANCE_RATE = _define("compliance_rate", "达标排放率", "V_d'/V_d", "V_d' / V_d × 100", _compliance)
INDICATORS = (LEAKAGE_RATE, DISCHARGE_RATE, COMPLIANCE_RATE)
