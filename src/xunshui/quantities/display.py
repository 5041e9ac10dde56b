"""Numbers as people read them: rounded for the eye, never for the comparison."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

THIN_SPACE = "\u2009"
MOST_PLACES = 12


def rounded(value: Fraction | Decimal, places: int) -> Decimal:
    """Return `value` rounded half up to `places` decimals, as printed tables do.

    >>> rounded(Fraction(2, 3), 2)
    Decimal('0.67')
    """
    # Written out, since Decimal's own arithmetic would cut a long number to 28 digits.
    return Decimal(f"{_steps(value, places)}E-{places}")


def _steps(value: Fraction | Decimal, places: int) -> int:
    """Return how many steps of the last of `places` decimals make up `value`, rounded half up."""
    numerator, denominator = value.as_integer_ratio()
    # By integers: a Decimal quotient would round once before it is rounded again.
    scale: int = 10**places
    steps, rest = divmod(abs(numerator) * scale, denominator)
    steps += 2 * rest >= denominator
    return -steps if numerator < 0 else steps


def _written(value: Fraction | Decimal, places: int, *, minus: str, grouping: str = "") -> str:
    steps = _steps(value, places)
    whole, rest = divmod(abs(steps), 10**places)
    sign = minus if steps < 0 else ""
    return f"{sign}{whole:{grouping}}.{rest:0{places}}" if places else f"{sign}{whole:{grouping}}"


def show(value: Fraction | Decimal | None, places: int = 2) -> str:
    """Return `value` with `places` decimals and thousands parted by thin spaces; a missing one as a dash.

    >>> show(Fraction(1234567, 100), 1).replace(THIN_SPACE, "_")
    '12_345.7'
    >>> show(None)
    '—'
    """
    if value is None:
        return "—"
    return _written(value, places, minus="−", grouping=",").replace(",", THIN_SPACE)


def show_beside(value: Fraction, threshold: Fraction, places: int = 2) -> str:
    """Return `value` with as many decimals as it takes to tell it from `threshold`.

    A reuse rate of 96.9996 % must not be printed as 97.00 % beside "> 97 %".

    >>> show_beside(Fraction(969996, 10000), Fraction(97))
    '96.9996'
    >>> show_beside(Fraction(97), Fraction(97))
    '97.00'
    """
    if value != threshold:
        while places < MOST_PLACES and _steps(value, places) == _steps(threshold, places):
            places += 1
    return show(value, places)


def plain(value: Fraction | Decimal) -> str:
    """Return `value` without grouping or trailing zeros, as a form would take it (at most 12 decimals).

    >>> plain(Fraction(97)), plain(Fraction(1, 3)), plain(Decimal("3.10"))
    ('97', '0.333333333333', '3.1')
    """
    return _written(value, MOST_PLACES, minus="-").rstrip("0").rstrip(".")
