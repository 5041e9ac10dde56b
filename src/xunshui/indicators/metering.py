"""How much of the water is metered, and how many of the streams that should bear a meter do, level by level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from xunshui.balance import Chosen, SiteStreams, chosen, once
from xunshui.indicators.indicator import Indicator, Ledgered, Term, Value, volume_term
from xunshui.site.graph import Stream
from xunshui.site.kinds import INTAKE, OUTSIDE, WaterKind

_METERED_KINDS = INTAKE | {WaterKind.DISTRIBUTED, WaterKind.SERIES, WaterKind.REUSE}
_LEVEL_TITLES = {1: "用水单位", 2: "次级用水单位", 3: "主要用水设备"}


def _level(stream: Stream, levels: Mapping[str, int]) -> int:
    """Return the level at which a supply is metered: 1 at the boundary, else that of the unit it supplies."""
    return 1 if stream.source == OUTSIDE else levels[stream.target]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Supply:
    """The supplies that are metered at one level: all of them, and those that bear a meter."""

    level: int
    streams: Chosen
    metered: Chosen


@once
def _supplies(streams: SiteStreams) -> list[_Supply]:
    levels = {unit.id: unit.level for unit in streams.site.units}
    supplies: dict[int, list[Stream]] = {}
    for stream in streams.of(_METERED_KINDS).streams:
        supplies.setdefault(_level(stream, levels), []).append(stream)
    return [
        _Supply(level=level, streams=chosen(rows), metered=chosen(row for row in rows if row.meters))
        for level, rows in sorted(supplies.items())
    ]


def _metered_share(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    for supply in _supplies(ground.volumes.streams):
        title = _LEVEL_TITLES[supply.level]
        yield indicator.quotient(
            ground,
            volume_term("V_m", f"{title}计量水量", ground.volumes.sum(supply.metered)),
            volume_term("V", f"{title}用水量", ground.volumes.sum(supply.streams)),
            factor=100,
            subject=str(supply.level),
        )


def _equipping_rate(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    for supply in _supplies(ground.volumes.streams):
        metered, wanted = supply.metered.ids, Fraction(len(supply.streams.ids))
        fitted = Term(
            symbol="N_s", title="已装水表的水流数", value=Fraction(len(metered)), unit="条", streams=metered
        )
        all_streams = Term(symbol="N_l", title="应装水表的水流数", value=wanted, unit="条")
        yield indicator.quotient(ground, fitted, all_streams, factor=100, subject=str(supply.level))


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
