"""A gate over the evidence years: each year is judged and shown, the deciding ones count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from xunshui.register import Clause
from xunshui.rules.ground import Ground
from xunshui.rules.judgement import Judgement
from xunshui.rules.outcome import Outcome, all_of
from xunshui.site.operation import Period


def over_years(ground: Ground, clause: Clause, judge: Callable[[Period], Judgement]) -> Judgement:
    """Return the gate's judgement: that of the deciding year, or of all years where the reading asks for every one."""
    years = {year: _of_year(ground, clause, year, judge) for year in ground.years}
    deciding = [years[year] for year in ground.deciding_years()]
    worst = min(deciding, key=lambda row: _SEVERITY[row.outcome])
    return replace(
        worst,
        id=clause.id,
        clause=clause.clause,
        title=clause.title,
        text=clause.text,
        outcome=all_of(row.outcome for row in deciding),
        children=tuple(years.values()),
    )


_SEVERITY = {Outcome.NOT_MET: 0, Outcome.CANNOT_TELL: 1, Outcome.MET: 2, Outcome.NOT_APPLICABLE: 3}


def _of_year(ground: Ground, clause: Clause, year: int, judge: Callable[[Period], Judgement]) -> Judgement:
    period = ground.site.year(year)
    if period is None:
        return Judgement(
            id=f"{clause.id}/{year}",
            title=f"{year} 年",
            outcome=Outcome.CANNOT_TELL,
            reason=f"没有 {year} 年（完整日历年）的数据",
            period=str(year),
        )
    return replace(judge(period), id=f"{clause.id}/{year}", title=f"{year} 年", period=period.id)
