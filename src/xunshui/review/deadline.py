"""Deadlines are instants: one moment for everyone, whatever the zone of a server or a browser."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

BEIJING = dt.timezone(dt.timedelta(hours=8), "北京时间")
"""China keeps one zone and no summer time, so the offset needs no table."""


class NaiveInstant(ValueError):
    """A date and time without a zone: two servers would read two moments in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The moment at which something closes; `at` itself is too late, `grace` still lets a started act end.

    >>> Deadline(at=dt.datetime(2024, 10, 1, tzinfo=BEIJING)).text
    '2024年9月30日 24:00（北京时间）'
    """

    at: dt.datetime
    grace: dt.timedelta = dt.timedelta(0)

    def __post_init__(self) -> None:
        """Refuse an instant without a zone."""
        _refuse_naive(self.at)

    @property
    def closes(self) -> dt.datetime:
        """Return the first moment at which nothing is taken any more."""
        return self.at + self.grace

    @property
    def text(self) -> str:
        """Return the deadline as officials write it: midnight belongs to the day that ends."""
        local = self.at.astimezone(BEIJING)
        if (local.hour, local.minute, local.second) == (0, 0, 0):
            day = local - dt.timedelta(days=1)
            return f"{day.year}年{day.month}月{day.day}日 24:00（北京时间）"
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}（北京时间）"

    def is_open(self, now: dt.datetime) -> bool:
        """Return whether something may still be handed in at `now`."""
        _refuse_naive(now)
        return now < self.closes

    def remaining(self, now: dt.datetime) -> str:
        """Return how long there is still, in the largest unit that says something.

        >>> Deadline(at=dt.datetime(2024, 10, 1, tzinfo=BEIJING)).remaining(dt.datetime(2024, 9, 28, 12, tzinfo=BEIJING))
        '还有 2 天'
        """
        _refuse_naive(now)
        left = self.closes - now
        if left <= dt.timedelta(0):
            return "已截止"
        for size, name in ((86400, "天"), (3600, "小时"), (60, "分钟")):
            if left.total_seconds() >= size:
                return f"还有 {int(left.total_seconds() // size)} {name}"
        return f"还有 {int(left.total_seconds())} 秒"


def _refuse_naive(moment: dt.datetime) -> None:
    if moment.tzinfo is None:
        raise NaiveInstant(f"{moment} 没有时区；请写成 2024-10-01T00:00:00+08:00")
