"""Sums of reconciled flows, measured or told by balances, against the covariance of the dense normal equations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from xunshui.balance import Floats, Network, Reconciliation


def dense_covariance(network: Network, sd: Floats) -> Floats:
    """Return the covariance of all reconciled flows: the upper left block of the inverse of [[W, Aᵀ], [A, 0]]."""
    incidence = network.incidence().toarray()
    weight = np.where(np.isnan(sd), 0.0, 1.0 / np.nan_to_num(sd, nan=1.0) ** 2)
    nodes, streams = incidence.shape
    whole = np.block([[np.diag(weight), incidence.T], [incidence, np.zeros((nodes, nodes))]])
    return np.asarray(np.linalg.inv(whole)[:streams, :streams])


def random_network(seed: int, *, unmeasured: int) -> tuple[Network, Floats]:
    """Return a network of 8 nodes and 20 streams; those without a meter lie on a path, so that all can be told."""
    draw = np.random.default_rng(seed)
    path = [(f"p{at}", f"n{at}", f"n{at + 1}") for at in range(7)]
    ends = ["env", *(f"n{at}" for at in range(8))]
    more = [(f"m{at}", *draw.choice(ends, size=2, replace=False).tolist()) for at in range(11)]
    network = Network.of([*path, *more, ("in", "env", "n0"), ("out", "n7", "env")])
    sd = draw.uniform(0.5, 5.0, len(network.streams))
    sd[:unmeasured] = np.nan
    return network, sd


@pytest.mark.parametrize("unmeasured", [0, 1, 4, 7])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_variance_of_sums_is_that_of_the_dense_covariance(seed: int, unmeasured: int) -> None:
    network, sd = random_network(seed, unmeasured=unmeasured)
    weights = np.random.default_rng(seed).normal(size=(5, len(sd)))

    found = Reconciliation(network, sd).variance_of_flows(csr_array(weights))

    expected = np.einsum("ij,jk,ik->i", weights, dense_covariance(network, sd), weights)
    assert found == pytest.approx(expected, rel=1e-9)


def test_variance_of_one_told_flow_is_its_standard_uncertainty_squared() -> None:
    network, sd = random_network(5, unmeasured=4)
    problem = Reconciliation(network, sd)

    found = problem.variance_of_flows(csr_array(np.eye(len(sd))))

    assert found == pytest.approx(problem.standard_uncertainty**2, rel=1e-9)


def test_sum_over_a_flow_that_cannot_be_told_has_no_variance() -> None:
    network = Network.of([("in", "env", "A"), ("loop", "A", "A"), ("out", "A", "env")])
    problem = Reconciliation(network, np.array([1.0, np.nan, 1.0]))

    found = problem.variance_of_flows(csr_array(np.array([[1.0, 0.0, 1.0], [1.0, 1.0, 0.0]])))

    assert found[0] == pytest.approx(2.0)
    assert np.isnan(found[1])
