"""Water usage effectiveness of a data centre, in the figures that its definitions disagree on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xunshui.balance import Total, Volumes
from xunshui.indicators.indicator import Compute, Indicator, Ledgered, Value, figure_term, volume_term
from xunshui.site.kinds import INTAKE, RECLAIMED, SiteKind, WaterKind

LITRES_PER_M3 = 1000


def _wue(
    indicator: Indicator, ground: Ledgered, title: str, water: Callable[[Volumes], Total]
) -> Iterator[Value]:
    if ground.site.kind is not SiteKind.DATA_CENTRE:
        return
    taken = volume_term("W", title, water(ground.volumes))
    energy = figure_term("E_IT", "信息设备耗电量", ground.period.it_energy_kwh, "kWh")
    yield indicator.quotient(ground, taken, energy, factor=LITRES_PER_M3)


def _all_intake(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    return _wue(indicator, ground, "全部取水量", lambda volumes: volumes.total(INTAKE))


def _without_reclaimed(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    return _wue(indicator, ground, "不计再生水的取水量", lambda volumes: volumes.total(INTAKE - RECLAIMED))


def _net_of_return(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    return _wue(
        indicator,
        ground,
        "取水量减排水量",
        lambda volumes: volumes.total(INTAKE) - volumes.total([WaterKind.DISCHARGE]),
    )


def _define(key: str, title: str, formula: str, standard: str, compute: Compute) -> Indicator:
    return Indicator(
        key=key,
        title=title,
        symbol="WUE",
        formula=formula,
        unit="L/kWh",
        places=3,
        standard=standard,
        source="S55",
        grade="C",
        compute=compute,
    )


WUE = _define(
    "wue", "WUE（全部取水）", "W / E_IT", "通知二（二）3（2）；ISO/IEC 30134-9 类别 2 的一种读法", _all_intake
)
WUE_WITHOUT_RECLAIMED = _define(
    "wue_without_reclaimed",
    "WUE（不计再生水）",
    "(W − 再生水) / E_IT",
    "另一种理解，供对照",
    _without_reclaimed,
)
WUE_NET = _define(
    "wue_net_of_return",
    "WUE（净耗水）",
    "(W − 排水) / E_IT",
    "ISO/IEC 30134-9 类别 2 的另一读法，供对照",
    _net_of_return,
)
INDICATORS = (WUE, WUE_WITHOUT_RECLAIMED, WUE_NET)
