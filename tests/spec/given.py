"""The small language of the spec cases: what is given becomes a site.

    given: {kind: enterprise, industry: "3120", surface: 30, circulating_indirect: 970}

Every kind of water [m³] and every figure of a period stands for each evidence year, or is told year by
year as {2021: 30, 2022: 28}; a year left out is missing. One unit U takes everything in.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from xunshui.register import register
from xunshui.site import Site, site_of
from xunshui.site.kinds import KINDS, OUTSIDE, Group, Route, WaterKind

Raw = dict[str, Any]

YEARS = register().notice.years
KEYS_OF_PERIODS = {
    "value_added": "value_added_wan_yuan",
    "output_value": "output_value_wan_yuan",
    "it_energy": "it_energy_kwh",
    "steam": "steam_produced_t",
    "plan": "plan_m3",
    "plan_actual": "plan_actual_m3",
}
_UNITS = [{"id": "U", "name": "生产"}, {"id": "V", "name": "辅助"}]
_BY_YEAR = ("volume_m3", "compliant_m3", "output", "withdrawal_m3", "change_m3")


def site_of_given(given: Mapping[str, Any]) -> Site:
    """Return the site that a case describes; raises `SiteFileInvalid` as for any file."""
    return site_of(raw_of_given(given))


def raw_of_given(given: Mapping[str, Any]) -> Raw:
    """Return the raw tables of that site."""
    rest = {"id": "site", "name": "示例", "kind": "enterprise"} | dict(given)
    years = [str(year) for year in rest.pop("years", YEARS)]
    figures = {key: _each_year(rest.pop(key), years) for key in KEYS_OF_PERIODS if key in rest}
    water = {kind: rest.pop(kind) for kind in map(str, WaterKind) if kind in rest}
    members = [raw_of_given({"years": years, **member}) for member in rest.pop("members", [])]
    told = [_stream(kind, volumes) for kind, volumes in water.items()]
    return rest | {
        "periods": [_period(year, figures) for year in years],
        "units": deepcopy(rest.get("units", _UNITS)) + [_member_unit(member) for member in members],
        "streams": [_spread(row, years) for row in told + rest.get("streams", [])],
        "products": [_spread({"name": row["id"], **row}, years) for row in rest.get("products", [])],
        "tanks": [_spread(row, years) for row in rest.get("tanks", [])],
        "declarations": _keyed("statement", rest.get("declarations", {})),
        "documents": [
            {"id": name, "code": code, "title": name} for name, code in rest.get("documents", {}).items()
        ],
        "members": members,
    }


def stream(stream_id: str, source: str, target: str, kind: str, volume: object, **more: object) -> Raw:
    """Return a stream as a row of `streams`."""
    ends = {"id": stream_id, "from": source, "to": target, "kind": kind}
    return {**ends, "volume_m3": volume, **more}


def _stream(kind: str, volumes: object) -> Raw:
    facts = KINDS[WaterKind(kind)]
    into, out = facts.route is Route.INTO_SITE, facts.route is Route.OUT_OF_SITE
    loops = facts.group in (Group.CIRCULATING, Group.REUSED)
    target = OUTSIDE if out else "U" if into or loops else "V"
    return stream(kind, OUTSIDE if into else "U", target, kind, volumes)


def _period(year: str, figures: Mapping[str, Mapping[str, object]]) -> Raw:
    told = {KEYS_OF_PERIODS[key]: volumes.get(year) for key, volumes in figures.items()}
    return {"id": year, "start": f"{year}-01-01", "end": f"{year}-12-31", **told}


def _spread(row: Mapping[str, Any], years: list[str]) -> Raw:
    return {key: _each_year(value, years) if key in _BY_YEAR else value for key, value in row.items()}


def _each_year(told: object, years: list[str]) -> dict[str, object]:
    if isinstance(told, Mapping):
        return {str(year): value for year, value in told.items()}
    return dict.fromkeys(years, told)


def _keyed(key: str, rows: Mapping[str, Mapping[str, Any]]) -> list[Raw]:
    return [{key: name, **facts} for name, facts in rows.items()]


def _member_unit(member: Mapping[str, Any]) -> Raw:
    return {"id": member["id"], "name": member["name"], "level": 1, "use": "member"}
