"""A judgement: one node of the verdict's tree, with everything it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from xunshui.indicators import Term
from xunshui.register import Operator
from xunshui.rules.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Mark:
    """Something a reader must see beside an outcome, such as a figure that nobody has verified."""

    code: str
    text: str


UNVERIFIED = Mark("unverified", "未核实")


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """How far a gate is away, as water: `volume_m3` in the period, `flow_m3_per_h` over its calendar hours."""

    volume_m3: Fraction
    flow_m3_per_h: Fraction
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was judged, how it came out and why.

    `margin` is positive on the good side of the threshold, in the unit of the value.
    """

    id: str
    title: str
    outcome: Outcome
    reason: str
    clause: str = ""
    text: str = ""
    period: str = ""
    indicator: str = ""
    value: Fraction | None = None
    operator: Operator | None = None
    threshold: Fraction | None = None
    unit: str = ""
    margin: Fraction | None = None
    source: str = ""
    grade: str = ""
    marks: tuple[Mark, ...] = ()
    inputs: tuple[Term, ...] = ()
    evidence: tuple[str, ...] = ()
    distance: Distance | None = None
    children: tuple[Judgement, ...] = ()


def compare(value: Fraction, operator: Operator, threshold: Fraction) -> bool:
    """Return whether `value` stands in the relation to `threshold`, exactly.

    >>> compare(Fraction(97), Operator.GREATER, Fraction(97)), compare(Fraction(25), Operator.AT_LEAST, Fraction(25))
    (False, True)
    """
    match operator:
        case Operator.GREATER:
            return value > threshold
        case Operator.AT_LEAST:
            return value >= threshold
        case Operator.LESS:
            return value < threshold
        case Operator.AT_MOST:
            return value <= threshold


def margin(value: Fraction, operator: Operator, threshold: Fraction) -> Fraction:
    """Return by how much `value` is on the good side of `threshold`; negative where it is not."""
    return value - threshold if operator.upward else threshold - value
