"""The demo's time: a moment that the site shows, and a clock for each round that only goes forward."""

from __future__ import annotations

import datetime as dt

from xunshui.review.deadline import BEIJING

MOMENT = dt.datetime(2024, 9, 26, 10, 12, tzinfo=BEIJING)
"""What the demo's clock shows when it is made: four days before the recommending deadline of 2024."""


class Calendar:
    """The clock of one round: each act takes some time, and a phase begins on its day."""

    def __init__(self, begins: dt.datetime) -> None:
        """Set the clock."""
        self.now = begins

    def later(self, minutes: float = 7) -> dt.datetime:
        """Return the next moment."""
        self.now += dt.timedelta(minutes=minutes)
        return self.now

    def on(self, moment: dt.datetime) -> dt.datetime:
        """Go forward to a moment, never back, and return it."""
        self.now = max(self.now, moment)
        return self.now


def day(year: int, month: int, number: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    """Return a moment in Beijing."""
    return dt.datetime(year, month, number, hour, minute, tzinfo=BEIJING)
