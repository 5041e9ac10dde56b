"""Reconciliation against a hand calculation, a dense solution and an independent solver."""

from __future__ import annotations

import numpy as np
import osqp
import pytest
from scipy.sparse import csc_array, csc_matrix, diags_array, eye_array, vstack

from xunshui.balance import (
    Contradiction,
    Floats,
    Network,
    NetworkMistake,
    NoFlowFits,
    Reconciliation,
    forward_flows,
)

SPLIT = Network.of([("in", "env", "A"), ("one", "A", "env"), ("two", "A", "env")])


def test_hand_calculation_of_a_split() -> None:
    # r = 10 - 4 - 5 = 1; M = 1 + 0.25 + 0.25 = 1.5; corrections: 1 · 2/3, 0.25 · 2/3 each way.
    problem = Reconciliation(SPLIT, np.array([1.0, 0.5, 0.5]))
    readings = np.array([10.0, 4.0, 5.0])
    residuals = problem.residuals(readings)

    assert problem.flows(readings) == pytest.approx([10 - 2 / 3, 4 + 1 / 6, 5 + 1 / 6])
    assert problem.statistic(residuals) == pytest.approx(1 / 1.5)
    assert problem.standard_uncertainty == pytest.approx(
        np.sqrt([1 - 1 / 1.5, 0.25 - 0.0625 / 1.5, 0.25 - 0.0625 / 1.5])
    )
    assert problem.z(problem.potentials(residuals)) == pytest.approx(np.array([1, -1, -1]) / np.sqrt(1.5))


def test_what_is_held_stays() -> None:
    problem = Reconciliation(SPLIT, np.array([1.0, 1.0, np.nan]))

    assert problem.flows(np.array([10.0, 4.0, np.nan]), np.array([2.0])) == pytest.approx([10, 4, 4])


def test_many_samples_are_each_balanced_alone() -> None:
    problem = Reconciliation(SPLIT, np.array([1.0, 0.5, np.nan]))
    readings = np.array([[10.0, 4.0, np.nan], [3.0, 1.0, np.nan], [0.0, 0.0, np.nan]])

    np.testing.assert_array_equal(problem.flows(readings), [problem.flows(row) for row in readings])


def test_uncertainty_of_an_unmeasured_stream_is_that_of_the_cut() -> None:
    network = Network.of(
        [("a", "env", "A"), ("b", "env", "A"), ("hidden", "A", "B"), ("c", "B", "env"), ("d", "env", "B")]
    )
    problem = Reconciliation(network, np.array([1.0, 2.0, np.nan, 2.0, np.nan]))

    # d is not told either, but alone: hidden = a + b, d = c - a - b.
    assert problem.standard_uncertainty == pytest.approx([1, 2, np.sqrt(5), 2, np.sqrt(9)])


def test_exact_values_that_contradict_one_another_are_named() -> None:
    problem = Reconciliation(SPLIT, np.array([0.0, 0.0, 0.0]))

    with pytest.raises(Contradiction) as told:
        problem.flows(np.array([10.0, 4.0, 5.0]))

    assert told.value.nodes == ("A",)


def test_exact_value_is_not_moved() -> None:
    problem = Reconciliation(SPLIT, np.array([1.0, 0.0, 1.0]))

    assert problem.flows(np.array([10.0, 4.0, 5.0])) == pytest.approx([9.5, 4, 5.5])


@pytest.mark.parametrize(
    ("sd", "readings", "words"),
    [
        pytest.param([-1, 1, 1], [1, 1, 1], "水流 in 的 sd 是 -1.0", id="negative_sd"),
        pytest.param([1, np.inf, 1], [1, 1, 1], "水流 one 的 sd 是 inf", id="endless_sd"),
        pytest.param([1, 1, 1], [1, np.nan, 1], "水流 one 有 sd 而没有数值", id="value_missing"),
    ],
)
def test_mistakes_name_the_stream(sd: list[float], readings: list[float], words: str) -> None:
    with pytest.raises(NetworkMistake, match=words):
        Reconciliation(SPLIT, np.array(sd, dtype=np.float64)).flows(np.array(readings))


def test_name_told_twice_is_refused() -> None:
    with pytest.raises(NetworkMistake, match="水流 a 出现了不止一次"):
        Network.of([("a", "env", "A"), ("a", "A", "env")])


def test_flows_that_only_run_backwards_do_not_fit() -> None:
    network = Network.of([("out", "A", "env")])

    with pytest.raises(NoFlowFits):
        forward_flows(Reconciliation(network, np.array([np.nan])), np.array([np.nan]), np.array([3.0]))


def test_signed_stream_may_run_backwards() -> None:
    network = Network.of([("in", "env", "A"), ("store", "A", "env")], signed=["store"])

    flow = forward_flows(
        Reconciliation(network, np.array([1.0, np.nan])), np.array([2.0, np.nan]), np.array([5.0])
    )
    assert flow == pytest.approx([2, -3])


def test_bounded_flows_are_those_of_osqp() -> None:
    chance = np.random.default_rng(4)
    active = 0
    for _ in range(60):
        network, readings, sd = _drawn(chance)
        problem = Reconciliation(network, sd)
        flow = forward_flows(problem, np.where(np.isnan(sd), np.nan, readings))
        told = problem.measured & ~np.isnan(flow)
        active += int((np.nan_to_num(problem.flows(readings)) < -1e-9).any())

        np.testing.assert_allclose(flow[told], _by_osqp(network, readings, sd)[told], atol=1e-4)
    assert active > 15


def _drawn(chance: np.random.Generator) -> tuple[Network, Floats, Floats]:
    nodes, streams = int(chance.integers(2, 7)), int(chance.integers(3, 14))
    names = [*(f"n{at}" for at in range(nodes)), "env"]
    rows = [(f"s{at}", *(str(name) for name in chance.choice(names, 2))) for at in range(streams)]
    network = Network.of([("s", "env", "n0"), *((name, source, target) for name, source, target in rows)])
    sd = chance.uniform(0.5, 2, streams + 1)
    sd[chance.random(streams + 1) < 0.2] = np.nan
    return network, chance.uniform(0, 3, streams + 1), sd


def _by_osqp(network: Network, readings: Floats, sd: Floats) -> Floats:
    weight = np.where(np.isnan(sd), 0.0, 1 / np.where(np.isnan(sd), 1.0, sd) ** 2)
    balances = csc_array(network.incidence())
    nodes, streams = balances.shape
    solver = osqp.OSQP()
    solver.setup(
        csc_matrix(diags_array(weight)),
        -weight * readings,
        csc_matrix(vstack([balances, eye_array(streams)])),
        np.zeros(nodes + streams),
        np.append(np.zeros(nodes), np.full(streams, np.inf)),
        eps_abs=1e-10,
        eps_rel=1e-10,
        max_iter=200_000,
        polishing=True,
        verbose=False,
    )
    return np.asarray(solver.solve(raise_error=True).x)
