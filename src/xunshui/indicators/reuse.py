"""How much of the water is used again: the reuse rate and its parts for wastewater and process water."""

from __future__ import annotations

from collections.abc import Iterator

from xunshui.balance import Chosen, SiteStreams, chosen, once
from xunshui.indicators.indicator import Indicator, Ledgered, Value, sum_of, volume_term
from xunshui.indicators.quantities import discharged, new_water, new_water_into, reused_water
from xunshui.site.kinds import SiteKind, UnitUse, WaterKind


def _reuse_rate(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    if ground.site.kind is SiteKind.PARK:
        return
    again, new = reused_water(ground.volumes), new_water(ground.volumes)
    total = sum_of("V_t", "用水量", again, new)
    yield indicator.quotient(ground, again, total, factor=100, shown=(again, new, total))


def _wastewater_reuse_rate(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    again = volume_term("V_w", "废水回用量", ground.volumes.total([WaterKind.REUSE]))
    drained = discharged(ground.volumes)
    if again.streams:
        total = sum_of("V_d+V_w", "排水与回用量", drained, again)
        yield indicator.quotient(ground, again, total, factor=100, shown=(again, drained))


def _process_water_reuse_rate(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    circulated = ground.volumes.total([WaterKind.CIRCULATING_PROCESS])
    handed_on = ground.volumes.sum(_handed_to_process(ground.volumes.streams))
    again = volume_term("V_gr", "工艺水回用量", circulated + handed_on)
    new = volume_term("V_gf", "工艺新水量", new_water_into(ground.volumes, UnitUse.PROCESS))
    if again.streams or new.streams:
        total = sum_of("V_gt", "工艺用水量", again, new)
        yield indicator.quotient(ground, again, total, factor=100, shown=(again, new))


@once
def _handed_to_process(streams: SiteStreams) -> Chosen:
    units = {unit.id for unit in streams.site.units if unit.use is UnitUse.PROCESS}
    handed_on = streams.of([WaterKind.SERIES, WaterKind.REUSE, WaterKind.CONDENSATE]).streams
    return chosen(stream for stream in handed_on if stream.target in units)


REUSE_RATE = Indicator(
    key="reuse_rate",
    title="工业用水重复利用率",
    symbol="R",
    formula="R = V_r / (V_f + V_r) × 100",
    unit="%",
    places=2,
    standard="用水量 = 新水量 + 重复利用水量（GB/T 12452-2008 术语）；GB/T 36132-2025 表式",
    source="GB12452T",
    grade="B",
    compute=_reuse_rate,
)
WASTEWATER_REUSE_RATE = Indicator(
    key="wastewater_reuse_rate",
    title="废水回用率",
    symbol="K_w",
    formula="K_w = V_w / (V_d + V_w) × 100",
    unit="%",
    places=2,
    standard="GB/T 7119 附录 A（公式凭记忆）",
    source="GB7119",
    grade="M",
    compute=_wastewater_reuse_rate,
)
PROCESS_WATER_REUSE_RATE = Indicator(
    key="process_water_reuse_rate",
    title="工艺水回用率",
    symbol="r_g",
    formula="r_g = V_gr / (V_gf + V_gr) × 100",
    unit="%",
    places=2,
    standard="较早的行业公式",
    source="S28",
    grade="C",
    compute=_process_water_reuse_rate,
)
INDICATORS = (REUSE_RATE, WASTEWATER_REUSE_RATE, PROCESS_WATER_REUSE_RATE)
