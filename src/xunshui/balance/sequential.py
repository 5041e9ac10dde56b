"""Gross errors in a stream of samples: when did it begin, and which is it?

One sample shows little. Over samples k … n an error that began at k has the likelihood ratio

    T(k, f) = (fᵀ M⁻¹ Σ r)² / ((n - k + 1) fᵀ M⁻¹ f)

and the onset k is estimated with it (Willsky & Jones, IEEE Trans. Autom. Control 21, 1976, 108; Narasimhan & Mah 1988).
An alarm is raised when the largest T passes a threshold, and an error is named only when it leads every other by a
margin: detection and isolation are two questions (Nikiforov, IEEE Trans. Inf. Theory 41, 1995, 171).

Sample noise is taken as independent from sample to sample, and meters' uncertainty as known.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri

from xunshui.balance.arrays import Floats
from xunshui.balance.gross_errors import Candidates

WINDOW = 120
LEAD = 9.0
"""How far T must lead before an error is named: the leader is then e^4.5, ninety times, as likely as the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where things stand after a sample.

    `statistic` is the largest T; `candidate` its number, `onset` the number of the sample at which it began,
    `size` and `u` its estimate and standard uncertainty. `alarmed` tells whether anything is wrong, `named` whether
    it is known what.
    """

    sample: int
    statistic: float
    candidate: int
    onset: int
    size: float
    u: float
    alarmed: bool
    named: bool


def threshold(candidates: int, between_false_alarms: float) -> float:
    """Return the T that sound meters pass less often than once in so many samples, whatever the window.

    A bound, not an estimate: by Bonferroni over candidates, and each onset's T is no larger in distribution than
    the next sample's.
    """
    return float(chdtri(1, 1.0 / (between_false_alarms * max(candidates, 1))))


class Watch:
    """Samples of one network, taken in one after another; the last `window` are remembered."""

    def __init__(
        self, candidates: Candidates, *, threshold: float, lead: float = LEAD, window: int = WINDOW
    ) -> None:
        """Begin with nothing seen."""
        self.candidates, self.threshold, self.lead, self.window = candidates, threshold, lead, window
        self._pulls: deque[Floats] = deque(maxlen=window)
        self._seen = 0

    def take(self, residuals: Floats) -> Standing:
        """Take in a sample's residuals [rows] and return where things stand."""
        self._pulls.append(self.candidates.pull(self.candidates.problem.potentials(residuals)))
        self._seen += 1
        backwards = np.cumsum(np.array(self._pulls)[::-1], axis=0)
        length = np.arange(1, len(backwards) + 1)[:, None]
        tests = backwards**2 / (length * self.candidates.resistance)
        best = tests.max(axis=0)
        leader = int(best.argmax())
        since = int(tests[:, leader].argmax()) + 1
        resistance = float(self.candidates.resistance[leader])
        alarmed = bool(best[leader] > self.threshold)
        return Standing(
            sample=self._seen - 1,
            statistic=float(best[leader]),
            candidate=leader,
            onset=self._seen - since,
            size=float(backwards[since - 1, leader]) / (since * resistance),
            u=float(1.0 / np.sqrt(since * resistance)),
            alarmed=alarmed,
            named=alarmed and self._leads(best, leader),
        )

    def _leads(self, best: Floats, leader: int) -> bool:
        others = np.delete(best, leader)
        return bool(best[leader] - others.max(initial=0.0) > self.lead)
