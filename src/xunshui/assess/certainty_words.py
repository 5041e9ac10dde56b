"""How sure a figure is, in words.

>>> estimate_text(Fraction(97601, 1000), 0.0167, "%", 2), probability_text(0.983, 0.3)
('97.601 % ± 0.017', '98 %')
"""

from __future__ import annotations

from fractions import Fraction
from math import floor, log10

from xunshui.assess.certainty import Reconciled
from xunshui.assess.compliance import Compliance
from xunshui.balance.words import fit_words
from xunshui.quantities import show, show_beside

CONFLICT = "与台账结论相反，结果仍按台账"
FRAGILE = "脆弱"
DOUBTFUL = "读数互相矛盾，只供参考"
MOST_PLACES = 8
_ALMOST = 0.001


def places_of(u: float, places: int) -> int:
    """Return how many decimals a standard uncertainty is told with; `places` where there is none.

    One digit that counts, two where the first is 1 or 2: more would not be known (GUM 7.2.6).

    >>> [places_of(u, 2) for u in (0.0167, 0.3, 12.0, 0.0)]
    [3, 1, 0, 2]
    """
    if u <= 0:
        return places
    exponent = floor(log10(u))
    first = round(u / 10.0**exponent, 9)
    return min(max((first < 3) - exponent, 0), MOST_PLACES)


def estimate_text(
    value: Fraction, u: float, unit: str, places: int, *, beside: Fraction | None = None
) -> str:
    """Return a value with its unit and standard uncertainty; `beside` is a threshold it must be told from."""
    told = places_of(u, places)
    figure = show(value, told) if beside is None else show_beside(value, beside, told)
    return f"{figure} {unit}".rstrip() + (f" ± {show(Fraction(u), told)}" if u > 0 else "")


def probability_text(probability: float, u: float) -> str:
    """Return a probability in percent, never rounded up to certainty; certain where nothing is uncertain.

    >>> [probability_text(p, 0.1) for p in (0.5, 0.993, 0.99999, 0.0)]
    ['50 %', '99.3 %', '> 99.9 %', '< 0.1 %']
    """
    if u <= 0:
        return f"{probability:.0%}".replace("%", " %")
    if probability > 1 - _ALMOST:
        return "> 99.9 %"
    if probability < _ALMOST:
        return "< 0.1 %"
    near_an_end = min(probability, 1 - probability) < 0.01
    return f"{100 * probability:.{int(near_an_end)}f} %"


def compliance_figure(told: Compliance, places: int) -> str:
    """Return the reconciled figure; where it contradicts the ledger with decimals enough to see that."""
    beside = told.threshold if told.conflict else None
    return estimate_text(told.value, told.u, told.unit, places, beside=beside)


def compliance_text(told: Compliance, places: int) -> str:
    """Return the reconciled figure and the probability that it satisfies its threshold."""
    return f"{compliance_figure(told, places)}，达到的概率 {probability_text(told.probability, told.u)}"


def standing_words(told: Reconciled) -> str:
    """Return what the readings of a period say of themselves, and whether what rests on them can be trusted."""
    doubt = "；校正值与概率只供参考" if told.doubtful else ""
    return f"{fit_words(told.balanced)}{doubt}"


def basis_words(told: Reconciled) -> str:
    """Return on what the uncertainties rest: meters' classes, and what was assumed."""
    parts = "；".join(f"{why}（{count} 条）" for why, count in told.basis)
    return f"读数的标准不确定度：{parts}。产量、产值、耗电量和存水变化视为准确"
