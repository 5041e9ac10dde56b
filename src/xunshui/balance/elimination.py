"""Several gross errors at once: found one after another, their sizes estimated together.

In least squares, estimating a meter's bias is the same as leaving its reading out; so this is serial elimination
(Ripps 1965; Serth & Heenan, AIChE J. 32, 1986, 733) and, for leaks as well, serial compensation with all sizes estimated
anew (Narasimhan & Mah 1987; Keller, Darouach & Krzakala, Comput. Chem. Eng. 18, 1994, 1001).
A robust start keeps errors from hiding one another; whoever is no longer needed at the end is let go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import chdtrc, ndtri

from xunshui.balance.arrays import Floats
from xunshui.balance.conductance import Conductors
from xunshui.balance.gross_errors import Candidate, Candidates

LEVEL = 0.05
"""How often a sound network may be suspected."""
TOO_CLOSE = 1e-8
"""Of a candidate's own resistance: what must be left of it beside the chosen ones to be told from them."""
ROUNDING = 1e-9
HUBER = 1.345
"""The bend of the robust start's loss, in standard deviations: 95 % efficient without errors (Huber 1981)."""
ROBUST_ROUNDS = 30
FAR = 3.0
"""How far from the robust start a candidate must lie to be tried first, in standard deviations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A gross error that the balances show, or several that they cannot tell apart.

    `size` is positive where the first error's meter reads high, or its node loses water; `u` is its standard
    uncertainty, `z` their ratio. All in the unit of the flows.
    """

    candidate: Candidate
    size: float
    u: float
    z: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was found: suspects from the surest, and whether the rest of the balances agrees."""

    suspects: tuple[Suspect, ...]
    statistic: float
    dof: int
    p: float


def critical_z(count: int, level: float = LEVEL) -> float:
    """Return what the largest of `count` standard normal values exceeds with a probability of at most `level` (Šidák).

    >>> round(critical_z(1), 3), round(critical_z(13, 0.10), 3)
    (1.96, 2.649)
    """
    each = -np.expm1(np.log1p(-level) / max(count, 1))
    return -float(ndtri(each / 2))


def search(
    candidates: Candidates,
    residuals: Floats,
    *,
    level: float = LEVEL,
    most: int | None = None,
    samples: int = 1,
) -> Search:
    """Return the gross errors in `residuals` [rows], the mean of so many samples.

    At most `most` (default: half of the balances) are looked for: with more, many sets of errors fit equally well.
    """
    state = _State(candidates, residuals * np.sqrt(samples))
    limit = max(1, state.dof // 2) if most is None else most
    if state.p < level and len(candidates):
        critical = critical_z(len(candidates), level)
        starts: tuple[Sequence[int], ...] = ((), _robust_start(state, limit))
        states = [_searched(state.copy(), start, level, limit, critical) for start in starts]
        # Each further error must explain more than chance would.
        state = min(states, key=lambda each: each.statistic + len(each.chosen) * critical**2)
    return state.result(np.sqrt(samples))


def _searched(state: _State, start: Sequence[int], level: float, limit: int, critical: float) -> _State:
    for number in start:
        state.add(number)
    state.drop_weak(critical)
    while state.p < level and len(state.chosen) < limit and state.add_best(critical):
        state.exchange()
        state.drop_weak(critical)
    return state


class _State:
    """Chosen candidates, and what is left of the residuals and of all other candidates beside them."""

    def __init__(self, candidates: Candidates, residuals: Floats) -> None:
        self.candidates, self.residuals = candidates, residuals
        self.potentials = candidates.problem.potentials(residuals)
        self.total = float(residuals @ self.potentials)
        self.chosen: list[int] = []
        self._fit()

    def copy(self) -> _State:
        return _State(self.candidates, self.residuals)

    @property
    def dof(self) -> int:
        return self.candidates.problem.dof

    @property
    def left(self) -> int:
        return self.dof - len(self.chosen)

    @property
    def p(self) -> float:
        return float(chdtrc(self.left, self.statistic)) if self.left > 0 else 1.0

    def add(self, number: int) -> bool:
        """Choose a candidate, unless the chosen ones move the residuals in the same way."""
        if number in self.chosen or self.resistance[number] <= TOO_CLOSE * self.candidates.resistance[number]:
            return False
        self.chosen.append(number)
        self._fit()
        return True

    def add_best(self, critical: float) -> bool:
        """Choose the candidate that explains most of what is left, if that is more than chance explains."""
        tests = self.tests()
        best = int(tests.argmax())
        return bool(tests[best] > critical**2) and self.add(best)

    def exchange(self) -> None:
        """Let each of the chosen make room for another that explains more in its place, while any does."""
        for number in tuple(self.chosen):
            before, kept = self.statistic, list(self.chosen)
            self.chosen.remove(number)
            self._fit()
            self.add(int(self.tests().argmax()))
            if self.statistic >= before - ROUNDING or len(self.chosen) < len(kept):
                self.chosen = kept
                self._fit()

    def drop_weak(self, critical: float) -> None:
        """Let those go whose estimated size is not significant beside the others, the weakest first."""
        while self.chosen:
            z = np.abs(self.sizes) / self.uncertainties
            weakest = int(z.argmin())
            if z[weakest] > critical:
                return
            del self.chosen[weakest]
            self._fit()

    def tests(self) -> Floats:
        """Return the likelihood ratio of every candidate beside the chosen ones."""
        ratio = np.zeros(len(self.candidates))
        told = self.resistance > TOO_CLOSE * self.candidates.resistance
        ratio[told] = self.candidates.pull(self.left_potentials)[told] ** 2 / self.resistance[told]
        return ratio

    def result(self, scale: float) -> Search:
        order = np.argsort(-np.abs(self.sizes) / self.uncertainties)
        return Search(
            suspects=tuple(self._suspect(int(at), scale) for at in order),
            statistic=self.statistic,
            dof=self.left,
            p=self.p,
        )

    def _suspect(self, at: int, scale: float) -> Suspect:
        candidate = self.candidates[self.chosen[at]]
        size, u = float(self.sizes[at]) * candidate.signs[0], float(self.uncertainties[at])
        return Suspect(candidate=candidate, size=size / scale, u=u / scale, z=size / u)

    def _fit(self) -> None:
        """Estimate all sizes together, and project the chosen out of everything else."""
        numbers = np.array(self.chosen, dtype=np.intp)
        reach = self.candidates.problem.potentials(self.candidates.signature(numbers).T).T
        pulls = self.candidates.pull(reach.T).T  # [candidates × chosen]
        if not self.chosen:
            self.sizes = self.uncertainties = np.zeros(0)
            self.left_potentials, self.statistic = self.potentials, self.total
            self.resistance = self.candidates.resistance
            return
        factor = cho_factor(pulls[numbers])
        own = self.candidates.pull(self.potentials)[numbers]
        self.sizes = cho_solve(factor, own)
        self.uncertainties = np.sqrt(np.diagonal(cho_solve(factor, np.eye(len(numbers)))))
        self.left_potentials = self.potentials - reach @ self.sizes
        self.statistic = max(0.0, self.total - float(own @ self.sizes))
        taken = np.einsum("ij,ji->i", pulls, cho_solve(factor, pulls.T))
        self.resistance = self.candidates.resistance - taken


def _robust_start(state: _State, limit: int) -> Sequence[int]:
    """Return the candidates that stand out from a robust fit, the farthest first.

    Meters' corrections are weighed by Huber's loss in rounds of weighted least squares; a gross error then
    gathers in its own meter rather than spreading over its neighbours.
    """
    problem = state.candidates.problem
    adjusted = problem.merged.adjusted
    sd = problem.sd[adjusted]
    correction = _huber(state, sd)
    streams = np.flatnonzero(adjusted)
    outlying = np.abs(correction) / sd
    order = streams[np.argsort(-outlying)][: int((outlying > FAR).sum())]
    return list(dict.fromkeys(state.candidates.of_streams(order).tolist()))[:limit]


def _huber(state: _State, sd: Floats) -> Floats:
    problem = state.candidates.problem
    tail, head = problem.ends(np.flatnonzero(problem.merged.adjusted))
    weight = np.ones_like(sd)
    for _ in range(ROBUST_ROUNDS):
        conductors = Conductors(problem.dof, tail, head, sd**2 / weight)
        potentials = np.append(conductors.solve(state.residuals), 0.0)
        correction = sd**2 / weight * (potentials[head] - potentials[tail])
        size = np.abs(correction) / sd
        new = np.minimum(1.0, HUBER / np.maximum(size, 1e-12))
        if np.abs(new - weight).max() < 1e-3:
            break
        weight = new
    return np.asarray(correction)
