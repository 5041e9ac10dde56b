"""What reconciliation says beside an assessment, in the assessment's JSON form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict  # pydantic reads typing.TypedDict from Python 3.12 on

from xunshui.assess.compliance import Compliance

if TYPE_CHECKING:  # slow import
    from xunshui.assess.certainty import Reconciled, Uncertain


class EstimateForm(TypedDict, total=False):
    """An indicator at the reconciled flows with its standard uncertainty; `not_reconciled` says why there is none."""

    reconciled: float | None
    u: float | None
    not_reconciled: str


class ComplianceForm(TypedDict, total=False):
    """A judged figure at the reconciled flows, and the probability that it satisfies its threshold.

    `conflict`: it lies on the other side of the threshold than the ledger's; the outcome follows the ledger.
    `fragile`: the probability lies between 5 and 95 %. All are absent where nothing can be told.
    """

    reconciled: float
    u: float
    probability: float
    conflict: bool
    fragile: bool


class BasisForm(TypedDict):
    """On what uncertainties rest, and for how many streams."""

    why: str
    streams: int


class ReconciledForm(TypedDict):
    """A period's water balanced as a whole: the global test, and what it says of the meters."""

    statistic: float
    dof: int
    p: float | None
    text: str
    doubtful: bool
    suspects: list[str]
    uncheckable: list[str]
    helpful: list[str]
    basis: list[BasisForm]


class UncertaintyForm(TypedDict):
    """What reconciliation says of each period, and why not of others."""

    periods: dict[str, ReconciledForm]
    not_reconciled: dict[str, str]


class WithUncertainty(TypedDict, total=False):
    """Where an assessment tells how sure it is."""

    uncertainty: UncertaintyForm


def uncertainty_form(told: Uncertain) -> UncertaintyForm:
    """Return what is said of the periods."""
    return {
        "periods": {period: _period(row) for period, row in told.periods.items()},
        "not_reconciled": dict(told.why_not),
    }


def _period(told: Reconciled) -> ReconciledForm:
    from xunshui.assess.certainty_words import standing_words  # slow import
    from xunshui.balance.words import helpful_words, suspect_words  # slow import

    test, readings = told.balanced.test, {flow.id: flow.reading for flow in told.balanced.flows}
    return {
        "statistic": test.statistic,
        "dof": test.dof,
        "p": test.p,
        "text": standing_words(told),
        "doubtful": told.doubtful,
        "suspects": [
            suspect_words(each, "m³", readings.get(each.candidate.errors[0].at))
            for each in told.balanced.found.suspects
        ],
        "uncheckable": list(told.balanced.uncheckable),
        "helpful": [helpful_words(each) for each in told.balanced.helpful],
        "basis": [{"why": why, "streams": count} for why, count in told.basis],
    }


def estimate_form(told: Uncertain | None, period: str, indicator: str) -> EstimateForm:
    """Return what stands beside an indicator; nothing where reconciliation was not asked for."""
    if told is None:
        return {}
    row = told.periods.get(period)
    if row is None or indicator not in row.indicators:
        why = told.why_not.get(period, "") if row is None else row.missing.get(indicator, "")
        return {"reconciled": None, "u": None, "not_reconciled": why}
    estimate = row.indicators[indicator]
    return {"reconciled": float(estimate.value), "u": estimate.u}


def compliance_form(told: Compliance | None) -> ComplianceForm:
    """Return what stands beside a judgement."""
    if told is None:
        return {}
    return {
        "reconciled": float(told.value),
        "u": told.u,
        "probability": told.probability,
        "conflict": told.conflict,
        "fragile": told.fragile,
    }
