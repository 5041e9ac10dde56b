"""Flows that must not run backwards: reconciliation with x ≥ 0, by Newton's method on its dual.

For node potentials λ the flows are x = max(0, y - variance · (λ_head - λ_tail)), and they balance where the convex
function g(λ) = Σ x² / (2 variance) + heldᵀλ is smallest. g is quadratic between kinks, its second derivative the
conductors' matrix without the streams that stand still; Newton's method ends after a few steps, with a line search for certain
(Li & Swetits, SIAM J. Optim. 7, 1997). Which streams stand still is then known, and the rest is solved exactly.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from xunshui.balance.arrays import Booleans, Floats
from xunshui.balance.conductance import EARTH, Conductors
from xunshui.balance.reconciliation import Contradiction, Reconciliation

BELOW = 1e-9
"""Of the largest value: a flow so little below zero is rounding."""
LOOSE = (1e2, 1e3, 1e4)
"""Times the largest standard uncertainty around it: that of a stream without a meter, while bounds are sought; the looser
the truer, and the harder to compute."""
STILL, RIDGE = 1e-6, 1e-13
"""Of a meter's conductance there: what a stream that stands still keeps in a step, and what joins every node to the
earth: no node may stand alone."""
SETTLED = 1e-6
"""Of the largest value: what may stay open when it is clear which streams stand still."""
WHOLE_STEPS, MOST_STEPS = 40, 200
"""Whole steps come first: they mostly end within a dozen; what they leave, the line search ends for certain."""


class NoFlowFits(ValueError):
    """Balances that no flow without a sign can close."""

    def __init__(self) -> None:
        """Say what to look at."""
        super().__init__("有水流只能倒流才平衡；核对方向，或把可倒流的水流列为 signed")


def forward_flows(problem: Reconciliation, values: Floats, held: Floats | float = 0.0) -> Floats:
    """Return the reconciled flows [streams] of one sample, none below zero but those of signed streams.

    Raises `NoFlowFits` where streams without a sign cannot close the balances.

    >>> from xunshui.balance.network import Network
    >>> network = Network.of([("in", "env", "A"), ("out", "A", "env"), ("more", "A", "env")])
    >>> forward_flows(Reconciliation(network, np.array([1.0, 1.0, 1.0])), np.array([1.0, 4.0, 0.0])).tolist()
    [2.5, 2.5, 0.0]
    """
    bounded = ~problem.network.signed
    told = np.where(problem.measured, values, 0.0)
    largest = max(1e-300, float(np.abs(told).max(initial=0.0)), float(np.abs(held).max(initial=0.0)))
    flow = problem.flows(values, held)
    # Streams that cannot be told have bounds as well; nobody sees them without a loose value for each.
    for loose in LOOSE if problem.hidden.any() or _runs_backwards(flow, bounded, largest) else ():
        flow = _with_still(problem, told, held, _standing_still(_dual(problem, told, held, loose), largest))
        if not _runs_backwards(flow, bounded, largest):
            break
    return np.where(bounded & (flow < 0), 0.0, flow)


def _runs_backwards(flow: Floats, bounded: Booleans, largest: float) -> bool:
    return bool((bounded & (flow < -BELOW * largest)).any())


def _dual(problem: Reconciliation, told: Floats, held: Floats | float, loose: float) -> _Dual:
    """Return the dual of the problem with a loose value of zero for every stream without a meter."""
    weak = Reconciliation(
        problem.network, np.where(problem.measured, problem.sd, loose * _sd_around(problem))
    )
    kept = STILL * np.where(problem.measured, weak.variance, weak.variance / loose**2)
    return _Dual(weak, told, held, ~problem.network.signed & weak.merged.adjusted, kept)


def _sd_around(problem: Reconciliation) -> Floats:
    """Return the largest standard uncertainty of the meters around each stream."""
    network, group = problem.network, problem.merged.group
    variance = np.zeros(len(problem.merged.row))
    for ends in (network.tail, network.head):
        np.maximum.at(variance, group[ends[problem.measured]], problem.variance[problem.measured])
    around = np.maximum(variance[group[network.tail]], variance[group[network.head]])
    return np.sqrt(np.where(around > 0, around, float(problem.variance.max(initial=0.0)) or 1.0))


def _with_still(problem: Reconciliation, told: Floats, held: Floats | float, still: Booleans) -> Floats:
    rest = Reconciliation(problem.network, np.where(still, 0.0, problem.sd))
    try:
        flow = rest.flows(np.where(still, 0.0, told), held)
    except Contradiction:
        raise NoFlowFits from None
    return np.where(problem.hidden, np.nan, flow)


@dataclass(slots=True)
class _Dual:
    """The dual function of a problem in which every stream has a value and an uncertainty."""

    problem: Reconciliation
    values: Floats
    held: Floats | float
    stoppable: Booleans
    kept: Floats
    """The conductance that a stream keeps when it stands still [streams]."""

    def free(self, potentials: Floats) -> Floats:
        """Return the flows that these potentials drive, bounds left aside."""
        return np.asarray(self.values - self.problem.variance * self.problem.difference(potentials))

    def bounded(self, free: Floats) -> Floats:
        return np.where(self.stoppable, np.maximum(free, 0.0), free)

    def open(self, free: Floats) -> Floats:
        """Return what the bounded flows leave open at each balance: the contrary of g's gradient."""
        return self.problem.residuals(self.bounded(free), self.held)

    def direction(self, free: Floats, residuals: Floats) -> Floats:
        streams = np.flatnonzero(self.problem.merged.adjusted)
        still = self.stoppable[streams] & (free[streams] <= 0)
        conductance = np.where(still, self.kept[streams], self.problem.variance[streams])
        tail, head = self.problem.ends(streams)
        rows = np.arange(self.problem.dof)
        around = np.bincount(np.append(tail, head) + 1, np.tile(conductance, 2), self.problem.dof + 1)[1:]
        leak = np.full(self.problem.dof, EARTH)
        return Conductors(
            self.problem.dof,
            np.concatenate([tail, rows]),
            np.concatenate([head, leak]),
            np.concatenate([conductance, RIDGE * around]),
        ).solve(residuals)


