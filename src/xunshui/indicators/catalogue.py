"""All indicators, in the order in which a report shows them."""

from __future__ import annotations

from xunshui.indicators import (
    condensate,
    cooling,
    losses,
    metering,
    nonconventional,
    park_reuse,
    reuse,
    withdrawal,
    wue,
)
from xunshui.indicators.indicator import Indicator, Ledgered, Value

INDICATORS: tuple[Indicator, ...] = (
    *reuse.INDICATORS,
    *park_reuse.INDICATORS,
    *cooling.INDICATORS,
    *condensate.INDICATORS,
    *withdrawal.INDICATORS,
    *nonconventional.INDICATORS,
    *losses.INDICATORS,
    *metering.INDICATORS,
    *wue.INDICATORS,
)
BY_KEY = {indicator.key: indicator for indicator in INDICATORS}


def values(ground: Ledgered) -> dict[str, Value]:
    """Return every indicator that applies to the site in the period, by its id."""
    found = (value for indicator in INDICATORS for value in indicator.of(ground))
    return {value.id: value for value in found}
