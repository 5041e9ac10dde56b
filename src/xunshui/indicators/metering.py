"""How much of the water is metered, and how many of the streams that should bear a meter do, level by level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from xunshui.balance import Volumes, once
from xunshui.indicators.indicator import Indicator, Ledgered, Term, Value, volume_term
from xunshui.site.graph import Stream
from xunshui.site.kinds import INTAKE, OUTSIDE, WaterKind

_METERED_KINDS = INTAKE | {WaterKind.DISTRIBUTED, WaterKind.SERIES, WaterKind.REUSE}
_LEVEL_TITLES = {1: "用水单位", 2: "次级用水单位", 3: "主要用水设备"}


def _level(stream: Stream, levels: Mapping[str, int]) -> int:
    """Return the level at which a supply is metered: 1 at the boundary, else that of the unit it supplies."""
    return 1 if stream.source == OUTSIDE else levels[stream.target]


@once
def _supplies(volumes: Volumes) -> dict[int, list[Stream]]:
    levels = {unit.id: unit.level for unit in volumes.site.units}
    supplies: dict[int, list[Stream]] = {}
    for stream in volumes.site.streams:
        if stream.kind in _METERED_KINDS:
            supplies.setdefault(_level(stream, levels), []).append(stream)
    return dict(sorted(supplies.items()))


def _metered_share(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    for level, streams in _supplies(ground.volumes).items():
        metered = ground.volumes.sum(stream for stream in streams if stream.meters)
        everything = ground.volumes.sum(streams)
        yield indicator.quotient(
            ground,
            volume_term("V_m", f"{_LEVEL_TITLES[level]}计量水量", metered),
            volume_term("V", f"{_LEVEL_TITLES[level]}用水量", everything),
            factor=100,
            subject=str(level),
        )


def _equipping_rate(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    for level, streams in _supplies(ground.volumes).items():
        metered = [stream.id for stream in streams if stream.meters]
        fitted = Term(
            symbol="N_s",
            title="已装水表的水流数",
            value=Fraction(len(metered)),
            unit="条",
            streams=tuple(metered),
        )
        wanted = Term(symbol="N_l", title="应装水表的水流数", value=Fraction(len(streams)), unit="条")
        yield indicator.quotient(ground, fitted, wanted, factor=100, subject=str(level))


METERED_SHARE = Indicator(
    key="metered_share",
    title="水表计量率",
    symbol="K_m",
    formula="K_m = 该级水表计量水量 / 该级用水量 × 100",
    unit="%",
    places=1,
    standard="GB/T 7119 附录 A、GB/T 24789（公式凭记忆）",
    source="GB24789",
    grade="M",
    compute=_metered_share,
)
METER_EQUIPPING_RATE = Indicator(
    key="meter_equipping_rate",
    title="水计量器具配备率",
    symbol="R_p",
    formula="R_p = 已装 / 应装 × 100",
    unit="%",
    places=1,
    standard="GB/T 24789（公式凭记忆）",
    source="GB24789",
    grade="M",
    compute=_equipping_rate,
)
INDICATORS = (METERED_SHARE, METER_EQUIPPING_RATE)
