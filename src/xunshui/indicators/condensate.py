"""How much of the steam comes back as condensate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from xunshui.indicators.indicator import Indicator, Ledgered, Value, figure_term, volume_term
from xunshui.site.kinds import WaterKind


def _recovery(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    back = volume_term("V_br", "冷凝水回用量", ground.volumes.total([WaterKind.CONDENSATE]))
    steam = figure_term("D", "自产蒸汽量", ground.period.steam_produced_t, "t")
    if not back.streams and steam.value is None:
        return
    density = figure_term("ρ", "冷凝水密度", ground.settings["condensate_density"], "t/m³")
    mass = None if back.value is None or density.value is None else back.value * density.value
    upper = replace(back, value=mass, unit="t")
    yield indicator.quotient(ground, upper, steam, factor=100, shown=(back, density, steam))


CONDENSATE_RECOVERY = Indicator(
    key="condensate_recovery_rate",
    title="冷凝水回用率",
    symbol="r_b",
    formula="r_b = V_br × ρ / D × 100",
    unit="%",
    places=2,
    standard="较早的行业公式，D 为统计期产汽总量",
    source="S28",
    grade="C",
    compute=_recovery,
)
INDICATORS = (CONDENSATE_RECOVERY,)
