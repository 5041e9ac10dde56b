"""From a site to answers: the figures of its workbook, summed by kind of water, for the form to be filled in with."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from xunshui.register import Form
from xunshui.site.filing.to_site import LEDGER
from xunshui.site.graph import Stream
from xunshui.site.kinds import WaterKind
from xunshui.site.model import Site
from xunshui.site.operation import Period

_OF_KIND = {
    "purchased_treated": WaterKind.PUBLIC_SUPPLY,
    "evaporation": WaterKind.CONSUMPTION,
    "drift": WaterKind.CONSUMPTION,
    "supplied_reclaimed": WaterKind.SUPPLIED_OUTSIDE,
}
"""Kinds that the form has no line for, and the line they are summed into."""


def answers_from_site(form: Form, site: Site) -> dict[str, dict[str, Any]]:
    """Return the answers that a site's own figures give, by section; a kind it does not have is answered by 0.

    Water that is not for production is left out of the ledger, since the form asks for production. A sum of
    which a part is missing stays unanswered.
    """
    periods = [period for period in site.periods if period.full_year]
    told = {
        "applicant": _applicant(site),
        "park": {"level": site.park_level.value} if site.park_level else {},
        "base": _base(site, periods),
        "production": _production(site, periods),
        "data_centre": _figures(periods, ("it_energy_kwh", "total_energy_kwh")),
        LEDGER: _ledger(form, site, periods),
    }
    sections = {section.id for section in form.sections_for(site.kind)}
    return {key: value for key, value in told.items() if key in sections and value}


def _applicant(site: Site) -> dict[str, Any]:
    told = {
        "name": site.name,
        "credit_code": site.credit_code,
        "city": site.city,
        "address": site.address,
        "industry": site.industry,
        "industry_class": site.industry_class.value if site.industry_class else None,
    }
    return {key: value for key, value in told.items() if value}


def _base(site: Site, periods: Iterable[Period]) -> dict[str, Any]:
    stated = {
        row.statement.value: row.holds
        for row in site.declarations
        if row.holds is not None and row.statement.value != "park_management"
    }
    permits = [
        {
            "number": row.number,
            "authority": row.authority,
            "licensed_m3_per_year": _typed(row.licensed_m3_per_year),
            "valid_from": row.valid_from.isoformat() if row.valid_from else "",
            "valid_to": row.valid_to.isoformat() if row.valid_to else "",
        }
        for row in site.permits
    ]
    plans = _figures(periods, ("plan_m3", "plan_actual_m3"))
    named = {"plan_m3": plans.get("plan_m3"), "actual_m3": plans.get("plan_actual_m3"), "permits": permits}
    return {**stated, **{key: value for key, value in named.items() if value}}


def _production(site: Site, periods: list[Period]) -> dict[str, Any]:
    products = [
        {
            "name": row.name,
            "unit": row.unit,
            "quota_key": row.quota_key or "",
            "output": _by_year(row.output, periods),
            "withdrawal_m3": _by_year(row.withdrawal_m3, periods),
        }
        for row in site.products
        if row.main
    ]
    quotas = [
        {
            "key": row.key,
            "authority": row.authority.value,
            "state": row.state.value,
            "value_m3": _typed(row.value_m3),
            "per": row.per,
            "level_for_gate": row.level_for_gate.value if row.level_for_gate else "",
            "level_as_printed": row.level_as_printed.value if row.level_as_printed else "",
            "standard": row.standard,
            "source": row.source,
            "provided_by": row.provided_by,
            "provided_on": row.provided_on.isoformat() if row.provided_on else "",
        }
        for row in site.quotas
    ]
    money = _figures(periods, ("output_value_wan_yuan", "value_added_wan_yuan"))
    return {
        **({"products": products} if products else {}),
        **({"quotas": quotas} if quotas else {}),
        **money,
    }


def _figures(periods: Iterable[Period], names: tuple[str, ...]) -> dict[str, dict[str, str]]:
    rows = list(periods)
    told = {name: {row.id: _typed(getattr(row, name)) for row in rows} for name in names}
    kept = {name: {year: text for year, text in row.items() if text} for name, row in told.items()}
    return {name: row for name, row in kept.items() if row}


def _ledger(form: Form, site: Site, periods: list[Period]) -> dict[str, dict[str, str]]:
    section = form.section(LEDGER)
    fields = [] if section is None else [field for field in section.fields if field.water]
    told = {
        field.id: _sums([row for row in site.streams if _line(row) == field.water], periods)
        for field in fields
    }
    return {key: sums for key, sums in told.items() if sums}


def _line(stream: Stream) -> str | None:
    if not stream.production:
        return None
    return _OF_KIND.get(stream.kind.value, stream.kind).value


def _sums(streams: list[Stream], periods: list[Period]) -> dict[str, str]:
    sums = {period.id: _sum(streams, period.id) for period in periods}
    return {year: _typed(total) for year, total in sums.items() if total is not None}


def _sum(streams: list[Stream], period: str) -> Decimal | None:
    told = [row.volume_m3.get(period) for row in streams]
    return None if None in told else sum((volume for volume in told if volume is not None), Decimal(0))


def _by_year(volumes: Any, periods: list[Period]) -> dict[str, str]:
    return {row.id: _typed(volumes[row.id]) for row in periods if row.id in volumes}


def _typed(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"
