"""The recommendation table as a document: its header and rows by the fields of the form, for preview and files."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery, TextField
from django.db.models.fields.json import KT

from xunshui.quantities import plain, show_beside
from xunshui.register import Field, Form, bodies, recommendation_form
from xunshui.web.programme.case_rows import sign_of
from xunshui.web.programme.models import Application, Endorsement, Recommendation, Submission
from xunshui.web.programme.recommend import listed

CASES = "cases"
"""The section of the form whose fields are the table's columns; all others are its head."""
_DONE = {True: "已核查", False: "未核查"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDocument:
    """A table as it prints: the form that orders it, its header, its rows, its totals."""

    form: Form
    header: dict[str, str]
    rows: tuple[dict[str, str], ...]
    totals: tuple[tuple[str, int], ...]

    @property
    def header_lines(self) -> list[tuple[str, str]]:
        """Return the header's titles with their words."""
        head = [section for section in self.form.sections if section.id != CASES]
        return [(field.title, self.header.get(field.id, "")) for section in head for field in section.fields]

    @property
    def heads(self) -> list[str]:
        """Return the titles of the columns."""
        return [field.title for field in self._columns]

    @property
    def cells(self) -> list[list[str]]:
        """Return the rows in the order of the columns."""
        return [[row.get(field.id, "") for field in self._columns] for row in self.rows]

    @property
    def _columns(self) -> tuple[Field, ...]:
        section = self.form.section(CASES)
        return () if section is None else section.fields


def document_of(table: Recommendation) -> TableDocument:
    """Return the document of a table as it stands now."""
    rows = [_cells(row) for row in with_findings(listed(table))]
    return TableDocument(
        form=recommendation_form(table.round.notice),
        header=_header(table),
        rows=tuple(rows),
        totals=tuple(Counter(row["direction"] for row in rows).items()),
    )


def with_findings(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Return the rows with what their last version tells (gates, place, industry) and who spoke for them."""
    last = Submission.objects.filter(application=OuterRef("pk")).order_by("-no")
    return rows.annotate(
        gates=Subquery(
            last.annotate(told=KT("assessment__gates")).values("told")[:1], output_field=TextField()
        ),
        told_city=Subquery(last.annotate(told=KT("answers__applicant__city")).values("told")[:1]),
        told_industry=Subquery(last.annotate(told=KT("answers__applicant__industry")).values("told")[:1]),
        endorsed=Exists(Endorsement.objects.filter(application=OuterRef("pk"))),
    )


def body_title(code: str) -> str:
    """Return the name of a recommending body with its department."""
    body = next((row for row in bodies() if row.code == code), None)
    return f"{body.name}{body.department}" if body else code


def _header(table: Recommendation) -> dict[str, str]:
    return {
        "body": body_title(table.body),
        "round": f"{table.round.year} 年",
        "contact": table.contact,
        "phone": table.phone,
        "opinion": table.opinion,
        "date": f"{table.submitted_at:%Y-%m-%d}" if table.submitted_at else "",
    }


def _cells(row: Application) -> dict[str, str]:
    found = vars(row)  # what the query annotated
    return {
        "rank": str(row.rank),
        "number": row.number,
        "applicant": row.applicant.name,
        "kind": row.get_kind_display(),
        "industry": row.industry or found["told_industry"] or "",
        "city": row.city or found["told_city"] or "",
        "case_name": row.case_name,
        "direction": row.get_direction_display(),
        "indicator": _met_gates(found["gates"]),
        "association": "是" if found["endorsed"] else "",
        "fast_track": "是" if row.fast_track else "",
        "truth": _DONE[row.truth_checked_at is not None],
        "conformity": _DONE[row.indicators_checked_at is not None],
        "on_site": f"{row.on_site_on:%Y-%m-%d}" if row.on_site_on else "未现场核查",
        "opinion": row.opinion,
    }


def _met_gates(told: str | None) -> str:
    gates: list[dict[str, Any]] = json.loads(told) if told else []
    return "；".join(_gate(row) for row in gates if row["outcome"] == "met")


def _gate(row: dict[str, Any]) -> str:
    if row["exact"] is None or row["threshold"] is None:
        return str(row["title"])
    limit = Fraction(str(row["threshold"]))
    value = show_beside(Fraction(row["exact"]), limit)
    return f"{row['title']} {value} {row['unit']}（{sign_of(row['operator'])} {plain(limit)}）"
