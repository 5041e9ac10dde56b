"""From answers to a site of one unit: its ledger as streams, its statements with the proof that is attached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from xunshui.register import Column, Field, FieldType, Form
from xunshui.site.assemble import site_of
from xunshui.site.claims import Statement
from xunshui.site.columns import accepted_keys
from xunshui.site.filing.meaning import wrong_meaning
from xunshui.site.filing.told import Answers, by_year, day_in, ledger_fields, number_in, rows_of, told
from xunshui.site.kinds import KINDS, OUTSIDE, Route, SiteKind, UnitUse, WaterKind
from xunshui.site.mistakes import Loc
from xunshui.site.model import Site

WHOLE = "ALL"
"""The one unit of a site that an application tells of."""
PERIOD_FIGURES = {
    "plan_m3": "plan_m3",
    "actual_m3": "plan_actual_m3",
    "value_added_wan_yuan": "value_added_wan_yuan",
    "output_value_wan_yuan": "output_value_wan_yuan",
    "steam_produced_t": "steam_produced_t",
    "it_energy_kwh": "it_energy_kwh",
    "total_energy_kwh": "total_energy_kwh",
}
"""Yearly fields of a form, and the figure of a period that each is."""
STATEMENTS = {
    "legal_entity": Statement.LEGAL_ENTITY,
    "has_management": Statement.PARK_MANAGEMENT,
    "no_over_plan": Statement.NO_OVER_PLAN,
    "no_accident": Statement.NO_ACCIDENT,
    "not_listed": Statement.NOT_LISTED,
}
"""Yes-or-no fields of a form, and the statement that each is."""
FACTS = ("industry", "industry_class", "credit_code", "province", "city", "address")
DECLARED = ("reuse_rate", "unit_product_withdrawal", "water_per_value_added", "wue", "reclaimed_share")
OF_PRODUCT = "unit_product_withdrawal"
COMPLIANT = "discharge_compliant"
_PROOF = {
    Statement.LEGAL_ENTITY: "P01",
    Statement.PARK_MANAGEMENT: "P01",
    Statement.NO_OVER_PLAN: "P03",
    Statement.NO_ACCIDENT: "P09",
    Statement.NOT_LISTED: "P08",
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
    flat = told(form, answers, kind)
    raw: dict[str, Any] = {
        "id": site_id,
        "name": flat.get("name") or site_id,
        "kind": kind,
        "park_level": flat.get("level"),
        **{name: flat.get(name) for name in FACTS if wrong_meaning(name, flat.get(name)) is None},
        "periods": [_period(flat, year) for year in years],
        "units": [{"id": WHOLE, "name": "全厂", "level": 1, "use": UnitUse.OTHER}],
        "streams": list(_streams(form, flat, kind, years)),
        "products": _products(form, flat, years),
        "quotas": _rows(form, flat, "quotas", years),
        "permits": _permits(form, flat, years, documents),
        "declarations": _declarations(flat, kind, documents),
        "documents": [_document(row) for row in documents],
        "declared": list(_declared(flat, years)),
    }
    whole = {key: value for key, value in raw.items() if value is not None}
    return site_of(whole, file="申报书", locate=partial(_place, form, whole))


def _place(form: Form, raw: Mapping[str, Any], loc: Loc) -> str:
    """Return where a value of the site stands in the form, by the titles that people see."""
    titles = {field.id: field.title for section in form.sections for field in section.fields}
    match loc:
        case ("streams", int(row), _, *year):
            return " ".join([raw["streams"][row]["name"], *map(str, year)])
        case (str(table), int(row), *rest):
            column = f"·{rest[0]}" if rest else ""
            return f"{titles.get(table, table)} 第 {row + 1} 行{column}"
        case (str(name), *_):
            return titles.get(name, name)
    return form.title


def _period(flat: Mapping[str, Any], year: int) -> dict[str, Any]:
    figures = {name: by_year(flat.get(field), [year]) for field, name in PERIOD_FIGURES.items()}
    days = {"id": str(year), "start": f"{year}-01-01", "end": f"{year}-12-31"}
    return {**days, **{name: told[str(year)] for name, told in figures.items() if told}}


def _streams(
    form: Form, flat: Mapping[str, Any], kind: str, years: Sequence[int]
) -> Iterator[dict[str, Any]]:
    for field, water in ledger_fields(form, kind):
        volumes = by_year(flat.get(field.id), years)
        if field.required or volumes:
            compliant = by_year(flat.get(COMPLIANT), years) if water is WaterKind.DISCHARGE else {}
            yield {**_stream(field, water), "volume_m3": volumes, "compliant_m3": compliant}


def _stream(field: Field, water: WaterKind) -> dict[str, Any]:
    route = KINDS[water].route
    return {
        "id": field.id,
        "name": field.title,
        "from": OUTSIDE if route is Route.INTO_SITE else WHOLE,
        "to": OUTSIDE if route is Route.OUT_OF_SITE else WHOLE,
        "kind": water.value,
        "production": field.production,
    }


def _rows(form: Form, flat: Mapping[str, Any], table: str, years: Sequence[int]) -> list[dict[str, Any]]:
    """Return the rows of a table with the columns that the site knows, what cannot be read left out."""
    columns = [
        column
        for section in form.sections
        for field in section.fields
        if field.id == table
        for column in field.columns
        if column.id in accepted_keys(Site, table)
    ]
    rows = [
        {column.id: _cell(column, row.get(column.id), years) for column in columns}
        for row in rows_of(flat.get(table))
    ]
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def _cell(column: Column, value: Any, years: Sequence[int]) -> Any:
    if column.per_year:
        return by_year(value, years)
    if column.type in (FieldType.DECIMAL, FieldType.INTEGER):
        return number_in(value)
    return day_in(value) if column.type is FieldType.DATE else value


def _products(form: Form, flat: Mapping[str, Any], years: Sequence[int]) -> list[dict[str, Any]]:
    rows = [row for row in _rows(form, flat, "products", years) if "name" in row and "unit" in row]
    return [{"id": f"P{number}", **row} for number, row in enumerate(rows, start=1)]


def _permits(
    form: Form, flat: Mapping[str, Any], years: Sequence[int], documents: Sequence[FiledDocument]
) -> list[dict[str, Any]]:
    proof = next((row.id for row in documents if row.code == _PERMIT_PROOF), None)
    return [{**row, "document": proof} for row in _rows(form, flat, "permits", years) if "number" in row]


def _declarations(
    flat: Mapping[str, Any], kind: str, documents: Sequence[FiledDocument]
) -> list[dict[str, Any]]:
    # A park is no legal person of its own; its management body stands for it.
    other = Statement.LEGAL_ENTITY if kind == SiteKind.PARK else Statement.PARK_MANAGEMENT
    return [
        {
            "statement": statement,
            "holds": flat[field],
            "documents": [row.id for row in documents if row.code == _PROOF[statement]],
            "checked_on": day_in(flat.get("query_date")) if statement is Statement.NOT_LISTED else None,
        }
        for field, statement in STATEMENTS.items()
        if isinstance(flat.get(field), bool) and statement is not other
    ]


def _document(row: FiledDocument) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "title": row.title,
        "issuer": row.issuer,
        "issued_on": row.issued_on,
    }


def _declared(flat: Mapping[str, Any], years: Sequence[int]) -> Iterator[dict[str, Any]]:
    product = _PRIMARY_PRODUCT if rows_of(flat.get("products")) else None
    for key in DECLARED:
        for year, value in by_year(flat.get(key), years).items():
            yield {
                "indicator": key,
                "subject": product if key == OF_PRODUCT else None,
                "period": year,
                "value": value,
                "source": "申报书",
            }
