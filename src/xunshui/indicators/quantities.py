"""The quantities that several indicators share: what counts as taken in, as new, as used again."""

from __future__ import annotations

from xunshui.balance import NOTHING, Chosen, SiteStreams, Total, Volumes, chosen, once
from xunshui.indicators.indicator import Term, sum_of, volume_term
from xunshui.site.graph import Stream
from xunshui.site.kinds import CONVENTIONAL, INTAKE, RECLAIMED, REUSED, UnitUse, WaterKind

_SUPPLIED = (WaterKind.SUPPLIED_OUTSIDE,)


@once
def intake(volumes: Volumes) -> Term:
    """Return all water taken in from outside, conventional and not."""
    return volume_term("V_i", "取水量", volumes.total(INTAKE))


@once
def new_water(volumes: Volumes) -> Term:
    """Return industrial new water: intake for production less what was supplied to others.

    工业用新水 = 取水总量 − 非工业用新水 − 外供新水, as the monthly return of key water users checks it (grade C).
    """
    taken = volumes.sum(_for_production(volumes.streams))
    return volume_term("V_f", "新水量", taken - volumes.total(_SUPPLIED))


@once
def reused_water(volumes: Volumes) -> Term:
    """Return reused water: circulating, series, in-plant reuse and condensate."""
    return volume_term("V_r", "重复利用水量", reused(volumes))


@once
def reused(volumes: Volumes) -> Total:
    """Return the sum behind `reused_water`."""
    return volumes.total(REUSED)


@once
def production_withdrawal(volumes: Volumes) -> Term:
    """Return the withdrawal that a quota judges: conventional water for production less what was supplied to others."""
    taken = volumes.sum(_conventional_for_production(volumes.streams))
    return volume_term("V_ui", "生产取水量（常规水）", taken - volumes.total(_SUPPLIED))


@once
def reclaimed(volumes: Volumes) -> Term:
    """Return reclaimed water taken in from a municipality or another enterprise."""
    return volume_term("V_re", "再生水量", volumes.total(RECLAIMED))


@once
def discharged(volumes: Volumes) -> Term:
    """Return wastewater that leaves the site."""
    return volume_term("V_d", "排水量", volumes.total([WaterKind.DISCHARGE]))


@once
def total_use(volumes: Volumes) -> Term:
    """Return all water used: taken in from outside, and used again."""
    return sum_of("V_t", "用水总量（含重复利用）", intake(volumes), reused_water(volumes))


def new_water_into(volumes: Volumes, use: UnitUse) -> Total:
    """Return new water that enters units of this use, from outside or by the plant's own mains."""
    into = _new_water_by_use(volumes.streams)
    return volumes.sum(into[use]) if use in into else NOTHING


@once
def _for_production(streams: SiteStreams) -> Chosen:
    return chosen(stream for stream in streams.of(INTAKE).streams if stream.production)


@once
def _conventional_for_production(streams: SiteStreams) -> Chosen:
    return chosen(stream for stream in streams.of(CONVENTIONAL).streams if stream.production)


@once
def _new_water_by_use(streams: SiteStreams) -> dict[UnitUse, Chosen]:
    uses = {unit.id: unit.use for unit in streams.site.units}
    entering: dict[UnitUse, list[Stream]] = {}
    for stream in streams.of(INTAKE | {WaterKind.DISTRIBUTED}).streams:
        use = uses.get(stream.target)
        if use is not None and uses.get(stream.source) is not use:
            entering.setdefault(use, []).append(stream)
    return {use: chosen(rows) for use, rows in entering.items()}
