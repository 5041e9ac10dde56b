"""Text as a page sets it: figures keep their units, control characters go, a text of any length stays in bounds.

>>> amount("97.62", "%")
'97.62\\xa0%'
>>> typeset("再回用 41.3 m³/h").replace(UNBROKEN, "_")
'再回用 41.3_m³/h'
"""

from __future__ import annotations

import datetime as dt
import re

UNBROKEN = "\u00a0"
"""A blank at which no line breaks."""

_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:[%‰°万亿年条项]|m³|kWh|[tLh]\b|k?m\b))")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_BLANKS = re.compile(r"[ \t\n]+")
LONGEST = 160
_BEIJING = dt.timezone(dt.timedelta(hours=8))


def typeset(text: str) -> str:
    """Return the text on one line, without control characters, its figures bound to their units."""
    return _BEFORE_UNIT.sub(UNBROKEN, _BLANKS.sub(" ", _CONTROLS.sub(" ", text)).strip())


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return the text set, cut with an ellipsis where it is longer than `longest` characters.

    >>> shortened("综合污水处理站", 5)
    '综合污水…'
    """
    whole = typeset(text)
    return whole if len(whole) <= longest else whole[: longest - 1].rstrip() + "…"


def amount(figure: str, unit: str) -> str:
    """Return a figure with its unit, never to be parted."""
    return f"{figure}{UNBROKEN}{unit}" if unit else figure


def time_text(instant: dt.datetime | None) -> str:
    """Return an instant as a report prints it; one with a zone is told in Beijing's, empty where there is none.

    >>> time_text(dt.datetime(2024, 9, 30, 16, 0, tzinfo=dt.timezone.utc))
    '2024年10月1日 00:00（北京时间）'
    """
    if instant is None:
        return ""
    told, zone = (instant.astimezone(_BEIJING), "（北京时间）") if instant.tzinfo else (instant, "")
    return f"{told.year}年{told.month}月{told.day}日 {told:%H:%M}{zone}"
