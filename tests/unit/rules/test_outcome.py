"""How outcomes combine: every pair written out, and the laws that hold for any number of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.rules import OUTCOME_TITLES, Outcome, all_of, any_of

MET, NOT_MET, NA, UNKNOWN = (
    Outcome.MET,
    Outcome.NOT_MET,
    Outcome.NOT_APPLICABLE,
    Outcome.CANNOT_TELL,
)
OUTCOMES = st.lists(st.sampled_from(list(Outcome)), max_size=6)
# first, second, all of them, any of them
TABLE = [
    (MET, MET, MET, MET),
    (MET, NOT_MET, NOT_MET, MET),
    (MET, NA, MET, MET),
    (MET, UNKNOWN, UNKNOWN, MET),
    (NOT_MET, NOT_MET, NOT_MET, NOT_MET),
    (NOT_MET, NA, NOT_MET, NOT_MET),
    (NOT_MET, UNKNOWN, NOT_MET, UNKNOWN),
    (NA, NA, NA, NA),
    (NA, UNKNOWN, UNKNOWN, UNKNOWN),
    (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
]
IDS = [f"{first}-{second}" for first, second, _, _ in TABLE]
_BETTER = {NOT_MET: UNKNOWN, UNKNOWN: MET}
_RANK = {NOT_MET: 0, UNKNOWN: 1, MET: 2}


@pytest.mark.parametrize(("first", "second", "every", "one"), TABLE, ids=IDS)
def test_outcomes_combine_as_the_table_says(
    first: Outcome, second: Outcome, every: Outcome, one: Outcome
) -> None:
    assert (all_of([first, second]), any_of([first, second])) == (every, one)
    assert (all_of([second, first]), any_of([second, first])) == (every, one)


def test_table_holds_every_pair() -> None:
    pairs = {frozenset((first, second)) for first, second, _, _ in TABLE}

    assert pairs == {frozenset((first, second)) for first in Outcome for second in Outcome}


def test_nothing_to_combine_does_not_apply() -> None:
    assert (all_of([]), any_of([])) == (NA, NA)


def test_every_outcome_has_a_title() -> None:
    assert OUTCOME_TITLES.keys() == set(Outcome)


@given(OUTCOMES.flatmap(lambda outcomes: st.tuples(st.just(outcomes), st.permutations(outcomes))))
def test_order_does_not_matter(both: tuple[list[Outcome], list[Outcome]]) -> None:
    outcomes, turned = both

    assert (all_of(turned), any_of(turned)) == (all_of(outcomes), any_of(outcomes))


@given(OUTCOMES, OUTCOMES)
def test_grouping_does_not_matter(left: list[Outcome], right: list[Outcome]) -> None:
    assert all_of([all_of(left), all_of(right)]) == all_of(left + right)
    assert any_of([any_of(left), any_of(right)]) == any_of(left + right)


@given(OUTCOMES)
def test_what_does_not_apply_is_left_aside(outcomes: list[Outcome]) -> None:
    assert all_of([*outcomes, NA]) == all_of(outcomes)
    assert any_of([*outcomes, NA]) == any_of(outcomes)


@given(st.lists(st.sampled_from([MET, NOT_MET, UNKNOWN]), min_size=1, max_size=6), st.integers(min_value=0))
def test_improving_one_outcome_never_worsens_the_whole(outcomes: list[Outcome], place: int) -> None:
    at = place % len(outcomes)
    better = [*outcomes[:at], _BETTER.get(outcomes[at], MET), *outcomes[at + 1 :]]

    assert _RANK[all_of(better)] >= _RANK[all_of(outcomes)]
    assert _RANK[any_of(better)] >= _RANK[any_of(outcomes)]


@given(st.lists(st.sampled_from([MET, NOT_MET, UNKNOWN]), min_size=1, max_size=6))
def test_one_of_them_is_never_harder_than_all_of_them(outcomes: list[Outcome]) -> None:
    assert _RANK[any_of(outcomes)] >= _RANK[all_of(outcomes)]
