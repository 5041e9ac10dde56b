"""Numbers stay what was written: no binary rounding, no cut digits, nothing unbounded."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.quantities import NotANumber, decimal_of, exact_sum, percent, ratio

WRITTEN = {
    "excel_float": (0.1, "0.1"),
    "whole_float": (97.0, "97.0"),
    "integer": (12, "12"),
    "thousands_by_comma": ("1,234,567.8", "1234567.8"),
    "thousands_by_chinese_comma": ("1，234", "1234"),
    "thousands_by_blank": ("1 234", "1234"),
    "thousands_by_thin_space": ("1\u2009234.5", "1234.5"),
    "surrounded_by_blanks": ("  97 \n", "97"),
    "trailing_zeros_kept": ("98.10", "98.10"),
    "scientific": ("1.5e3", "1.5E+3"),
    "negative": ("-3", "-3"),
    "full_width_digits": ("９７", "97"),
    "sixty_digits": ("1" + "0" * 29 + "." + "0" * 29 + "1", "1" + "0" * 29 + "." + "0" * 29 + "1"),
    "largest_exponent": ("1e30", "1E+30"),
    "smallest_exponent": ("1e-30", "1E-30"),
}
REFUSED = {
    "empty": "",
    "words": "约 97",
    "unit_behind": "97%",
    "two_points": "1.2.3",
    "nothing": None,
    "truth": True,
    "list": [1],
    "not_a_number": float("nan"),
    "infinite": "Infinity",
    "too_large": "1e31",
    "too_small": "1e-31",
    "zero_of_huge_exponent": "0e-999999999",
    "sixty_one_digits": "1" + "0" * 29 + "." + "0" * 30 + "1",
    "endless_text": "1" * 81,
}


@pytest.mark.parametrize(("raw", "text"), WRITTEN.values(), ids=WRITTEN)
def test_decimal_of_keeps_what_was_written(raw: object, text: str) -> None:
    assert str(decimal_of(raw)) == text


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED)
def test_decimal_of_refuses_what_is_no_plain_number(raw: object) -> None:
    with pytest.raises(NotANumber):
        decimal_of(raw)


def test_decimals_add_up_exactly() -> None:
    told = [Fraction(decimal_of(raw)) for raw in (0.1, 0.2)]

    assert sum(told, Fraction(0)) == Fraction(3, 10)


@given(st.lists(st.fractions(max_denominator=1000), max_size=12))
def test_exact_sum_is_the_sum(values: list[Fraction]) -> None:
    assert exact_sum(values) == sum(values, Fraction(0))


def test_exact_sum_of_the_largest_and_the_smallest_loses_nothing() -> None:
    large, small = Fraction(10) ** 30, Fraction(1, 10**30)

    assert exact_sum([large, small, -large]) == small


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_decimal_of_reads_back_its_own_text(number: Decimal) -> None:
    assert decimal_of(str(number)) == number


def test_percent_of_thirds_is_exact() -> None:
    assert percent(Fraction(1), Fraction(3)) == Fraction(100, 3)


def test_shares_of_nothing_say_nothing() -> None:
    assert (ratio(Fraction(1), Fraction(0)), percent(Fraction(1), Fraction(0))) == (None, None)
