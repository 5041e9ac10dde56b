"""China's one clock: local time is UTC+8 by an integer shift, without a time-zone database.

Instants are whole microseconds since 1970-01-01 00:00 UTC; days are counted from 1970-01-01 in local time.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 3_600 * SECOND_US
DAY_US = 24 * HOUR_US
SHIFT_US = 8 * HOUR_US
EPOCH = dt.date(1970, 1, 1)
CHINA = dt.timezone(dt.timedelta(hours=8), "UTC+8")


@lru_cache(maxsize=65_536)
def instant_of_digits(digits: str) -> int | None:
    """Return the instant [µs] of local YYYYMMDDhhmmss with up to three digits of milliseconds, or None.

    >>> instant_of_digits("19700101080000")
    0
    >>> instant_of_digits("20241301000000") is None
    True
    """
    if len(digits) not in (14, 17) or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        at = dt.datetime(
            int(digits[:4]),
            int(digits[4:6]),
            int(digits[6:8]),
            int(digits[8:10]),
            int(digits[10:12]),
            int(digits[12:14]),
        )
    except ValueError:
        return None
    whole = (at - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1)
    return whole + int(digits[14:] or 0) * 1000 - SHIFT_US


def digits_of_instant(at_us: int, *, milliseconds: bool = False) -> str:
    """Return an instant as local YYYYMMDDhhmmss, with three digits of milliseconds where asked.

    >>> digits_of_instant(0, milliseconds=True)
    '19700101080000000'
    """
    local = dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=at_us + SHIFT_US)
    told = local.strftime("%Y%m%d%H%M%S")
    return f"{told}{local.microsecond // 1000:03d}" if milliseconds else told


def day_of(at_us: int) -> int:
    """Return the local day of an instant.

    >>> day_of(16 * HOUR_US - 1), day_of(16 * HOUR_US)
    (0, 1)
    """
    return (at_us + SHIFT_US) // DAY_US


def start_of_day(day: int) -> int:
    """Return the instant [µs] at which a local day begins."""
    return day * DAY_US - SHIFT_US


def date_of_day(day: int) -> dt.date:
    """Return the calendar date of a local day."""
    return EPOCH + dt.timedelta(days=day)


def day_of_date(date: dt.date) -> int:
    """Return the number of a calendar date."""
    return (date - EPOCH).days


def local_datetime(at_us: int) -> dt.datetime:
    """Return an instant as an aware local time."""
    return dt.datetime.fromtimestamp(at_us / SECOND_US, CHINA)


def instant_of_text(text: str) -> int:
    """Return the instant [µs] of a date or time in ISO form; without a zone it is local time.

    Raises ValueError where the text is no time.

    >>> instant_of_text("1970-01-01T08:00:01"), instant_of_text("1970-01-01T00:00:01Z")
    (1000000, 1000000)
    """
    at = dt.datetime.fromisoformat(text)
    aware = at if at.tzinfo else at.replace(tzinfo=CHINA)
    return (aware - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
