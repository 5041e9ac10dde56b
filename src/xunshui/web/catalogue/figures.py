"""Verified figures as the public reads them, from the assessment that a submission keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from xunshui.documents.typeset import amount
from xunshui.indicators import BY_KEY
from xunshui.quantities import plain, show, show_beside

OPERATOR_SIGNS = {">": ">", ">=": "≥", "<": "<", "<=": "≤"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One judged number: its value for the eye and exactly, and what it was compared with."""

    gate: str
    indicator: str
    title: str
    outcome: str
    value: str
    exact: str
    unit: str
    operator: str
    threshold: str
    period: str

    @property
    def value_text(self) -> str:
        """Return the value with its unit."""
        return amount(self.value, self.unit)

    @property
    def required_text(self) -> str:
        """Return what was required, as `> 97 %`."""
        return amount(f"{self.operator} {self.threshold}", self.unit) if self.threshold else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A stream that a term sums, and the meters that carry it."""

    id: str
    name: str
    volume: str
    meters: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermShown:
    """A quantity of a formula, opened down to its streams."""

    symbol: str
    title: str
    value: str
    unit: str
    streams: tuple[Carried, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateShown:
    """A gate with all that its number rests on."""

    id: str
    title: str
    clause: str
    outcome: str
    reason: str
    figure: Figure | None
    formula: str
    grade: str
    marks: tuple[str, ...]
    terms: tuple[TermShown, ...]
    years: tuple[Figure, ...]


def leading_figure(assessment: Mapping[str, Any] | None) -> Figure | None:
    """Return the case's one verified figure: that of the first gate that is met, None where none is."""
    gates = (assessment or {}).get("gates") or []
    met = (gate for gate in gates if gate["outcome"] == "met" and gate["exact"] is not None)
    return next((figure_of(gate) for gate in met), None)


def gates_of(assessment: Mapping[str, Any] | None, site: Mapping[str, Any] | None) -> tuple[GateShown, ...]:
    """Return every gate of an assessment with its formula, terms, streams and years."""
    if not assessment:
        return ()
    streams = dict(_streams(site or {}))
    return tuple(_gate(gate, assessment, streams) for gate in assessment["gates"])


def figure_of(judgement: Mapping[str, Any]) -> Figure:
    """Return the number of a judgement, rounded so that it stays apart from its threshold."""
    key = str(judgement["indicator"]).split(".")[0]
    definition = BY_KEY.get(key)
    threshold = judgement["threshold"]
    limit = None if threshold is None else Fraction(str(threshold))
    return Figure(
        gate=judgement["id"].split("/")[0],
        indicator=judgement["indicator"],
        title=definition.title if definition else judgement["title"],
        outcome=judgement["outcome"],
        value=_rounded(judgement["exact"], limit, definition.places if definition else 2),
        exact=judgement["exact"] or "",
        unit=judgement["unit"],
        operator=OPERATOR_SIGNS.get(judgement["operator"] or "", ""),
        threshold="" if limit is None else plain(limit),
        period=judgement["period"] or judgement["title"],
    )


def _rounded(exact: str | None, limit: Fraction | None, places: int) -> str:
    if exact is None:
        return "—"
    value = Fraction(exact)
    return show(value, places) if limit is None else show_beside(value, limit, places)


def _gate(
    gate: Mapping[str, Any], assessment: Mapping[str, Any], streams: Mapping[str, Mapping[str, Any]]
) -> GateShown:
    told = assessment["indicators"].get(gate["indicator"]) or {}
    return GateShown(
        id=gate["id"],
        title=gate["title"],
        clause=gate["clause"],
        outcome=gate["outcome"],
        reason=gate["reason"],
        figure=figure_of(gate) if gate["exact"] is not None else None,
        formula=told.get("formula", ""),
        grade=gate["grade"],
        marks=tuple(dict.fromkeys(mark["text"] for mark in gate["marks"])),
        terms=tuple(_term(term, streams, assessment["period"]) for term in told.get("terms", ())),
        years=tuple(figure_of(year) for year in gate["children"] if year["exact"] is not None),
    )


def _term(term: Mapping[str, Any], streams: Mapping[str, Mapping[str, Any]], period: str) -> TermShown:
    value = term["value"]
    return TermShown(
        symbol=term["symbol"],
        title=term["title"],
        value="缺数据" if value is None else show(Fraction(str(value)), 2),
        unit=term["unit"],
        streams=tuple(_carried(stream, streams.get(stream, {}), period) for stream in term["streams"]),
    )


def _carried(stream_id: str, stream: Mapping[str, Any], period: str) -> Carried:
    volume = (stream.get("volume_m3") or {}).get(period)
    return Carried(
        id=stream_id,
        name=stream.get("name") or stream_id,
        volume="—" if volume is None else show(Fraction(str(volume)), 2),
        meters="、".join(stream.get("meters") or ()) or "估算",
    )


def _streams(site: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for stream in site.get("streams", ()):
        yield stream["id"], stream
    for member in site.get("members", ()):
        for stream in member.get("streams", ()):
            yield f"{member['id']}/{stream['id']}", stream
