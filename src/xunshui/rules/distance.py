"""How far a gate is away, told as water a plant would have to reuse, save or replace."""

from __future__ import annotations

from fractions import Fraction

from xunshui.indicators import Value
from xunshui.quantities import plain, show
from xunshui.register import Operator
from xunshui.rules.judgement import Distance

TENTHS = 10


def distance(
    value: Value, operator: Operator, threshold: Fraction, hours: int, wording: str
) -> Distance | None:
    """Return how much water separates `value` from `threshold`, or None where it cannot be told.

    The whole below the line stays as it is: water used again replaces new water, reclaimed water
    replaces conventional. `wording` has `{flow}`, `{volume}` and `{goal}`. The flow is rounded up to
    a tenth, so that doing what it says is enough.
    """
    if value.upper is None or value.lower is None:
        return None
    volume = abs(threshold * value.lower / value.factor - value.upper)
    flow = volume / hours
    strict = operator in (Operator.GREATER, Operator.LESS)
    text = wording.format(
        flow=show(_enough(flow, TENTHS, strict), 1),
        volume=show(_enough(volume, 1, strict), 0),
        goal=f"{plain(threshold)} {value.unit}",
    )
    return Distance(volume_m3=volume, flow_m3_per_h=flow, text=text)


def _enough(amount: Fraction, steps: int, strict: bool) -> Fraction:
    """Return `amount` rounded up to a step of 1/steps; one step more where equality would not be enough."""
    numerator, denominator = amount.as_integer_ratio()
    whole, rest = divmod(numerator * steps, denominator)
    return Fraction(whole + (strict or rest > 0), steps)
