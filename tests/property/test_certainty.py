"""Laws of the probability that a figure satisfies its threshold."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from xunshui.assess.compliance import compliance
from xunshui.register import Operator
from xunshui.rules.judgement import margin

FIGURES = st.fractions(min_value=0, max_value=1000, max_denominator=10**6)
UNCERTAINTIES = st.one_of(st.just(0.0), st.floats(min_value=1e-6, max_value=100))


def probability(value: Fraction, u: float, operator: Operator, threshold: Fraction) -> float:
    """Return the probability that the figure satisfies the threshold."""
    return compliance(
        value=value,
        u=u,
        unit="%",
        operator=operator,
        threshold=threshold,
        margin=margin(value, operator, threshold),
        ledger_meets=None,
    ).probability


@given(FIGURES, UNCERTAINTIES, st.sampled_from(Operator), FIGURES, FIGURES)
def test_probability_is_monotone_in_the_threshold(
    value: Fraction, u: float, operator: Operator, one: Fraction, other: Fraction
) -> None:
    low, high = sorted((one, other))
    at_low, at_high = (probability(value, u, operator, threshold) for threshold in (low, high))

    assert at_low >= at_high if operator.upward else at_low <= at_high


@given(FIGURES, UNCERTAINTIES, FIGURES)
def test_two_sides_of_a_threshold_share_all_probability(
    value: Fraction, u: float, threshold: Fraction
) -> None:
    above = probability(value, u, Operator.GREATER, threshold)
    below = probability(value, u, Operator.AT_MOST, threshold)

    assert abs(above + below - 1) < 1e-12
