"""The quantities that several indicators share: what counts as taken in, as new, as used again."""

from __future__ import annotations

from xunshui.balance import Total, Volumes
from xunshui.indicators.indicator import Term, volume_term
from xunshui.site.kinds import CONVENTIONAL, INTAKE, RECLAIMED, REUSED, UnitUse, WaterKind

_SUPPLIED = (WaterKind.SUPPLIED_OUTSIDE,)


def intake(volumes: Volumes) -> Term:
    """Return all water taken in from outside, conventional and not."""
    return volume_term("V_i", "取水量", volumes.total(INTAKE))


def new_water(volumes: Volumes) -> Term:
    """Return industrial new water: intake for production less what was supplied to others.

    工业用新水 = 取水总量 − 非工业用新水 − 外供新水, as the monthly return of key water users checks it (grade C).
    """
    taken = volumes.total(INTAKE, lambda stream: stream.production)
    return volume_term("V_f", "新水量", taken - volumes.total(_SUPPLIED))


def reused_water(volumes: Volumes) -> Term:
    """Return reused water: circulating, series, in-plant reuse and condensate."""
    return volume_term("V_r", "重复利用水量", reused(volumes))


def reused(volumes: Volumes) -> Total:
    """Return the sum behind `reused_water`."""
    return volumes.total(REUSED)


def production_withdrawal(volumes: Volumes) -> Term:
    """Return the withdrawal that a quota judges: conventional water for production less what was supplied to others."""
    taken = volumes.total(CONVENTIONAL, lambda stream: stream.production)
    return volume_term("V_ui", "生产取水量（常规水）", taken - volumes.total(_SUPPLIED))


def reclaimed(volumes: Volumes) -> Term:
    """Return reclaimed water taken in from a municipality or another enterprise."""
    return volume_term("V_re", "再生水量", volumes.total(RECLAIMED))


def new_water_into(volumes: Volumes, uses: frozenset[UnitUse]) -> Total:
    """Return new water that enters units of these uses, from outside or by the plant's own mains."""
    units = {unit.id for unit in volumes.site.units if unit.use in uses}
    return volumes.total(
        INTAKE | {WaterKind.DISTRIBUTED}, lambda stream: stream.target in units and stream.source not in units
    )
