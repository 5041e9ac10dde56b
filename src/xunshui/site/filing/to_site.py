"""From answers to a site of one unit: its ledger as streams, its statements with the proof that is attached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xunshui.register import Form
from xunshui.site.assemble import site_of
from xunshui.site.filing.answers import Answers, number_in
from xunshui.site.kinds import KINDS, OUTSIDE, Route, WaterKind
from xunshui.site.model import Site

WHOLE = "ALL"
LEDGER = "ledger"
_PROOF = {
    "legal_entity": "P01",
    "park_management": "P01",
    "no_over_plan": "P03",
    "no_accident": "P09",
    "not_listed": "P08",
}
_PERMIT_PROOF = "P02"
_PRIMARY_PRODUCT = "P1"


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledDocument:
    """A proof document that came with the answers."""

    id: str
    code: str
    title: str
    issuer: str = ""
    issued_on: dt.date | None = None


def site_from_answers(
    form: Form,
    answers: Answers,
    *,
    site_id: str,
    kind: str,
    years: Sequence[int],
    documents: Sequence[FiledDocument] = (),
) -> Site:
    """Return the site that the answers tell of.

    A kind of water that the form requires and nobody has answered stays in the graph without a volume, so that
    what rests on it cannot be told. Raises `SiteFileInvalid` with every mistake.
    """
    applicant, park = answers.get("applicant", {}), answers.get("park", {})
    raw: dict[str, Any] = {
        "id": site_id,
        "name": applicant.get("name") or site_id,
        "kind": kind,
        "industry": applicant.get("industry") or None,
        "industry_class": applicant.get("industry_class") or None,
        "credit_code": applicant.get("credit_code") or None,
        "city": applicant.get("city", ""),
        "address": applicant.get("address", ""),
        "park_level": park.get("level") or None,
        "periods": [_period(answers, year) for year in years],
        "units": [{"id": WHOLE, "name": "全厂", "level": 1}],
        "streams": _streams(form, answers.get(LEDGER, {}), years),
        "products": _products(answers.get("production", {}), years),
        "quotas": [_told(row) for row in answers.get("production", {}).get("quotas", [])],
        "permits": _permits(answers.get("base", {}), documents),
        "declarations": _declarations(answers, kind, documents),
        "documents": [_document(row) for row in documents],
        "declared": list(_declared(answers.get("indicators", {}), years)),
    }
    return site_of({key: value for key, value in raw.items() if value is not None}, file="申报书")


def _period(answers: Answers, year: int) -> dict[str, Any]:
    base, production = answers.get("base", {}), answers.get("production", {})
    centre = answers.get("data_centre", {})
    figures = {
        "plan_m3": base.get("plan_m3"),
        "plan_actual_m3": base.get("actual_m3"),
        "value_added_wan_yuan": production.get("value_added_wan_yuan"),
        "output_value_wan_yuan": production.get("output_value_wan_yuan"),
        "it_energy_kwh": centre.get("it_energy_kwh"),
        "total_energy_kwh": centre.get("total_energy_kwh"),
    }
    told = {key: _of_year(value, year) for key, value in figures.items()}
    days = {"id": str(year), "start": f"{year}-01-01", "end": f"{year}-12-31"}
    return {**days, **{key: value for key, value in told.items() if value is not None}}


def _streams(form: Form, ledger: Mapping[str, Any], years: Sequence[int]) -> list[dict[str, Any]]:
    section = form.section(LEDGER)
    fields = [] if section is None else [field for field in section.fields if field.water]
    return [
        _stream(WaterKind(field.water), field.title, ledger.get(field.id, {}), years)
        for field in fields
        if field.required or _volumes(ledger.get(field.id, {}), years)
    ]


def _stream(kind: WaterKind, title: str, answer: Any, years: Sequence[int]) -> dict[str, Any]:
    route = KINDS[kind].route
    return {
        "id": kind.value,
        "name": title,
        "from": OUTSIDE if route is Route.INTO_SITE else WHOLE,
        "to": OUTSIDE if route is Route.OUT_OF_SITE else WHOLE,
        "kind": kind.value,
        "volume_m3": _volumes(answer, years),
    }


def _volumes(answer: Any, years: Sequence[int]) -> dict[str, Any]:
    told = {str(year): _of_year(answer, year) for year in years}
    return {year: volume for year, volume in told.items() if volume is not None}


def _products(production: Mapping[str, Any], years: Sequence[int]) -> list[dict[str, Any]]:
    rows = [row for row in production.get("products", []) if row.get("name") and row.get("unit")]
    return [
        {
            "id": f"P{number}",
            "name": row["name"],
            "unit": row["unit"],
            "quota_key": row.get("quota_key") or None,
            "output": _volumes(row.get("output"), years),
            "withdrawal_m3": _volumes(row.get("withdrawal_m3"), years),
        }
        for number, row in enumerate(rows, start=1)
    ]


def _permits(base: Mapping[str, Any], documents: Sequence[FiledDocument]) -> list[dict[str, Any]]:
    proof = next((row.id for row in documents if row.code == _PERMIT_PROOF), None)
    return [{**_told(row), "document": proof} for row in base.get("permits", []) if row.get("number")]


def _declarations(answers: Answers, kind: str, documents: Sequence[FiledDocument]) -> list[dict[str, Any]]:
    base = answers.get("base", {})
    told = {key: base.get(key) for key in _PROOF}
    if kind == "park":
        told["park_management"] = answers.get("park", {}).get("has_management")
        del told["legal_entity"]
    return [
        {
            "statement": statement,
            "holds": holds,
            "documents": [row.id for row in documents if row.code == _PROOF[statement]],
            "checked_on": base.get("query_date") or None if statement == "not_listed" else None,
        }
        for statement, holds in told.items()
        if isinstance(holds, bool)
    ]


def _document(row: FiledDocument) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "title": row.title,
        "issuer": row.issuer,
        "issued_on": row.issued_on,
    }


def _declared(indicators: Mapping[str, Any], years: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {
            "indicator": key,
            "subject": _PRIMARY_PRODUCT if key == "unit_product_withdrawal" else None,
            "period": year,
            "value": value,
            "source": "申报书",
        }
        for key, answer in indicators.items()
        for year, value in _volumes(answer, years).items()
    ]


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value not in (None, "")}


def _of_year(answer: Any, year: int) -> Any:
    return number_in(answer.get(str(year))) if isinstance(answer, Mapping) else None
