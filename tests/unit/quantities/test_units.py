"""Units convert exactly within a dimension and never across."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.quantities import UNITS, UnitMismatch, convert, unit_of


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        pytest.param("57038.2", "万t", "t", "570382000", id="ten_thousand_tonnes"),
        pytest.param("1.4", "m³", "L", "1400", id="litres"),
        pytest.param("3", "亿m³", "万m³", "30000", id="hundred_million"),
        pytest.param("250", "m", "100m", "2.5", id="hundred_metres"),
        pytest.param("1", "万吨", "kg", "10000000", id="spelled_out"),
        pytest.param("2", "万kWh", "MWh", "20", id="energy"),
    ],
)
def test_convert_is_exact(value: str, source: str, target: str, expected: str) -> None:
    assert convert(Fraction(value), source, target) == Fraction(expected)


@pytest.mark.parametrize("symbol", ["m3", "立方米", " m³ "], ids=["m3", "in_words", "with_blanks"])
def test_unit_of_understands_plain_spellings(symbol: str) -> None:
    assert unit_of(symbol).symbol == "m³"


def test_unit_of_names_what_it_knows() -> None:
    with pytest.raises(UnitMismatch, match="不认识的单位“桶”；可用：m³、"):
        unit_of("桶")


def test_convert_refuses_another_dimension() -> None:
    with pytest.raises(UnitMismatch, match="“kL”与“t”不可换算"):
        convert(Fraction(1), "kL", "t")


@given(st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(UNITS)), st.fractions())
def test_convert_there_and_back_changes_nothing(source: str, target: str, value: Fraction) -> None:
    if UNITS[source].dimension == UNITS[target].dimension:
        assert convert(convert(value, source, target), target, source) == value
