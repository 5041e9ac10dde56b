"""The catalogue as data: CSV for a spreadsheet, JSON for a program. Ids are case numbers and never change."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from xunshui.review.deadline import BEIJING
from xunshui.web.catalogue.shelf import FACTS, Card, Shelf, Stone

FORMAT = "xunshui-catalogue/1"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "number",
    "year",
    "case_name",
    "applicant",
    "kind",
    "direction",
    "direction_title",
    "industry",
    "industry_class",
    "body",
    "province",
    "city",
    "published_on",
    "indicator",
    "value",
    "exact",
    "unit",
    "operator",
    "threshold",
    *FACTS,
    "url",
)


def case_as_data(card: Card, host: str) -> dict[str, Any]:
    """Return a case as plain data; days as ISO dates, exact values as fractions, what is unknown as None."""
    figure = card.figure
    return {
        "number": card.number,
        "year": card.year,
        "case_name": card.case_name,
        "applicant": card.applicant,
        "kind": card.kind,
        "direction": card.direction,
        "direction_title": card.direction_title,
        "industry": card.industry or None,
        "industry_class": card.industry_class,
        "body": card.body,
        "province": card.province,
        "city": card.city or None,
        "published_on": card.published_at.astimezone(BEIJING).date().isoformat(),
        "indicator": figure.indicator if figure else None,
        "value": figure.value if figure else None,
        "exact": figure.exact if figure else None,
        "unit": figure.unit if figure else None,
        "operator": figure.operator if figure else None,
        "threshold": figure.threshold if figure else None,
        **{fact: str(card.facts[fact]) if fact in card.facts else None for fact in FACTS},
        "url": f"{host}{card.url}",
    }


def stone_as_data(stone: Stone, host: str) -> dict[str, Any]:
    """Return a case that was taken off as plain data."""
    return {
        "number": stone.number,
        "year": stone.year,
        "delisted_on": stone.delisted_at.astimezone(BEIJING).date().isoformat(),
        "reason": stone.reason,
        "url": f"{host}{stone.url}",
    }


def cases_csv(cards: Sequence[Card], host: str) -> bytes:
    """Return the cases as CSV with a byte order mark, which Excel needs to read Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for card in cards:
        row = case_as_data(card, host)
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def cases_json(shelf: Shelf, host: str) -> bytes:
    """Return the whole catalogue as JSON, the cases taken off apart."""
    content = {
        "format": FORMAT,
        "changed_at": shelf.changed_at.astimezone(BEIJING).isoformat() if shelf.changed_at else None,
        "cases": [case_as_data(card, host) for card in shelf.cards],
        "delisted": [stone_as_data(stone, host) for stone in shelf.stones],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8")


def _cell(value: Any) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
