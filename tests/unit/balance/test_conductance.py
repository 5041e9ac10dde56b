"""Resistances and norms out of the sparse factor equal those of the dense inverse."""

from __future__ import annotations

import numpy as np
import pytest
from bench.graphs import Kind, graph

from xunshui.balance.conductance import EARTH, Conductors


@pytest.mark.parametrize("kind", ["plant", "random"])
@pytest.mark.parametrize("streams", [2, 30, 700])
def test_resistances_are_those_of_the_dense_inverse(kind: Kind, streams: int) -> None:
    network = graph(streams, kind, 1).network
    size = len(network.nodes)
    tail = np.where(network.tail == size, EARTH, network.tail)
    head = np.where(network.head == size, EARTH, network.head)
    conductance = np.random.default_rng(2).lognormal(0, 2, streams)
    conductors = Conductors(size, tail, head, conductance)

    incidence = network.incidence().toarray()
    inverse = np.linalg.inv(incidence * conductance @ incidence.T)
    right = np.random.default_rng(3).normal(size=(size, 5))

    np.testing.assert_allclose(conductors.resistance_to_earth, np.diag(inverse), rtol=1e-9)
    np.testing.assert_allclose(
        conductors.resistance, np.einsum("ij,ik,kj->j", incidence, inverse, incidence), rtol=1e-8
    )
    np.testing.assert_allclose(conductors.norms(right), np.diag(right.T @ inverse @ right), rtol=1e-9)
    np.testing.assert_allclose(conductors.solve(right), inverse @ right, rtol=1e-8, atol=1e-10)


def test_nothing_between_nodes_is_nothing() -> None:
    none = np.zeros(0, dtype=np.intp)
    conductors = Conductors(0, none, none, np.zeros(0))

    assert conductors.solve(np.zeros(0)).shape == (0,)
    assert conductors.resistance.shape == (0,)
    assert conductors.norms(np.zeros((0, 2))).tolist() == [0.0, 0.0]
