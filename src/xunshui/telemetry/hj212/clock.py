"""How far a logger's clock is off, from when its real-time frames say they were sent and when they came.

A frame sent now keeps its distance to our clock from one to the next; frames sent again after a breakdown come in a
rush, their distances shrinking. So a deviation counts only where most of the last few agree.

>>> skew = Skew()
>>> for sent_us, came_us in ((100e6, 400e6), (130e6, 430e6), (160e6, 460e6)):
...     skew.measure(int(sent_us), int(came_us))
>>> skew.seconds
-300.0
"""

from __future__ import annotations

from collections import deque
from statistics import median

from xunshui.telemetry.hj212.message import Message
from xunshui.telemetry.localtime import SECOND_US, instant_of_digits

LAST, AGREEING = 5, 3
APART_US = 5 * SECOND_US
OLD_US = 600 * SECOND_US
"""A real-time frame whose DataTime lies that far before its QN is sent late."""
REAL_TIME = "2011"


class Skew:
    """The deviation of one logger's clock."""

    def __init__(self) -> None:
        """Know nothing."""
        self._measured: deque[int] = deque(maxlen=LAST)
        self.seconds: float | None = None
        """How far the logger is ahead; None while unknown."""

    def measure(self, sent_us: int, came_us: int) -> None:
        """Take one frame's instants, the logger's and ours."""
        self._measured.append(sent_us - came_us)
        middle = median(self._measured)
        if sum(abs(each - middle) <= APART_US for each in self._measured) >= AGREEING:
            self.seconds = round(middle / SECOND_US, 1)

    def forget(self) -> None:
        """Know nothing any more: the clock was set."""
        self._measured.clear()
        self.seconds = None


def sent_at(message: Message) -> int | None:
    """Return the instant [µs] at which a logger says it sent this frame; None for all that is not sent as it happens.

    >>> from xunshui.telemetry.hj212.message import read_segment
    >>> head = b"QN=19700101080001000;ST=32;CN=2011;PW=1;MN=A;Flag=5;"
    >>> sent_at(read_segment(head + b"CP=&&DataTime=19700101080000&&"))
    1000000
    >>> sent_at(read_segment(head + b"RF=1;CP=&&DataTime=19700101080000&&")) is None
    True
    """
    fields = message.fields
    if message.command != REAL_TIME or fields.get("RF", "0") != "0":
        return None
    sent = instant_of_digits(fields.get("QN", ""))
    held = instant_of_digits(message.value("DataTime") or "")
    if sent is None or held is None or sent - held > OLD_US:
        return None
    return sent
