"""Exact numbers: what a person typed or a file holds, without binary rounding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Context, Decimal, Inexact, InvalidOperation, Rounded
from fractions import Fraction
from functools import reduce
from math import lcm

ZERO = Fraction(0)
LARGEST_EXPONENT = 30
"""Volumes, money and energy of any plant stay far below 10^30; a larger exponent is a slip or an attack."""


_SIXTY_DIGITS = Context(prec=60, traps=[Rounded])


def _is_held(number: Decimal) -> bool:
    try:
        _SIXTY_DIGITS.plus(number)
    except Rounded:
        return False
    return True


_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")


class NotANumber(ValueError):
    """A value that should have been a finite decimal number."""


def decimal_of(raw: object) -> Decimal:
    """Return `raw` as the decimal number that was written down.

    Floats go through their shortest text, so that Excel's 0.1 is one tenth and 97.0 is ninety-seven.

    >>> decimal_of(0.1), decimal_of(" 12 345.60 "), decimal_of(3)
    (Decimal('0.1'), Decimal('12345.60'), Decimal('3'))
    """
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str, Decimal)):
        raise NotANumber("不是数字")
    number = raw if isinstance(raw, Decimal) else _parse(repr(raw) if isinstance(raw, float) else str(raw))
    if not number.is_finite():
        raise NotANumber("不是有限的数字")
    if abs(number.adjusted()) > LARGEST_EXPONENT or not _is_held(number):
        raise NotANumber(f"超出可用范围（指数须在 ±{LARGEST_EXPONENT} 以内，最多 60 位有效数字）")
    return number


def _parse(text: str) -> Decimal:
    # A decimal as people paste it: thousands by comma, blank or thin space.
    cleaned = text.strip().replace("，", ",").replace("\u2009", "").replace(" ", "")
    if "," in cleaned and not _GROUPED.fullmatch(cleaned):
        raise NotANumber("的千位分隔符位置不对；小数点请用“.”")
    cleaned = cleaned.replace(",", "")
    if len(cleaned) > 80:
        raise NotANumber("数字过长")
    try:
        return Decimal(cleaned)
    except InvalidOperation:
        raise NotANumber("不是数字") from None


# Wide enough for every sum of numbers that `decimal_of` lets in; a step that would round raises instead.
_EXACT = Context(prec=400, traps=[Inexact, InvalidOperation])
_NOUGHT = Decimal(0)


def decimal_sum(values: Iterable[Decimal]) -> Decimal:
    """Return the sum of decimals as they were written, exactly.

    >>> decimal_sum([Decimal("0.1"), Decimal("1e30")])
    Decimal('1000000000000000000000000000000.1')
    """
    return reduce(_EXACT.add, values, _NOUGHT)


def decimal_difference(whole: Decimal, part: Decimal) -> Decimal:
    """Return `whole` less `part`, exactly."""
    return _EXACT.subtract(whole, part)


def fraction_of(number: Decimal) -> Fraction:
    """Return a decimal as a fraction, as `Fraction(number)` does but without asking what kind of number it is."""
    return Fraction(*number.as_integer_ratio()) if number else ZERO


def sum_of_decimals(values: Iterable[Decimal]) -> Fraction:
    """Return the sum of decimals as they were written, exactly, as a fraction.

    >>> sum_of_decimals([Decimal("0.1"), Decimal("0.2"), Decimal("1e30")]) == Fraction("0.3") + 10**30
    True
    """
    return fraction_of(reduce(_EXACT.add, values, _NOUGHT))


def exact_sum(values: Iterable[Fraction], *, less: Iterable[Fraction] = ()) -> Fraction:
    """Return the sum of `values`, less the sum of others, exactly.

    Decimal figures share a few denominators, so whole numbers are added for each and reduced once, at the end.

    >>> exact_sum([Fraction(1, 10), Fraction(2, 10), Fraction(1, 3)], less=[Fraction(1, 3)])
    Fraction(3, 10)
    """
    numerators: dict[int, int] = {}
    for sign, rows in ((1, values), (-1, less)):
        for row in rows:
            numerator, denominator = row.as_integer_ratio()
            numerators[denominator] = numerators.get(denominator, 0) + sign * numerator
    if not numerators:
        return ZERO
    common = lcm(*numerators)
    return Fraction(sum(part * (common // over) for over, part in numerators.items()), common)


def ratio(part: Fraction, whole: Fraction, factor: int = 1) -> Fraction | None:
    """Return `factor * part / whole`, or None where the whole is zero and the ratio says nothing."""
    # By whole numbers, so that the fraction is reduced once.
    (upper, over), (lower, under) = part.as_integer_ratio(), whole.as_integer_ratio()
    return Fraction(factor * upper * under, over * lower) if lower else None


def percent(part: Fraction, whole: Fraction) -> Fraction | None:
    """Return `part` as a percentage of `whole`, or None where the whole is zero.

    >>> percent(Fraction(97), Fraction(100))
    Fraction(97, 1)
    """
    return ratio(part, whole, 100)
