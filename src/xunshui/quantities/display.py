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
    numerator, denominator = value.as_integer_ratio()
    # Half up by integers: a Decimal quotient would round once before it is rounded again.
    whole, rest = divmod(abs(numerator) * 10**places, denominator)
    whole += 2 * rest >= denominator
    sign = "-" if numerator < 0 and whole else ""
    # Written out, since Decimal's own arithmetic would cut a long number to 28 digits.
    return Decimal(f"{sign}{whole}E-{places}")


def show(value: Fraction | Decimal | None, places: int = 2) -> str:
    """Return `value` with `places` decimals and thousands parted by thin spaces; a missing one as a dash.

    >>> show(Fraction(1234567, 100), 1).replace(THIN_SPACE, "_")
    '12_345.7'
    >>> show(None)
    '—'
    """
    if value is None:
        return "—"
    text = f"{rounded(value, places):,.{places}f}"
    return text.replace(",", THIN_SPACE).replace("-", "−")


def show_beside(value: Fraction, threshold: Fraction, places: int = 2) -> str:
    """Return `value` with as many decimals as it takes to tell it from `threshold`.

    A reuse rate of 96.9996 % must not be printed as 97.00 % beside "> 97 %".

    >>> show_beside(Fraction(969996, 10000), Fraction(97))
    '96.9996'
    >>> show_beside(Fraction(97), Fraction(97))
    '97.00'
    """
    while (
        places < MOST_PLACES and value != threshold and rounded(value, places) == rounded(threshold, places)
    ):
        places += 1
    return show(value, places)


def plain(value: Fraction | Decimal) -> str:
    """Return `value` without grouping or trailing zeros, as a form would take it (at most 12 decimals).

    >>> plain(Fraction(97)), plain(Fraction(1, 3)), plain(Decimal("3.10"))
    ('97', '0.333333333333', '3.1')
    """
    return f"{rounded(value, MOST_PLACES):f}".rstrip("0").rstrip(".")
