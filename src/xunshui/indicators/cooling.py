"""Cooling water: how much of it circulates, and how far the circuits concentrate it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xunshui.balance import Chosen, SiteStreams, chosen, once
from xunshui.indicators.indicator import Indicator, Ledgered, Value, sum_of, volume_term
from xunshui.indicators.quantities import new_water_into
from xunshui.site.graph import Stream
from xunshui.site.kinds import CIRCULATING, UnitUse, WaterKind

_WITHIN_CIRCUIT = CIRCULATING | {WaterKind.CIRCULATING_RETURN}


def _circulation(indicator: Indicator, ground: Ledgered, kind: WaterKind, use: UnitUse) -> Iterator[Value]:
    circulated = volume_term("V_cr", "冷却循环水量", ground.volumes.total([kind]))
    new = volume_term("V_cf", "冷却新水量", new_water_into(ground.volumes, use))
    if circulated.streams or new.streams:
        total = sum_of("V_ct", "冷却用水量", circulated, new)
        yield indicator.quotient(ground, circulated, total, factor=100, shown=(circulated, new))


def _direct(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    return _circulation(indicator, ground, WaterKind.CIRCULATING_DIRECT, UnitUse.DIRECT_COOLING)


def _indirect(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    return _circulation(indicator, ground, WaterKind.CIRCULATING_INDIRECT, UnitUse.INDIRECT_COOLING)


def _cycles(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    """Yield one value for each unit of indirect cooling that evaporates; N is its make-up over blow-down and drift."""
    for circuit in _circuits(ground.volumes.streams):
        make_up = volume_term("Q_m", "补充水量", ground.volumes.sum(circuit.into))
        lower = volume_term("Q_b+Q_w", "排污与风吹损失", ground.volumes.sum(circuit.lost))
        yield indicator.quotient(ground, make_up, lower, subject=circuit.tower)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Circuit:
    """A cooling circuit that evaporates: what enters it, and what it loses otherwise."""

    tower: str
    into: Chosen
    lost: Chosen


@once
def _circuits(streams: SiteStreams) -> list[_Circuit]:
    towers = [unit.id for unit in streams.site.units if unit.use is UnitUse.INDIRECT_COOLING]
    crossing = [stream for stream in streams.site.streams if towers and _crosses(stream)]
    circuits = []
    for tower in towers:
        out = [stream for stream in crossing if stream.source == tower]
        lost = [stream for stream in out if stream.kind is not WaterKind.EVAPORATION]
        if len(lost) < len(out):
            into = chosen(stream for stream in crossing if stream.target == tower)
            circuits.append(_Circuit(tower=tower, into=into, lost=chosen(lost)))
    return circuits


def _crosses(stream: Stream) -> bool:
    """Return whether a stream crosses a circuit's boundary: neither circulating nor a loop onto itself."""
    return stream.kind not in _WITHIN_CIRCUIT and stream.source != stream.target


DIRECT_COOLING_CIRCULATION = Indicator(
    key="direct_cooling_circulation_rate",
    title="直接冷却水循环率",
    symbol="r_d",
    formula="r_d = V_dr / (V_df + V_dr) × 100",
    unit="%",
    places=2,
    standard="GB/T 7119 附录 A（公式凭记忆）",
    source="GB7119",
    grade="M",
    compute=_direct,
)
INDIRECT_COOLING_CIRCULATION = Indicator(
    key="indirect_cooling_circulation_rate",
    title="间接冷却水循环率",
    symbol="r_c",
    formula="r_c = V_cr / (V_cf + V_cr) × 100",
    unit="%",
    places=2,
    standard="较早的行业公式",
    source="S28",
    grade="C",
    compute=_indirect,
)
CYCLES_OF_CONCENTRATION = Indicator(
    key="cycles_of_concentration",
    title="浓缩倍数",
    symbol="N",
    formula="N = Q_m / (Q_b + Q_w)",
    unit="",
    places=2,
    standard="GB 50050 3.1.9",
    source="S54",
    grade="C",
    compute=_cycles,
)
INDICATORS = (DIRECT_COOLING_CIRCULATION, INDIRECT_COOLING_CIRCULATION, CYCLES_OF_CONCENTRATION)
