"""Water from other than conventional sources: the reclaimed share in its readings, and the substitution rate."""

from __future__ import annotations

from collections.abc import Iterator

from xunshui.balance import Volumes, once
from xunshui.indicators.indicator import Compute, Indicator, Ledgered, Term, Value, sum_of, volume_term
from xunshui.indicators.quantities import intake, reclaimed, total_use
from xunshui.site.kinds import CONVENTIONAL, INTAKE, WaterKind


def _share_of_intake(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    yield indicator.quotient(ground, reclaimed(ground.volumes), intake(ground.volumes), factor=100)


def _share_of_use(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    yield indicator.quotient(ground, reclaimed(ground.volumes), total_use(ground.volumes), factor=100)


def _share_with_own(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    lower = sum_of("V_i+V_w", "取水量与厂内回用量", intake(ground.volumes), _own_reuse(ground.volumes))
    yield indicator.quotient(ground, _reclaimed_and_own(ground.volumes), lower, factor=100)


def _own_share_of_use(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    upper, lower = _reclaimed_and_own(ground.volumes), total_use(ground.volumes)
    yield indicator.quotient(ground, upper, lower, factor=100)


@once
def _own_reuse(volumes: Volumes) -> Term:
    return volume_term("V_w", "厂内废水回用量", volumes.total([WaterKind.REUSE]))


@once
def _reclaimed_and_own(volumes: Volumes) -> Term:
    return sum_of("V_re+V_w", "再生水与厂内回用量", reclaimed(volumes), _own_reuse(volumes))


def _substitution(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    other = volume_term("V_ih", "非常规水量", ground.volumes.total(INTAKE - CONVENTIONAL))
    yield indicator.quotient(ground, other, intake(ground.volumes), factor=100)


def _share(key: str, title: str, formula: str, standard: str, compute: Compute) -> Indicator:
    return Indicator(
        key=key,
        title=title,
        symbol="V_re/V_i",
        formula=formula,
        unit="%",
        places=2,
        standard=standard,
        source="S42",
        grade="D",
        compute=compute,
    )


RECLAIMED_SHARE = _share(
    "reclaimed_share",
    "再生水使用量占总用水量比重",
    "外部再生水 / 从外部取用的全部水 × 100",
    "通知二（二）3（3）",
    _share_of_intake,
)
RECLAIMED_SHARE_OF_USE = _share(
    "reclaimed_share_of_total_use",
    "再生水占用水总量比重（含重复利用）",
    "外部再生水 / (V_i + V_r) × 100",
    "另一种理解，供对照",
    _share_of_use,
)
RECLAIMED_SHARE_WITH_OWN = _share(
    "reclaimed_share_with_own_reuse",
    "再生水比重（含厂内回用）",
    "(外部再生水 + V_w) / (V_i + V_w) × 100",
    "另一种理解，供对照",
    _share_with_own,
)
RECLAIMED_SHARE_WITH_OWN_OF_USE = _share(
    "reclaimed_share_with_own_reuse_of_total_use",
    "再生水占用水总量比重（含厂内回用）",
    "(外部再生水 + V_w) / (V_i + V_r) × 100",
    "另一种理解，供对照",
    _own_share_of_use,
)
NON_CONVENTIONAL_SUBSTITUTION = Indicator(
    key="non_conventional_substitution_rate",
    title="非常规水资源替代率",
    symbol="K_h",
    formula="K_h = V_ih / (V_i + V_ih) × 100，分母为常规与非常规取水量合计",
    unit="%",
    places=2,
    standard="GB/T 7119 附录 A（公式凭记忆）",
    source="GB7119",
    grade="M",
    compute=_substitution,
)
INDICATORS = (
    RECLAIMED_SHARE,
    RECLAIMED_SHARE_OF_USE,
    RECLAIMED_SHARE_WITH_OWN,
    RECLAIMED_SHARE_WITH_OWN_OF_USE,
    NON_CONVENTIONAL_SUBSTITUTION,
)
