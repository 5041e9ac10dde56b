"""Differences of two JSON values: each named by its path, and none made up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.evidence import MISSING, differences

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz", min_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_a_value_does_not_differ_from_itself(value: Any) -> None:
    assert list(differences(value, value)) == []


@given(VALUES, VALUES)
def test_sides_are_told_apart_and_trade_places(one: Any, other: Any) -> None:
    forth = {(row.path, repr(row.packed), repr(row.recomputed)) for row in differences(one, other)}
    back = {(row.path, repr(row.recomputed), repr(row.packed)) for row in differences(other, one)}

    assert forth == back
    assert bool(forth) == (repr(one) != repr(other) and not _equal(one, other))


def _equal(one: Any, other: Any) -> bool:
    # Python holds 1 and true equal and JSON does not; keys may stand in any order.
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    return type(one) is type(other) and bool(one == other)


@pytest.mark.parametrize(
    ("packed", "recomputed", "found"),
    [
        pytest.param({"a": 1}, {"a": True}, [("a", 1, True)], id="one_is_not_true"),
        pytest.param({"a": 1}, {"a": 1.0}, [], id="one_is_1.0"),
        pytest.param({"a": None}, {}, [("a", None, MISSING)], id="null_is_not_nothing"),
        pytest.param([1, 2, 3], [1, 3], [("[1]", 2, 3), ("[2]", 3, MISSING)], id="shorter_list"),
        pytest.param({"g": [{"v": 97}]}, {"g": [{"v": 98}]}, [("g[0].v", 97, 98)], id="deep"),
        pytest.param({"g": []}, {"g": {}}, [("g", [], {})], id="list_is_no_object"),
        pytest.param(1, 2, [("文件", 1, 2)], id="at_the_top"),
    ],
)
def test_difference_is_named(packed: Any, recomputed: Any, found: list[tuple[str, Any, Any]]) -> None:
    assert [(row.path, row.packed, row.recomputed) for row in differences(packed, recomputed)] == found