def _standing_still(dual: _Dual, largest: float) -> Booleans:
    """Return which streams stand still where g is smallest."""
    potentials = dual.problem.potentials(dual.problem.residuals(dual.values, dual.held))
    for number in range(MOST_STEPS):
        free = dual.free(potentials)
        residuals = dual.open(free)
        if np.abs(residuals).max(initial=0.0) <= SETTLED * largest:
            return dual.stoppable & (free <= 0)
        direction = dual.direction(free, residuals)
        length = 1.0 if number < WHOLE_STEPS else _length(dual, potentials, free, direction)
        potentials = potentials + length * direction
    raise NoFlowFits


def _length(dual: _Dual, potentials: Floats, free: Floats, direction: Floats) -> float:
    """Return how far g falls along a direction, at most its whole length: its slope is linear between kinks."""
    change = dual.free(potentials + direction) - free

    def slope(length: float) -> float:
        return -float(dual.open(free + length * change) @ direction)

    if slope(1.0) <= 0:
        return 1.0
    moving = dual.stoppable & (change != 0)
    kinks = -free[moving] / change[moving]
    kinks = np.concatenate([[0.0], np.sort(kinks[(kinks > 0) & (kinks < 1)]), [1.0]])
    falls_until = bisect_right(range(len(kinks)), 0.0, key=lambda at: slope(float(kinks[at]))) - 1
    begin, end = float(kinks[max(falls_until, 0)]), float(kinks[falls_until + 1])
    fall, rise = -slope(begin), slope(end)
    return begin + (end - begin) * fall / (fall + rise) if fall + rise > 0 else begin
