"""Instants that a device may tell: one outside is a clock that was never set, or a mistake of the sender."""

from __future__ import annotations

from xunshui.telemetry.localtime import SECOND_US

FIRST_US, LAST_US = 946_684_800 * SECOND_US, 4_102_444_800 * SECOND_US
"""2000 and 2100, UTC."""


def is_plausible(at_us: int) -> bool:
    """Return whether an instant [µs] lies in this century.

    >>> is_plausible(0), is_plausible(1_704_067_200_000_000), is_plausible(2**70)
    (False, True, False)
    """
    return FIRST_US <= at_us < LAST_US
