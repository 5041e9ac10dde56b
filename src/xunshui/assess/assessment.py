"""An assessment: everything that can be said of a site from its file, ready to be shown in any form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from xunshui.assess.declared import differences
from xunshui.assess.findings import (
    assumptions,
    beyond_licence,
    classification,
    expired_meters,
    missing_volumes,
    open_balances,
    reclaimed_passing_through,
    unmetered_intake,
)
from xunshui.assess.problem import Problem
from xunshui.balance import Ledger, SiteStreams, ledgers
from xunshui.indicators import Value, ledgered, values
from xunshui.register import Overlay, Register, register
from xunshui.rules import Verdict, judge
from xunshui.site.model import Site
from xunshui.site.operation import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A site with its ledgers, its indicators, the verdict and what does not add up.

    `period` is the one that decides; `values` and `ledgers` hold every period of the site.
    """

    site: Site
    period: str
    register: Register
    ledgers: Mapping[str, Ledger]
    values: Mapping[str, Mapping[str, Value]]
    verdict: Verdict
    problems: tuple[Problem, ...]

    @property
    def indicators(self) -> Mapping[str, Value]:
        """Return the indicators of the deciding period, by id."""
        return self.values.get(self.period, {})


def assess(
    site: Site,
    *,
    notice: str = "miit-2024-280",
    readings: Mapping[str, str] | None = None,
    overlay: Overlay | None = None,
) -> Assessment:
    """Return the assessment of a site under a notice.

    `readings` picks other readings of the notice's open points; `overlay` tightens it by a province's
    rows. Raises `UnknownReading` and `OverlayInvalid`.
    """
    rows = register(notice)
    if overlay is not None:
        rows = rows.tightened(overlay)
    settings = {setting.id: Fraction(setting.value) for setting in rows.settings}
    streams = SiteStreams(site)
    found = {period.id: values(ledgered(site, period, settings, streams)) for period in site.periods}
    books = ledgers(site, found, settings["balance_tolerance"])
    period = deciding_period(site, rows)
    return Assessment(
        site=site,
        period=period,
        register=rows,
        ledgers=books,
        values=found,
        verdict=judge(site, found, rows, readings),
        problems=_problems(site, rows, books, found, period),
    )


def deciding_period(site: Site, rows: Register) -> str:
    """Return the id of the deciding year's period; where the site lacks it, that year's number."""
    year = rows.notice.years[-1]
    period: Period | None = site.year(year)
    return period.id if period else str(year)


def _problems(
    site: Site,
    rows: Register,
    books: Mapping[str, Ledger],
    found: Mapping[str, Mapping[str, Value]],
    period: str,
) -> tuple[Problem, ...]:
    return (
        *open_balances(site, books),
        *missing_volumes(site, rows),
        *differences(site, rows, found),
        *classification(site, rows),
        *beyond_licence(site, books),
        *unmetered_intake(site, period),
        *expired_meters(site, rows.notice.years[-1]),
        *reclaimed_passing_through(site),
        *assumptions(site),
    )
