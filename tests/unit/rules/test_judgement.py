"""Comparing a value with a threshold: exact, and with a margin that is positive on the good side."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.register import Operator
from xunshui.rules.judgement import compare, margin

LIMIT = Fraction(97)
HAIR = Fraction(1, 10**40)


@pytest.mark.parametrize(
    ("operator", "below", "equal", "above"),
    [
        pytest.param(Operator.GREATER, False, False, True, id="greater"),
        pytest.param(Operator.AT_LEAST, False, True, True, id="at_least"),
        pytest.param(Operator.LESS, True, False, False, id="less"),
        pytest.param(Operator.AT_MOST, True, True, False, id="at_most"),
    ],
)
def test_compare_is_exact_to_a_hair(operator: Operator, below: bool, equal: bool, above: bool) -> None:
    held = [compare(LIMIT + step, operator, LIMIT) for step in (-HAIR, Fraction(0), HAIR)]

    assert held == [below, equal, above]


@given(st.sampled_from(list(Operator)), st.fractions(), st.fractions())
def test_margin_has_the_sign_of_the_outcome(operator: Operator, value: Fraction, threshold: Fraction) -> None:
    left = margin(value, operator, threshold)

    assert compare(value, operator, threshold) == (left > 0 or (left == 0 and "=" in operator))
