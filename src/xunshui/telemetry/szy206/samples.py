"""Samples of SZY206: the numbers of a self-report, at the instant of its time label.

A channel's code is function and value, such as ``C0/flow1``, ``C0/total1``, ``C0/level2``.

>>> from xunshui.telemetry.localtime import instant_of_text
>>> from xunshui.telemetry.szy206.message import read_frame
>>> raw = bytes.fromhex("681A68B35303810D00C00059000000826110000001106000004508090A3516")
>>> samples = samples_of(read_frame(raw), instant_of_text("2024-05-09T08:46"))
>>> [(each.code, each.value) for each in samples], samples[0].at_us == instant_of_text("2024-05-09T08:45")
([('C0/flow1', 5.9), ('C0/total1', 106182.0)], True)
"""

from __future__ import annotations

from xunshui.telemetry.sample import Sample
from xunshui.telemetry.szy206.message import Message
from xunshui.telemetry.szy206.time_label import instant_of


def samples_of(message: Message, now_us: int) -> list[Sample]:
    """Return the numbers of a self-report that came at `now_us`; none for other messages, and none without a time."""
    at_us = instant_of(message.time_label, now_us)
    if at_us is None:
        return []
    return [
        Sample(f"{message.function}/{measure.code}", at_us, measure.value)
        for measure in message.measures or ()
        if measure.value is not None
    ]
