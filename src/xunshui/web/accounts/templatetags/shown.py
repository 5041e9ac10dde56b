"""How figures and moments are shown on every page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from django import template

from xunshui.quantities import show
from xunshui.review.deadline import BEIJING

register = template.Library()


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Return an instant in Beijing time, as `2024-09-30 23:59`."""
    return value.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if value else "—"


@register.filter
def day(value: dt.date | None) -> str:
    """Return a day as officials write it: 2024年9月30日."""
    return f"{value.year}年{value.month}月{value.day}日" if value else "—"


@register.filter
def figure(value: Decimal | Fraction | float | int | None, places: int = 2) -> str:
    """Return a figure rounded for the eye, thousands by a thin space; a dash where there is none."""
    if value is None or value == "":
        return "—"
    return show(Fraction(str(value)) if isinstance(value, float) else Fraction(value), places)


@register.filter
def typed(value: Decimal | str) -> str:
    """Return a figure with the decimals it was typed with, thousands by a thin space; words as they are.

    >>> typed(Decimal("14359.0")), typed("约两年")
    ('14\u2009359.0', '约两年')
    """
    if isinstance(value, str):
        return value
    exponent = value.as_tuple().exponent
    return show(value, max(0, -exponent) if isinstance(exponent, int) else 0)


@register.filter
def of(mapping: dict[str, object], key: object) -> object:
    """Return the value of a key in a mapping; templates have no brackets."""
    return mapping.get(str(key), "") if isinstance(mapping, dict) else ""
