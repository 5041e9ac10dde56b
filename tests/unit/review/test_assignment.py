"""Assigning experts: as good as trying everything on small tables, within loads, and told why where it cannot be."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from xunshui.review.assignment import (
    Assignment,
    AssignmentImpossible,
    AssignmentInvalid,
    assign,
)

Table = list[list[float]]


def by_trying_everything(
    fit: Table, per_case: int, load: int, forbidden: set[tuple[int, int]]
) -> float | None:
    """Return the largest total of all assignments there are, None where there is none."""
    experts, cases = range(len(fit)), range(len(fit[0]))
    teams = [
        [team for team in combinations(experts, per_case) if not {(row, case) for row in team} & forbidden]
        for case in cases
    ]
    best = None
    for chosen in product(*teams):
        loads = [sum(row in team for team in chosen) for row in experts]
        if max(loads) <= load:
            total = sum(fit[row][case] for case, team in enumerate(chosen) for row in team)
            best = total if best is None or total > best else best
    return best


def assert_holds(found: Assignment, fit: Table, per_case: int, load: int, forbidden: Any = ()) -> None:
    pairs = found.pairs
    assert len(set(pairs)) == len(pairs)
    assert [sum(case == column for _, case in pairs) for column in range(len(fit[0]))] == [per_case] * len(
        fit[0]
    )
    assert all(sum(expert == row for expert, _ in pairs) <= load for row in range(len(fit)))
    assert not set(pairs) & set(forbidden)
    assert found.total == pytest.approx(sum(fit[row][column] for row, column in pairs))
    assert found.total_bound >= found.total


@st.composite
def small_problems(draw: st.DrawFn) -> tuple[Table, int, int, set[tuple[int, int]]]:
    experts, cases = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    scale = draw(st.sampled_from([1e-9, 1e-3, 1, 1e6]))
    line = st.lists(st.integers(-5, 20), min_size=cases, max_size=cases)
    fit = draw(st.lists(line, min_size=experts, max_size=experts))
    pairs = st.tuples(st.integers(0, experts - 1), st.integers(0, cases - 1))
    return (
        [[value * scale for value in row] for row in fit],
        draw(st.integers(1, 3)),
        draw(st.integers(1, 4)),
        draw(st.sets(pairs, max_size=5)),
    )


@settings(max_examples=150)
@given(small_problems())
def test_optimum_is_that_of_trying_everything(
    problem: tuple[Table, int, int, set[tuple[int, int]]],
) -> None:
    fit, per_case, load, forbidden = problem
    best = by_trying_everything(fit, per_case, load, forbidden)

    try:
        found = assign(fit, per_case=per_case, load=load, forbidden=forbidden)
    except AssignmentImpossible:
        assert best is None
        return

    assert_holds(found, fit, per_case, load, forbidden)
    assert best is not None
    assert found.total == pytest.approx(best)
    assert found.total_bound == pytest.approx(best)


@pytest.mark.parametrize("seed", range(3))
def test_one_expert_a_case_is_what_linear_sum_assignment_finds(seed: int) -> None:
    fit = np.random.default_rng(seed).random((30, 20))

    found = assign(fit.tolist(), per_case=1, load=1)

    rows, columns = linear_sum_assignment(fit, maximize=True)
    assert_holds(found, fit.tolist(), 1, 1)
    assert found.total == pytest.approx(float(fit[rows, columns].sum()))


def test_loads_make_the_second_best_necessary() -> None:
    # The first expert is best for all three cases, and may take two: 9 + 8 + the second's 3.
    fit = [[9.0, 8.0, 7.0], [1.0, 2.0, 3.0]]

    found = assign(fit, per_case=1, load=2)

    assert (found.pairs, found.total, found.total_bound) == (((0, 0), (0, 1), (1, 2)), 20, 20)


def test_same_input_gives_the_same_pairs() -> None:
    fit = np.random.default_rng(5).integers(0, 3, (10, 12)).tolist()

    assert assign(fit, per_case=2, load=3) == assign(fit, per_case=2, load=3)


def test_no_cases_need_no_experts() -> None:
    assert assign([[], []], per_case=3, load=1) == Assignment(pairs=(), total=0.0, total_bound=0.0)


@pytest.mark.parametrize(
    ("fit", "per_case", "load", "forbidden", "told"),
    [
        pytest.param(
            [[1.0] * 4] * 2, 1, 1, [], "4 个案例各需 1 位，共 4 人次；2 位专家每人最多 1 个", id="loads"
        ),
        pytest.param([[1.0]] * 2, 3, 5, [], "每案需 3 位专家，名单里只有 2 位", id="more_than_experts"),
        pytest.param(
            [[1.0, 1.0]] * 3, 2, 2, [(0, 1), (2, 1)], "案例 1（只有 1 位可用）", id="conflicts_of_a_case"
        ),
        pytest.param(
            [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]],
            1,
            1,
            [(1, 0), (2, 0), (1, 1), (2, 1)],
            "各自够数，但合在一起排不开",
            id="two_cases_want_one_expert",
        ),
    ],
)
def test_impossible_assignment_says_what_stands_in_the_way(
    fit: Table, per_case: int, load: int, forbidden: list[tuple[int, int]], told: str
) -> None:
    with pytest.raises(AssignmentImpossible) as refused:
        assign(fit, per_case=per_case, load=load, forbidden=forbidden)

    assert told in str(refused.value)


def test_time_that_is_up_is_not_called_impossible() -> None:
    fit = np.random.default_rng(0).random((40, 200)).tolist()

    with pytest.raises(AssignmentImpossible, match="秒内没有找到可行的分配"):
        assign(fit, per_case=3, load=20, time_limit_s=0)


@pytest.mark.parametrize(
    ("fit", "more", "told"),
    [
        pytest.param([], {}, ["矩形"], id="no_experts"),
        pytest.param([[1.0, 2.0], [1.0]], {}, ["矩形"], id="ragged"),
        pytest.param([[float("nan")]], {}, ["fit 的 [0, 0] 是 nan"], id="nan"),
        pytest.param([[1.0, float("inf")]], {}, ["fit 的 [0, 1] 是 inf"], id="infinite"),
        pytest.param([[1.0], [-1e10]], {}, ["fit 的 [1, 0] 是 -1e+10", "±1e+09"], id="out_of_scale"),
        pytest.param([[1.0]], {"per_case": 0}, ["每案专家数 0"], id="nobody_a_case"),
        pytest.param([[1.0]], {"load": -1}, ["每位专家案例数 -1"], id="negative_load"),
        pytest.param([[1.0]], {"forbidden": [(1, 0)]}, ["[1, 0] 超出范围（1 位专家、1 个案例"], id="range"),
        pytest.param([[1.0]], {"forbidden": [(0, -1)]}, ["[0, -1] 超出范围"], id="negative_case"),
        pytest.param(
            [[1.0, 2.0], [float("nan")]],
            {"per_case": 0, "forbidden": [(7, 7)]},
            ["矩形", "每案专家数 0", "[1, 0] 是 nan", "[7, 7] 超出范围"],
            id="everything_at_once",
        ),
    ],
)
def test_input_that_is_no_problem_is_told_with_every_mistake(
    fit: Table, more: dict[str, Any], told: list[str]
) -> None:
    with pytest.raises(AssignmentInvalid) as refused:
        assign(fit, **{"per_case": 1, "load": 1, **more})

    assert [words for words in told if words not in str(refused.value)] == []
