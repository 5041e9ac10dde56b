"""Quantities: exact numbers, units of measure, and figures as people read them.

A threshold is compared on exact numbers (`Decimal` where they are kept, `Fraction` where they are
divided); rounding happens once, for the eye.

>>> from fractions import Fraction
>>> show(percent(Fraction(970), Fraction(1000)))
'97.00'
"""

from xunshui.quantities.display import plain, rounded, show, show_beside
from xunshui.quantities.exact import (
    ZERO,
    NotANumber,
    decimal_difference,
    decimal_of,
    decimal_sum,
    exact_sum,
    fraction_of,
    percent,
    ratio,
    sum_of_decimals,
)
from xunshui.quantities.units import UNITS, Unit, UnitMismatch, convert, unit_of

__all__ = [
    "UNITS",
    "ZERO",
    "NotANumber",
    "Unit",
    "UnitMismatch",
    "convert",
    "decimal_difference",
    "decimal_of",
    "decimal_sum",
    "exact_sum",
    "fraction_of",
    "percent",
    "plain",
    "ratio",
    "rounded",
    "show",
    "show_beside",
    "sum_of_decimals",
    "unit_of",
]
