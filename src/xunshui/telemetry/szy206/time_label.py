"""The time label at the end of a self-report, and the instant it means.

SZY206 writes second, minute, hour and day in BCD and the allowed delay: the month is not told and follows from when the
frame came. Its heir SL/T 427-2021 puts month and year before the delay. Local time.
"""

from __future__ import annotations

import datetime as dt

from xunshui.telemetry.localtime import instant_of_digits, local_datetime

SHORT, LONG = 5, 7
"""Bytes of the two forms."""


def is_label(label: bytes) -> bool:
    """Return whether these bytes can be a time label.

    >>> is_label(bytes.fromhex("0057172800")), is_label(bytes.fromhex("0057179900"))
    (True, False)
    """
    parts = _parts(label)
    if parts is None:
        return False
    second, minute, hour, day, *later = parts
    return second < 60 and minute < 60 and hour < 24 and 1 <= day <= 31 and (not later or 1 <= later[0] <= 12)


def instant_of(label: bytes, now_us: int) -> int | None:
    """Return the instant [µs] of a label that came at `now_us`; without a month, the nearest one. None for no label.

    >>> from xunshui.telemetry.localtime import instant_of_text
    >>> now = instant_of_text("2024-03-01T00:10")
    >>> instant_of(bytes.fromhex("0050232900"), now) == instant_of_text("2024-02-29T23:50")
    True
    """
    parts = _parts(label)
    if parts is None:
        return None
    second, minute, hour, day, *later = parts
    clock = f"{day:02d}{hour:02d}{minute:02d}{second:02d}"
    if later:
        return instant_of_digits(f"20{later[1]:02d}{later[0]:02d}{clock}")
    instants = (instant_of_digits(month + clock) for month in _months_around(now_us))
    return min((at for at in instants if at is not None), key=lambda at: abs(at - now_us), default=None)


def shown(label: bytes) -> str | None:
    """Return a label for the eye, with year and month where it has them; None for no label.

    >>> shown(bytes.fromhex("0057172800")), shown(bytes.fromhex("00571728022400")), shown(b"")
    ('28日 17:57:00', '2024-02-28 17:57:00', None)
    """
    parts = _parts(label)
    if parts is None or not is_label(label):
        return None
    second, minute, hour, day, *later = parts
    date = f"20{later[1]:02d}-{later[0]:02d}-{day:02d}" if later else f"{day:02d}日"
    return f"{date} {hour:02d}:{minute:02d}:{second:02d}"


def _parts(label: bytes) -> list[int] | None:
    digits = label[:-1].hex()
    if len(label) not in (SHORT, LONG) or not digits.isdecimal():
        return None
    return [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]


def _months_around(now_us: int) -> list[str]:
    middle = local_datetime(now_us).date().replace(day=15)
    return [(middle + dt.timedelta(days=days)).strftime("%Y%m") for days in (-30, 0, 30)]
