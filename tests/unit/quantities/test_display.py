"""Figures as people read them: rounded half up, told apart from the threshold beside them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.quantities import plain, rounded, show, show_beside

THIN = "\u2009"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        pytest.param(Fraction(5, 1000), 2, "0.01", id="half_goes_up"),
        pytest.param(Fraction(-5, 1000), 2, "-0.01", id="negative_half_goes_away_from_zero"),
        pytest.param(Fraction(4999, 1_000_000), 2, "0.00", id="below_half_goes_down"),
        pytest.param(Fraction(-1, 1000), 2, "0.00", id="no_negative_zero"),
        pytest.param(Fraction(29, 2), 0, "15", id="whole_numbers"),
        pytest.param(Fraction(10**30) + Fraction(1, 3), 2, f"1{'0' * 30}.33", id="no_digit_cut"),
        pytest.param(Decimal("2.675"), 2, "2.68", id="decimals_have_no_binary_tail"),
    ],
)
def test_rounded_rounds_half_up_once(value: Fraction | Decimal, places: int, text: str) -> None:
    assert str(rounded(value, places)) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        pytest.param(Fraction(1234567), 0, f"1{THIN}234{THIN}567", id="thousands"),
        pytest.param(Fraction(-1234, 1), 1, f"−1{THIN}234.0", id="true_minus"),
        pytest.param(None, 2, "—", id="missing"),
        pytest.param(Fraction(0), 2, "0.00", id="zero_is_not_missing"),
    ],
)
def test_show_writes_for_the_eye(value: Fraction | None, places: int, text: str) -> None:
    assert show(value, places) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(Fraction("96.9996"), "96.9996", id="just_below"),
        pytest.param(Fraction("97.0001"), "97.0001", id="just_above"),
        pytest.param(Fraction(97), "97.00", id="equal"),
        pytest.param(Fraction("96.98"), "96.98", id="far_enough"),
        pytest.param(97 - Fraction(1, 10**9), "96.999999999", id="nine_places"),
        pytest.param(97 - Fraction(1, 10**20), "97.000000000000", id="twelve_places_at_most"),
    ],
)
def test_show_beside_tells_a_value_from_its_threshold(value: Fraction, text: str) -> None:
    assert show_beside(value, Fraction(97)) == text


@given(st.decimals(min_value=0, max_value=200, places=10))
def test_show_beside_never_prints_the_threshold_for_another_value(value: Decimal) -> None:
    shown = show_beside(Fraction(value), Fraction(97))

    assert (Fraction(shown) == 97) == (value == 97)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(Fraction(100), "100", id="whole_keeps_its_zeros"),
        pytest.param(Fraction(0), "0", id="zero"),
        pytest.param(Decimal("6.70"), "6.7", id="trailing_zero"),
        pytest.param(Fraction(2, 3), "0.666666666667", id="twelve_places"),
        pytest.param(Fraction(10**29), "1" + "0" * 29, id="thirty_digits"),
    ],
)
def test_plain_writes_as_a_form_takes_it(value: Fraction | Decimal, text: str) -> None:
    assert plain(value) == text
