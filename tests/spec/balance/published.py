"""Networks from papers, typed from their tables; flows in the papers' own unit.

INDUSTRIAL is the water balance of an industrial plant of Martins, Amaro, Kalid et al., J. Cleaner Prod. (2010): 13 flows,
8 nodes, with the true flows and standard deviations that E. Cordeiro do Valle et al. took for it in "Collection of
benchmark test problems for data reconciliation and gross error detection and identification" (2018).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xunshui.balance import Network, Reconciliation
from xunshui.balance.arrays import Floats


@dataclass(frozen=True, slots=True)
class Published:
    """A network with its true flows, one measured sample and the meters' standard deviations."""

    network: Network
    true: Floats
    measured: Floats
    sd: Floats

    def problem(self) -> Reconciliation:
        return Reconciliation(self.network, self.sd)


INDUSTRIAL_ROWS = (
    ("1", "env", "1", 28, 28.06, 0.274988),
    ("2", "1", "2", 5, 3.06, 0.04998),
    ("3", "1", "3", 5, 5.28, 0.17248),
    ("4", "1", "4", 7, 8.89, 0.145203),
    ("5", "1", "5", 11, 11.39, 0.372073),
    ("6", "4", "6", 4, 3.89, 0.127073),
    ("7", "4", "7", 3, 4.17, 0.13622),
    ("8", "2", "8", 5, 2.78, 0.045407),
    ("9", "3", "8", 5, 5.83, 0.095223),
    ("10", "6", "8", 4, 4.44, 0.07252),
    ("11", "7", "5", 3, 3.89, 0.063537),
    ("12", "5", "env", 14, 15, 0.147),
    ("13", "8", "env", 14, 13.33, 0.130634),
)
INDUSTRIAL = Published(
    Network.of([row[:3] for row in INDUSTRIAL_ROWS]),
    *(np.array([row[column] for row in INDUSTRIAL_ROWS], dtype=np.float64) for column in (3, 4, 5)),
)
"""Martins et al. 2010, as above."""

MEASUREMENT_TEST_POWER = (
    *(0.717, 0.554, 0.791, 0.757, 0.792, 0.792, 0.769, 0.486, 0.557, 0.554, 0.403, 0.387, 0.709),
)
"""Published power of the measurement test for each stream: one bias of 2–7 sd, average type I error .10 (mean .636)."""
LEAK_TEST_POWER = (0.972, 0.970, 0.532, 0.781, 0.836, 0.647, 0.434, 0.988)
"""Published power of the likelihood ratio for leaks: 2–7 % of what flows into a node and out of it together."""
