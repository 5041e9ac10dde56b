"""Samples of SL 651: the numbers of a report.

A channel's code is function and element, such as ``32/39``. A value holds for its time of observation, else for the
time of sending.

>>> from xunshui.telemetry.sl651.message import read_frame
>>> raw = bytes.fromhex(
...     "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F05910111549"
...     "20190000052619000005392300000127381211150320FA"
... )
>>> [sample.code for sample in samples_of(read_frame(raw))], samples_of(read_frame(raw))[2].value
(['30/20', '30/26', '30/39', '30/38'], 0.127)
"""

from __future__ import annotations

from xunshui.telemetry.sample import Sample
from xunshui.telemetry.sl651.message import Message


def samples_of(message: Message) -> list[Sample]:
    """Return the numbers of a report; none for other messages."""
    found: list[Sample] = []
    for element in message.elements:
        at_us = message.sent_us if element.observed_us is None else element.observed_us
        if element.value is not None and at_us is not None:
            found.append(Sample(f"{message.function}/{element.id}", at_us, element.value))
    return found
