"""Whether a figure satisfies its threshold when the figure is uncertain (JCGM 106:2012, 7 and 8).

The reconciled figure is taken for normally distributed, and a threshold bounds it on one side:

    P = Φ(margin / u)

>>> round(sure(Fraction(3, 10), 0.3, met=True), 4)
0.8413
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import erfc, sqrt

from xunshui.register import Operator
from xunshui.rules.judgement import compare

FRAGILE = 0.05
"""A probability is fragile where it lies farther than this from both 0 and 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compliance:
    """A judged figure at the reconciled flows, and how probable it is that it satisfies its threshold.

    `conflict` tells that the ledger's figure lies on the other side. The outcome follows the ledger all the same.
    """

    value: Fraction
    u: float
    unit: str
    operator: Operator
    threshold: Fraction
    probability: float
    conflict: bool

    @property
    def fragile(self) -> bool:
        """Return whether another reading of the same meters may well come out otherwise."""
        return FRAGILE < self.probability < 1 - FRAGILE


def sure(margin: Fraction, u: float, *, met: bool) -> float:
    """Return the probability of a margin above zero; where nothing is uncertain, whether the threshold is `met`."""
    return erfc(-float(margin) / u / sqrt(2)) / 2 if u > 0 else float(met)


def compliance(
    *,
    value: Fraction,
    u: float,
    unit: str,
    operator: Operator,
    threshold: Fraction,
    margin: Fraction,
    ledger_meets: bool | None,
) -> Compliance:
    """Return how a figure complies; `ledger_meets` is what the ledger's figure does, None where it has none."""
    met = compare(value, operator, threshold)
    return Compliance(
        value=value,
        u=u,
        unit=unit,
        operator=operator,
        threshold=threshold,
        probability=sure(margin, u, met=met),
        conflict=ledger_meets is not None and ledger_meets is not met,
    )
