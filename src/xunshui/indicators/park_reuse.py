"""The reuse rate of a park: what its members use again and what they hand one another."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from xunshui.balance import NOTHING, Total, Volumes
from xunshui.indicators.indicator import Indicator, Ledgered, Term, Value, sum_of, volume_term
from xunshui.indicators.quantities import new_water, reused
from xunshui.site.kinds import SiteKind, WaterKind
from xunshui.site.model import Site


def _park_reuse_rate(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    if ground.site.kind is not SiteKind.PARK:
        return
    members = _members_term(ground)
    exchanged = volume_term("V_rx", "企业间与集中设施重复用水量", reused(ground.volumes))
    again = sum_of("V_r", "重复利用水量", members, exchanged)
    yield _rate(indicator, ground, again, (members, exchanged))


def _park_works_reuse_rate(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    if ground.site.kind is SiteKind.PARK:
        exchanged = ground.volumes.total([WaterKind.SERIES, WaterKind.REUSE])
        yield _rate(indicator, ground, volume_term("V_rx", "企业间串联与回用水量", exchanged), ())


def _rate(indicator: Indicator, ground: Ledgered, again: Term, parts: tuple[Term, ...]) -> Value:
    new = new_water(ground.volumes)
    total = sum_of("V_t", "用水量", again, new)
    return indicator.quotient(ground, again, total, factor=100, shown=(*parts, again, new, total))


def _members_term(ground: Ledgered) -> Term:
    parts = [_of_member(member, ground) for member in ground.site.members]
    total = sum(parts, NOTHING)
    return volume_term("V_rm", "成员重复用水量", total)


def _of_member(member: Site, ground: Ledgered) -> Total:
    """Return a member's reused water; a member that does not tell the park's period is missing as a whole."""
    period = next(
        (row for row in member.periods if (row.start, row.end) == (ground.period.start, ground.period.end)),
        None,
    )
    if period is None:
        return Total(known=Fraction(0), streams=(), missing=(f"{member.id}（无 {ground.period.id} 时期）",))
    own = reused(Volumes(member, period.id))
    return Total(
        known=own.known,
        streams=tuple(f"{member.id}/{stream}" for stream in own.streams),
        missing=tuple(f"{member.id}/{stream}" for stream in own.missing),
    )


PARK_REUSE_RATE = Indicator(
    key="park_reuse_rate",
    title="园区工业用水重复利用率",
    symbol="R_p",
    formula="R_p = (Σ成员 V_r + 企业间 V_r) / (V_f + V_r) × 100",
    unit="%",
    places=2,
    standard="通知未给公式；成员与企业间合计为本项目约定",
    source="OWN",
    grade="D",
    compute=_park_reuse_rate,
)
PARK_WORKS_REUSE_RATE = Indicator(
    key="park_works_reuse_rate",
    title="园区集中设施重复利用率",
    symbol="R_pw",
    formula="R_pw = 企业间 V_r / (V_f + V_r) × 100",
    unit="%",
    places=2,
    standard="只计企业之间与集中设施的串联和回用",
    source="OWN",
    grade="D",
    compute=_park_works_reuse_rate,
)
INDICATORS = (PARK_REUSE_RATE, PARK_WORKS_REUSE_RATE)
