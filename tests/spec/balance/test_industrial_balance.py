"""The 13-flow industrial water balance: published figures, and what a window of samples adds to them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.spec.balance.published import INDUSTRIAL, LEAK_TEST_POWER, MEASUREMENT_TEST_POWER

from xunshui.balance import Candidates, GrossError, Kind, balanced
from xunshui.balance.arrays import Floats

RUNS = 6000
PROBLEM = INDUSTRIAL.problem()
STREAMS, NODES = INDUSTRIAL.network.streams, INDUSTRIAL.network.nodes


def test_measured_column_is_reconciled_as_published() -> None:
    published = [
        28.156,
        2.919,
        5.775,
        8.435,
        11.026,
        4.433,
        4.003,
        2.919,
        5.775,
        4.433,
        4.003,
        15.029,
        13.127,
    ]

    assert PROBLEM.flows(INDUSTRIAL.measured) == pytest.approx(published, abs=6e-4)


def test_global_test_finds_gross_errors() -> None:
    test = balanced(INDUSTRIAL.network, INDUSTRIAL.measured, INDUSTRIAL.sd).test

    assert (round(test.statistic, 1), test.dof) == (62.1, 8)
    assert test.p is not None and test.p < 1e-9


def test_largest_corrections_are_as_published() -> None:
    z = np.abs(PROBLEM.z(PROBLEM.potentials(PROBLEM.residuals(INDUSTRIAL.measured))))
    largest = {STREAMS[at]: round(float(z[at]), 1) for at in np.argsort(-z)[:4]}

    assert largest == {"6": 4.7, "8": 4.4, "2": 3.8, "4": 3.6}


def test_power_of_one_sample_is_as_published() -> None:
    found = power_for_bias(samples=1)

    assert found.mean() == pytest.approx(np.mean(MEASUREMENT_TEST_POWER), abs=0.01)
    assert found == pytest.approx(MEASUREMENT_TEST_POWER, abs=0.03)


def test_window_of_twelve_finds_nearly_every_bias() -> None:
    assert power_for_bias(samples=12).mean() >= 0.99


def test_power_for_leaks_is_as_published() -> None:
    assert power_for_leaks() == pytest.approx(LEAK_TEST_POWER, abs=0.03)


def power_for_bias(samples: int) -> Floats:
    """Return how often a bias of 2–7 sd is found and laid at the right meter, when one sound set in ten is suspected."""
    candidates = Candidates(PROBLEM, leaks=False)
    chance = np.random.default_rng(10)
    critical = _critical(candidates, samples, chance)
    found = []
    for at, stream in enumerate(STREAMS):
        readings = _readings(chance, samples)
        readings[:, at] += chance.uniform(2, 7, RUNS) * INDUSTRIAL.sd[at]
        number = candidates.number_of(GrossError(Kind.BIAS, stream))
        found.append(_found(candidates, PROBLEM.residuals(readings), number, critical / samples))
    return np.array(found)


def power_for_leaks() -> Floats:
    """Return how often a leak of 2–7 % of a node's throughput is found there, looking for leaks alone."""
    chance = np.random.default_rng(11)
    inverse = PROBLEM.conductors.resistance_to_earth
    sound = PROBLEM.potentials(PROBLEM.residuals(_readings(chance, 1))) ** 2 / inverse
    critical = np.quantile(sound.max(axis=1), 0.9)
    found = []
    for node in range(len(NODES)):
        residuals = PROBLEM.residuals(_readings(chance, 1))
        through = INDUSTRIAL.true[INDUSTRIAL.network.head == node].sum()
        # The collection takes 2–7 % of what flows in and out together.
        residuals[:, node] += chance.uniform(0.02, 0.07, RUNS) * 2 * through
        tests = PROBLEM.potentials(residuals) ** 2 / inverse
        found.append(((tests.argmax(axis=1) == node) & (tests.max(axis=1) > critical)).mean())
    return np.array(found)


def _readings(chance: np.random.Generator, samples: int) -> Floats:
    noise = chance.normal(size=(RUNS, len(STREAMS))) * INDUSTRIAL.sd / np.sqrt(samples)
    return np.asarray(INDUSTRIAL.true + noise)


def _critical(candidates: Candidates, samples: int, chance: np.random.Generator) -> float:
    tests = candidates.statistic(PROBLEM.potentials(PROBLEM.residuals(_readings(chance, samples)))) * samples
    return float(np.quantile(tests.max(axis=1), 0.9))


def _found(candidates: Candidates, residuals: Floats, number: int | None, critical: float) -> float:
    tests = candidates.statistic(PROBLEM.potentials(residuals))
    return float(((tests.argmax(axis=1) == number) & (tests.max(axis=1) > critical)).mean())
