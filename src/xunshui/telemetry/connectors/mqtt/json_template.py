"""JSON messages, read by the template that the devices file gives."""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any, NoReturn

from xunshui.site.mistakes import shown
from xunshui.telemetry.connectors.instants import is_plausible
from xunshui.telemetry.connectors.mqtt.reading import Part, Reading, Unreadable
from xunshui.telemetry.connectors.mqtt.settings import LEVEL, JsonTopic
from xunshui.telemetry.connectors.settings import NAME
from xunshui.telemetry.localtime import SECOND_US, instant_of_text
from xunshui.telemetry.sample import Sample

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_UNITS = ((10**11, SECOND_US), (10**14, 1000), (10**17, 1))
_MISSING = object()


def read_json(
    template: JsonTopic,
    topic: str,
    payload: bytes,
    *,
    device: str,
    received_us: int = 0,
    retained: bool = False,
) -> Reading:
    """Return what a message tells. A missing or null value gives no sample; true is 1.

    `device` is the broker's name. A retained message without a time of its own gives no samples: nobody knows since
    when it lies there. Raises `Unreadable`.
    """
    document = _document(payload)
    at_us = _instant_in(document, template.time) if template.time else received_us
    samples, troubles, found = [], [], False
    for code, path in template.values.items():
        told = _look(document, path)
        found = found or told is not _MISSING
        value = _number(told)
        if value is not None:
            samples.append(Sample(code, at_us, value))
        elif told is not None and told is not _MISSING:
            troubles.append(f"{path} 的值“{shown(told)}”不是数")
    if not found:
        raise Unreadable(f"没有 {'、'.join(template.values.values())}")
    if retained and not template.time:
        samples = []
    return Reading(parts=[Part(_device(template, topic) or device, samples)], trouble="；".join(troubles))


def instant_of(told: object) -> int:
    """Return the instant [µs] of ISO 8601 text (Beijing time where it has no zone) or of a number since 1970.

    Raises `Unreadable`.

    >>> instant_of(1700000000), instant_of("1700000000123"), instant_of("2023-11-15T06:13:20+08:00")
    (1700000000000000, 1700000000123000, 1700000000000000)
    """
    number = _number(told) if not isinstance(told, bool) else None
    try:
        at_us = instant_of_text(str(told)) if number is None else _of_number(number)
    except (ValueError, OverflowError):
        at_us = None
    if at_us is None or not is_plausible(at_us):
        raise Unreadable(f"时间“{shown(told)}”读不懂；应为 ISO 8601，或 1970 年以来的秒、毫秒、微秒")
    return at_us


def _document(payload: bytes) -> Any:
    try:
        return json.loads(payload, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unreadable("不是 JSON") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _instant_in(document: Any, path: str) -> int:
    told = _look(document, path)
    if told is _MISSING or told is None:
        raise Unreadable(f"没有时间 {path}")
    return instant_of(told)


def _of_number(number: float) -> int | None:
    for below, unit in _UNITS:
        if 0 <= number < below:
            # Whole and part apart: a product of both would round the last microsecond.
            return int(number) * unit + round((number - int(number)) * unit)
    return None


def _look(document: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and step.isdecimal() and int(step) < len(document):
            document = document[int(step)]
        else:
            return _MISSING
    return document


def _number(told: object) -> float | None:
    if isinstance(told, str) and not _NUMBER.fullmatch(told):
        return None
    if not isinstance(told, bool | int | float | str):
        return None
    try:
        value = float(told)
    except OverflowError:
        return None
    return value if isfinite(value) else None


def _device(template: JsonTopic, topic: str) -> str:
    if not template.device:
        return ""
    levels = topic.split("/")
    try:
        name = LEVEL.sub(lambda found: levels[int(found[1])], template.device)
    except IndexError:
        raise Unreadable(f"主题 {shown(topic)} 没有 {template.device} 要的那一级") from None
    if not re.match(NAME, name):
        raise Unreadable(f"主题 {shown(topic)} 里的设备名“{shown(name)}”不能用")
    return name
