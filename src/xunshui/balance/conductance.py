"""The matrix of a reconciliation: a network of conductors, each stream's variance its conductance.

M = A Σ Aᵀ, for incidence A and variances Σ, is the Laplacian of that network with one node of each part earthed:
symmetric, positive definite, as sparse as the network. Everything asked of a reconciliation is a solution of M or an
entry of M⁻¹ at a node or at a stream's two ends: potentials, and resistances between nodes.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csc_array
from scipy.sparse.linalg import SuperLU, splu

from xunshui.balance.arrays import Floats, Integers
from xunshui.balance.supernodes import Supernode, forward, selected_inverse, supernodes

EARTH = -1


class Conductors:
    """A network of conductors between `size` nodes and the earth, factored once.

    `tail`, `head` [conductors] are nodes or `EARTH`; `conductance` [conductors] is greater than zero.
    Every node must be joined to the earth by some path.
    """

    def __init__(self, size: int, tail: Integers, head: Integers, conductance: Floats) -> None:
        """Factor the matrix."""
        self.size, self.tail, self.head = size, tail, head
        self._factor = _factor(_matrix(size, tail, head, conductance)) if size else None

    def solve(self, right: Floats) -> Floats:
        """Return M⁻¹ b for b [nodes] or [nodes × columns]."""
        return right.copy() if self._factor is None else np.asarray(self._factor.solve(right))

    def norms(self, right: Floats) -> Floats:
        """Return bᵀ M⁻¹ b for each column of b [nodes × columns]."""
        if self._factor is None:
            return np.zeros(right.shape[1])
        ordered = np.empty_like(right)
        ordered[self._factor.perm_r] = right
        solved = forward(self._supernodes, ordered)
        return np.asarray(np.einsum("ij,ij->j", solved, solved / self._pivots[:, None]))

    @property
    def resistance_to_earth(self) -> Floats:
        """Return the diagonal of M⁻¹ [nodes]."""
        return self._inverse[0]

    @property
    def resistance(self) -> Floats:
        """Return the resistance between each conductor's two ends through the whole network [conductors]."""
        return self._inverse[1]

    @cached_property
    def _pivots(self) -> Floats:
        assert self._factor is not None
        return np.asarray(self._factor.U.diagonal())

    @cached_property
    def _supernodes(self) -> list[Supernode]:
        assert self._factor is not None
        return supernodes(csc_array(self._factor.L))

    @cached_property
    def _inverse(self) -> tuple[Floats, Floats]:
        if self._factor is None:
            return np.zeros(0), np.zeros(len(self.tail))
        place = self._factor.perm_r.astype(np.intp)
        inner = (self.tail != EARTH) & (self.head != EARTH)
        found = selected_inverse(
            self._supernodes, self._pivots, place[self.tail[inner]], place[self.head[inner]]
        )
        diagonal = found.diagonal[place]
        with_earth = np.append(diagonal, 0.0)
        resistance = with_earth[self.tail] + with_earth[self.head]
        resistance[inner] -= 2 * found.entries
        return diagonal, np.maximum(resistance, 0.0)


def _matrix(size: int, tail: Integers, head: Integers, conductance: Floats) -> csc_array:
    inner = (tail != EARTH) & (head != EARTH)
    ends = np.concatenate([tail, head])
    at_nodes = ends != EARTH
    diagonal = np.bincount(ends[at_nodes], np.tile(conductance, 2)[at_nodes], size).astype(np.float64)
    numbers = np.arange(size)
    rows = np.concatenate([numbers, tail[inner], head[inner]])
    columns = np.concatenate([numbers, head[inner], tail[inner]])
    values = np.concatenate([diagonal, -conductance[inner], -conductance[inner]])
    return csc_array(coo_array((values, (rows, columns)), shape=(size, size)))


def _factor(matrix: csc_array) -> SuperLU:
    # A Laplacian needs no pivoting: it is diagonally dominant, so rows and columns keep one common order.
    return splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
