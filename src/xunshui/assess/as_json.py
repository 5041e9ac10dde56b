"""The assessment as JSON: the shape that `xunshui assess --json` prints and `xunshui schema assessment` describes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from typing_extensions import TypedDict  # pydantic reads typing.TypedDict from Python 3.12 on

from xunshui.assess.assessment import Assessment
from xunshui.assess.certainty_json import (
    ComplianceForm,
    EstimateForm,
    WithUncertainty,
    compliance_form,
    estimate_form,
    uncertainty_form,
)
from xunshui.assess.problem import Problem
from xunshui.indicators import BY_KEY, Term, Value
from xunshui.rules import Distance, Judgement

if TYPE_CHECKING:  # slow import
    from xunshui.assess.certainty import Uncertain

FORMAT = "xunshui-assessment/1"
OutcomeText = Literal["met", "not_met", "not_applicable", "cannot_tell"]


class SiteForm(TypedDict):
    """Which site was assessed."""

    id: str
    name: str
    kind: str
    industry: str | None


class TermForm(TypedDict):
    """One quantity of a formula; `streams` are those it sums."""

    symbol: str
    title: str
    value: float | None
    unit: str
    streams: list[str]
    missing: list[str]


class IndicatorForm(EstimateForm):
    """An indicator; `exact` is the value as a fraction, `reason` says why there is none."""

    value: float | None
    unit: str
    exact: str | None
    title: str
    formula: str
    grade: str
    reason: str
    terms: list[TermForm]


class MarkForm(TypedDict):
    """What a reader must see beside an outcome."""

    code: str
    text: str


class DistanceForm(TypedDict):
    """How far a gate is away, as water."""

    volume_m3: float
    flow_m3_per_h: float
    text: str


class JudgementForm(ComplianceForm):
    """A gate, a condition or one of their parts."""

    id: str
    title: str
    outcome: OutcomeText
    reason: str
    period: str
    indicator: str
    value: float | None
    exact: str | None
    unit: str
    operator: str | None
    threshold: float | None
    margin: float | None
    clause: str
    source: str
    grade: str
    marks: list[MarkForm]
    evidence: list[str]
    distance: DistanceForm | None
    children: list[JudgementForm]


class ProblemForm(TypedDict):
    """What does not add up, and the remedy."""

    code: str
    severity: Literal["warning", "note"]
    where: str
    period: str
    text: str
    remedy: str


class RulesForm(TypedDict):
    """By which rows and readings the verdict was made."""

    notice: str
    version: str
    readings: dict[str, str]
    departures: list[str]


class AssessmentForm(WithUncertainty):
    """What `xunshui assess --json` prints."""

    format: str
    site: SiteForm
    period: str
    rules: RulesForm
    indicators: dict[str, IndicatorForm]
    other_periods: dict[str, dict[str, IndicatorForm]]
    gates: list[JudgementForm]
    conditions: list[JudgementForm]
    any_gate: OutcomeText
    eligible: OutcomeText
    problems: list[ProblemForm]


def as_json(assessment: Assessment, told: Uncertain | None = None) -> AssessmentForm:
    """Return the assessment in its JSON form; every number also as an exact fraction where it is compared.

    `told` adds how sure the figures are.
    """
    site, verdict = assessment.site, assessment.verdict
    form: AssessmentForm = {
        "format": FORMAT,
        "site": {"id": site.id, "name": site.name, "kind": str(site.kind), "industry": site.industry},
        "period": assessment.period,
        "rules": {
            "notice": verdict.notice,
            "version": verdict.rule_version,
            "readings": dict(verdict.readings),
            "departures": list(verdict.departures),
        },
        "indicators": _indicators(assessment, assessment.period, told),
        "other_periods": {
            period: _indicators(assessment, period, told)
            for period in assessment.values
            if period != assessment.period
        },
        "gates": [_judgement(gate, told, (number,)) for number, gate in enumerate(verdict.gates)],
        "conditions": [_judgement(condition) for condition in verdict.conditions],
        "any_gate": verdict.any_gate.value,
        "eligible": verdict.eligible.value,
        "problems": [_problem(problem) for problem in assessment.problems],
    }
    if told is not None:
        form["uncertainty"] = uncertainty_form(told)
    return form


def assessment_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of the assessment's JSON form."""
    from pydantic import TypeAdapter  # slow import

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **TypeAdapter(AssessmentForm).json_schema(mode="serialization"),
    }


def _indicators(assessment: Assessment, period: str, told: Uncertain | None) -> dict[str, IndicatorForm]:
    found = assessment.values.get(period, {}).items()
    return {key: _indicator(value, estimate_form(told, period, key)) for key, value in found}


def _indicator(value: Value, estimate: EstimateForm) -> IndicatorForm:
    definition = BY_KEY[value.key]
    return {
        "value": _number(value.value),
        "unit": value.unit,
        "exact": _exact(value.value),
        "title": definition.title,
        "formula": definition.formula,
        "grade": definition.grade,
        "reason": value.reason,
        "terms": [_term(term) for term in value.terms],
        **estimate,
    }


def _term(term: Term) -> TermForm:
    return {
        "symbol": term.symbol,
        "title": term.title,
        "value": _number(term.value),
        "unit": term.unit,
        "streams": list(term.streams),
        "missing": list(term.missing),
    }


def _judgement(row: Judgement, told: Uncertain | None = None, path: tuple[int, ...] = ()) -> JudgementForm:
    return {
        "id": row.id,
        "title": row.title,
        "outcome": row.outcome.value,
        "reason": row.reason,
        "period": row.period,
        "indicator": row.indicator,
        "value": _number(row.value),
        "exact": _exact(row.value),
        "unit": row.unit,
        "operator": str(row.operator) if row.operator else None,
        "threshold": _number(row.threshold),
        "margin": _number(row.margin),
        "clause": row.clause,
        "source": row.source,
        "grade": row.grade,
        "marks": [{"code": mark.code, "text": mark.text} for mark in row.marks],
        "evidence": list(row.evidence),
        "distance": _distance(row.distance),
        "children": [_judgement(child, told, (*path, number)) for number, child in enumerate(row.children)],
        **compliance_form(told.of(*path) if told else None),
    }


def _distance(distance: Distance | None) -> DistanceForm | None:
    if distance is None:
        return None
    return {
        "volume_m3": float(distance.volume_m3),
        "flow_m3_per_h": float(distance.flow_m3_per_h),
        "text": distance.text,
    }


def _problem(problem: Problem) -> ProblemForm:
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "where": problem.where,
        "period": problem.period,
        "text": problem.text,
        "remedy": problem.remedy,
    }


def _number(value: Fraction | None) -> float | None:
    if value is None:
        return None
    # What float(value) gives, without its search for what kind of number it is.
    numerator, denominator = value.as_integer_ratio()
    return numerator / denominator


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
