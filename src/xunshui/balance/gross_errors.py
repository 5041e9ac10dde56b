"""Gross errors that balances can show: a meter that reads wrong, water that leaves a node unseen.

A bias b of stream i's meter moves the residuals by b (head - tail); a leak q at a node by q there. Each is a pair
of balances (`plus`, `minus`), its test the generalised likelihood ratio

    T = (fᵀ M⁻¹ r)² / (fᵀ M⁻¹ f),      estimate fᵀ M⁻¹ r / fᵀ M⁻¹ f

(Narasimhan & Mah, AIChE J. 33, 1987, 1514), a difference of potentials and a resistance. Errors of the same pair
cannot be told apart by any balance: parallel meters, or a leak at a node and the meter that joins it with the outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from xunshui.balance.arrays import Floats, Integers
from xunshui.balance.conductance import EARTH
from xunshui.balance.reconciliation import Reconciliation


class Kind(StrEnum):
    """What is wrong."""

    BIAS = "bias"
    LEAK = "leak"


@dataclass(frozen=True, slots=True)
class GrossError:
    """A meter that reads wrong (`at` is its stream), or a node that loses water unseen."""

    kind: Kind
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Errors that balances cannot tell apart; `signs` turns the candidate's size into each error's own."""

    errors: tuple[GrossError, ...]
    signs: tuple[int, ...]

    @property
    def kinds(self) -> frozenset[Kind]:
        """Return what it may be."""
        return frozenset(error.kind for error in self.errors)


class Candidates:
    """All gross errors that the balances of a network can show.

    Arrays have one entry a candidate: residuals move at `plus` by its size and at `minus` by the contrary; either
    may be `EARTH`. `resistance` is fᵀ M⁻¹ f, so that an estimate has the variance 1 / resistance.
    """

    def __init__(self, problem: Reconciliation, *, leaks: bool = True) -> None:
        """Collect them: one for every pair of balances that a meter or a leak moves."""
        self.problem = problem
        streams = np.flatnonzero(problem.resistance > 0)
        tail, head = problem.ends(streams)
        to_earth = problem.conductors.resistance_to_earth
        rows = np.flatnonzero(problem.merged.open_to_outside & (to_earth > 0) & leaks)
        plus = np.concatenate([np.maximum(tail, head), rows])
        minus = np.concatenate([np.minimum(tail, head), np.full(len(rows), EARTH, dtype=np.intp)])
        pairs, first, self._candidate = np.unique(
            np.stack([plus, minus]), axis=1, return_index=True, return_inverse=True
        )
        self.plus: Integers = pairs[0]
        self.minus: Integers = pairs[1]
        resistance = np.concatenate([problem.resistance[streams], to_earth[rows]])
        self.resistance: Floats = resistance[first]
        self._streams, self._rows = streams, rows
        self._signs = np.concatenate([np.where(head > tail, 1, -1), np.ones(len(rows), dtype=np.intp)])

    def __len__(self) -> int:
        """Return how many can be told apart."""
        return len(self.plus)

    def pull(self, potentials: Floats) -> Floats:
        """Return fᵀ M⁻¹ r of every candidate [(…, candidates)] from potentials [(…, rows)]."""
        with_earth = np.concatenate([potentials, np.zeros((*potentials.shape[:-1], 1))], axis=-1)
        return np.asarray(with_earth[..., self.plus] - with_earth[..., self.minus])

    def statistic(self, potentials: Floats) -> Floats:
        """Return the likelihood ratio T of every candidate [(…, candidates)], χ² with one degree of freedom."""
        return np.asarray(self.pull(potentials) ** 2 / self.resistance)

    def size(self, potentials: Floats) -> Floats:
        """Return every candidate's estimate [(…, candidates)]."""
        return np.asarray(self.pull(potentials) / self.resistance)

    def signature(self, numbers: Integers) -> Floats:
        """Return how candidates of size 1 move the residuals [rows × numbers]."""
        moved = np.zeros((self.problem.dof + 1, len(numbers)))
        columns = np.arange(len(numbers))
        moved[self.plus[numbers], columns] += 1.0
        moved[self.minus[numbers], columns] -= 1.0
        return moved[:-1]

    def __getitem__(self, number: int) -> Candidate:
        """Return which errors a candidate stands for: meters first, then leaks, in the network's order."""
        members = self._members[self._bounds[number] : self._bounds[number + 1]]
        return Candidate(
            errors=tuple(error for member in members for error in self._errors(int(member))),
            signs=tuple(int(self._signs[member]) for member in members for _ in self._errors(int(member))),
        )

    def number_of(self, error: GrossError) -> int | None:
        """Return the candidate that an error belongs to; None where no balance can show it."""
        network, at = self.problem.network, None
        if error.kind is Kind.BIAS:
            at = _found(self._streams, network.streams.index(error.at))
        else:
            row = self.problem.merged.row_of(np.array([network.nodes.index(error.at)]))[0]
            at = _found(self._rows, int(row))
            at = None if at is None else at + len(self._streams)
        return None if at is None else int(self._candidate[at])

    def of_streams(self, streams: Integers) -> Integers:
        """Return the candidates of these streams' meters; those that nothing tells of are left out."""
        told = streams[np.isin(streams, self._streams)]
        return np.asarray(self._candidate[np.searchsorted(self._streams, told)])

    @cached_property
    def _members(self) -> Integers:
        return np.argsort(self._candidate, kind="stable")

    @cached_property
    def _bounds(self) -> Integers:
        return np.searchsorted(self._candidate[self._members], np.arange(len(self) + 1))

    def _errors(self, member: int) -> list[GrossError]:
        network = self.problem.network
        if member < len(self._streams):
            return [GrossError(Kind.BIAS, network.streams[self._streams[member]])]
        row = self._rows[member - len(self._streams)]
        return [GrossError(Kind.LEAK, network.nodes[node]) for node in self._nodes_of[row]]

    @cached_property
    def _nodes_of(self) -> dict[int, list[int]]:
        """Return the nodes of each balance: a leak at any of them looks the same."""
        rows = self.problem.merged.row_of(np.arange(len(self.problem.network.nodes)))
        found: dict[int, list[int]] = {}
        for node, row in enumerate(rows.tolist()):
            found.setdefault(row, []).append(node)
        return found


def _found(sorted_numbers: Integers, number: int) -> int | None:
    at = int(np.searchsorted(sorted_numbers, number))
    return at if at < len(sorted_numbers) and sorted_numbers[at] == number else None
