"""Doing better never looks worse: more reuse, more reclaimed water, less intake keep a gate that is met."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.plants import few, plants
from tests.spec.given import Raw, site_of_given, stream

from xunshui.assess import assess
from xunshui.rules import Outcome

RANK = {Outcome.NOT_MET: 0, Outcome.CANNOT_TELL: 1, Outcome.NOT_APPLICABLE: 1, Outcome.MET: 2}
SHARES = st.integers(min_value=0, max_value=10**6)


def outcomes(plant: Raw, **readings: str) -> list[Outcome]:
    return [gate.outcome for gate in assess(site_of_given(plant), readings=readings).verdict.gates]


def outcome(plant: Raw, gate: int) -> Outcome:
    return outcomes(plant)[gate]


def never_worse(after: Outcome, before: Outcome) -> bool:
    """Return whether `after` is at least as good; what could not be told before may turn out either way."""
    return before is Outcome.CANNOT_TELL or RANK[after] >= RANK[before]


def with_more(plant: Raw, *rows: Raw) -> Raw:
    return {**plant, "streams": [*plant["streams"], *rows]}


@few
@given(plants(), SHARES)
def test_more_reuse_never_loses_the_reuse_gate(plant: Raw, more: int) -> None:
    richer = with_more(plant, stream("more", "U0", "U0", "reuse", more))

    assert never_worse(outcome(richer, 0), outcome(plant, 0))


@few
@given(plants(), SHARES)
def test_more_new_water_never_wins_the_reuse_gate(plant: Raw, more: int) -> None:
    thirstier = with_more(plant, stream("more", "env", "U0", "surface", more))

    before = outcome(plant, 0)
    assert before is Outcome.CANNOT_TELL or RANK[outcome(thirstier, 0)] <= RANK[before]


@few
@given(plants(), SHARES)
def test_more_reclaimed_water_never_loses_the_reclaimed_gate(plant: Raw, more: int) -> None:
    richer = with_more(plant, stream("more", "env", "U0", "municipal_reclaimed", more))

    assert never_worse(outcome(richer, 2), outcome(plant, 2))


@few
@given(st.integers(0, 100_000), st.integers(0, 100_000), st.sampled_from(["park", "data_centre"]))
def test_less_intake_never_loses_the_efficiency_gate(water: int, saved: int, kind: str) -> None:
    figures: Raw = {"kind": kind, "value_added": 1000, "it_energy": 10**7}

    before = outcome({**figures, "surface": water + saved}, 1)
    after = outcome({**figures, "surface": water}, 1)

    assert RANK[after] >= RANK[before]


@few
@given(plants())
def test_every_year_is_never_easier_than_the_last(plant: Raw) -> None:
    last, every = outcomes(plant, deciding_year="last"), outcomes(plant, deciding_year="every")

    assert [RANK[one] <= RANK[other] for one, other in zip(every, last, strict=True)] == [True] * 3


@few
@given(plants(), st.integers(min_value=0, max_value=7))
def test_taking_a_volume_away_never_decides_against_what_was_told(plant: Raw, place: int) -> None:
    rows: list[dict[str, Any]] = plant["streams"]
    at = place % len(rows)
    blank = {**rows[at], "volume_m3": {}}
    untold = {**plant, "streams": [*rows[:at], blank, *rows[at + 1 :]]}

    for less, more in zip(outcomes(untold), outcomes(plant), strict=True):
        assert less in (more, Outcome.CANNOT_TELL)


@pytest.mark.parametrize("gate", [0, 2], ids=["reuse", "reclaimed"])
def test_gate_turns_exactly_once_as_water_moves(gate: int) -> None:
    steps: list[Raw] = [
        {"years": [2023], "industry": "3120", "surface": 100 - again, "circulating_indirect": again}
        if gate == 0
        else {"years": [2023], "surface": 100 - again, "municipal_reclaimed": again}
        for again in range(101)
    ]

    path = [outcome(step, gate) for step in steps]

    turns = sum(before is not after for before, after in zip(path, path[1:], strict=False))
    assert (turns, path[0], path[-1]) == (1, Outcome.NOT_MET, Outcome.MET)
