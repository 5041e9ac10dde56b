"""The probability that an uncertain figure satisfies its threshold, and what a reader is warned of."""

from __future__ import annotations

from fractions import Fraction

import pytest

from xunshui.assess.certainty_words import compliance_figure, probability_text
from xunshui.assess.compliance import Compliance, compliance, sure
from xunshui.register import Operator
from xunshui.rules.judgement import margin


def held(
    value: str, u: float, operator: Operator = Operator.GREATER, *, ledger: bool | None = True
) -> Compliance:
    """Return a figure held against 97."""
    exact = Fraction(value)
    return compliance(
        value=exact,
        u=u,
        unit="%",
        operator=operator,
        threshold=Fraction(97),
        margin=margin(exact, operator, Fraction(97)),
        ledger_meets=ledger,
    )


@pytest.mark.parametrize(
    ("value", "operator", "probability"),
    [
        pytest.param("97.3", Operator.GREATER, 0.8413, id="one_u_above_a_lower_bound"),
        pytest.param("97.3", Operator.AT_MOST, 0.1587, id="one_u_above_an_upper_bound"),
        pytest.param("97", Operator.GREATER, 0.5, id="on_the_bound"),
        pytest.param("96.4", Operator.AT_LEAST, 0.0228, id="two_u_below_a_lower_bound"),
        pytest.param("96.4", Operator.LESS, 0.9772, id="two_u_below_an_upper_bound"),
    ],
)
def test_probability_is_the_normal_distribution_on_the_good_side(
    value: str, operator: Operator, probability: float
) -> None:
    assert held(value, 0.3, operator).probability == pytest.approx(probability, abs=5e-5)


def test_figure_without_uncertainty_is_certain_and_equality_follows_the_sign() -> None:
    assert held("97", 0.0, Operator.GREATER).probability == 0.0
    assert held("97", 0.0, Operator.AT_LEAST).probability == 1.0
    assert sure(Fraction(-1), 0.0, met=False) == 0.0


def test_conflict_is_where_the_ledger_stands_on_the_other_side() -> None:
    assert held("97.1", 0.3, ledger=False).conflict
    assert not held("97.1", 0.3, ledger=True).conflict
    assert held("96.9", 0.3, ledger=True).conflict
    assert not held("96.9", 0.3, ledger=None).conflict


@pytest.mark.parametrize(
    ("z", "fragile"), [(-1.7, False), (-1.6, True), (0.0, True), (1.6, True), (1.7, False)]
)
def test_fragile_is_between_5_and_95_percent(z: float, fragile: bool) -> None:
    assert held(str(97 + z), 1.0).fragile is fragile


def test_conflicting_figure_is_never_printed_as_its_threshold() -> None:
    assert compliance_figure(held("96.98", 0.4, ledger=True), 2) == "96.98 % ± 0.4"
    assert compliance_figure(held("96.98", 0.4, ledger=False), 2) == "97.0 % ± 0.4"


def test_probability_is_told_as_certain_only_where_nothing_is_uncertain() -> None:
    assert [probability_text(1.0, u) for u in (0.0, 0.1)] == ["100 %", "> 99.9 %"]
    assert [probability_text(0.0, u) for u in (0.0, 0.1)] == ["0 %", "< 0.1 %"]
