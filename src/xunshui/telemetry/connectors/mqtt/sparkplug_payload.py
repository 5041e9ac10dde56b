"""The payload of Sparkplug B, one message of protocol buffers: read and written without a compiler.

Field numbers are those of Eclipse Tahu's ``sparkplug_b.proto`` (Sparkplug 3.0.0, 6.4). Data sets, templates and
metadata are passed over: a measuring point is a plain number.

>>> payload = Payload(timestamp=1700000000000, seq=7, metrics=[Metric(name="flow", datatype=10, value=12.5)])
>>> decode(encode(payload)) == payload
True
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite

_MASK = 2**64 - 1
_SIGNED = {1: 8, 2: 16, 3: 32, 4: 64}
_UNSIGNED = {5: 8, 6: 16, 7: 32, 8: 64}
FLOAT, DOUBLE, BOOLEAN, STRING = 9, 10, 11, 12
_LONG = (4, 7, 8, 13)
"""Data types that travel as `long_value`."""

Value = int | float | bool | str | bytes


class PayloadInvalid(ValueError):
    """Bytes that are no payload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric. Of whole numbers `value` is what travels, without a sign; `number_of` knows the sign.

    `quality` is the property "Quality": 0 bad, 192 good, 500 stale.
    """

    name: str | None = None
    alias: int | None = None
    timestamp: int | None = None
    datatype: int | None = None
    is_historical: bool = False
    is_null: bool = False
    quality: int | None = None
    value: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """One message; times are milliseconds since 1970."""

    timestamp: int | None = None
    seq: int | None = None
    metrics: list[Metric] = field(default_factory=list)


def number_of(value: Value | None, datatype: int | None) -> float | None:
    """Return the number a value tells under its data type, true as 1; None for what is no measurement.

    >>> number_of(0xFF, 1), number_of(0xFFFFFFFF, 1), number_of(255, 5), number_of(True, 11)
    (-1.0, -1.0, 255.0, 1.0)
    >>> number_of(255, None) is None, number_of(1700000000000, 13) is None
    (True, True)
    """
    if isinstance(value, bool | float):
        return float(value) if isfinite(value) else None
    if not isinstance(value, int):
        return None
    # Some senders extend the sign of a small number to 32 or 64 bits, others do not.
    if datatype in _SIGNED:
        bits = _SIGNED[datatype]
        number = value & (2**bits - 1)
        return float(number - 2**bits if number >> (bits - 1) else number)
    if datatype in _UNSIGNED:
        return float(value & (2 ** _UNSIGNED[datatype] - 1))
    return None


def decode(content: bytes) -> Payload:
    """Return the payload. Raises `PayloadInvalid`."""
    timestamp = seq = None
    metrics = []
    for number, value in _fields(content):
        match number, value:
            case 1, int():
                timestamp = value
            case 2, bytes():
                metrics.append(_metric(value))
            case 3, int():
                seq = value
    return Payload(timestamp=timestamp, seq=seq, metrics=metrics)


def encode(payload: Payload) -> bytes:
    """Return the payload's bytes."""
    parts = [_integer(1, payload.timestamp)]
    parts += [_bytes(2, _encoded(metric)) for metric in payload.metrics]
    return b"".join([*parts, _integer(3, payload.seq)])


def _metric(content: bytes) -> Metric:
    found: dict[str, Value] = {}
    for number, value in _fields(content):
        match number, value:
            case 1, bytes():
                found["name"] = _text(value)
            case 2, int():
                found["alias"] = value
            case 3, int():
                found["timestamp"] = value
            case 4, int():
                found["datatype"] = value
            case 5, int():
                found["is_historical"] = bool(value)
            case 7, int():
                found["is_null"] = bool(value)
            case 9, bytes():
                found |= _quality(value)
            case _:
                found |= _value(number, value)
    return Metric(**found)  # type: ignore[arg-type]  # each name holds its own kind, see the cases


def _value(number: int, value: int | bytes) -> dict[str, Value]:
    match number, value:
        case ((10 | 11), int()):
            return {"value": value}
        case 12, bytes() if len(value) == 4:
            return {"value": struct.unpack("<f", value)[0]}
        case 13, bytes() if len(value) == 8:
            return {"value": struct.unpack("<d", value)[0]}
        case 14, int():
            return {"value": bool(value)}
        case 15, bytes():
            return {"value": _text(value)}
        case 16, bytes():
            return {"value": value}
    return {}


def _quality(content: bytes) -> dict[str, Value]:
    keys, values = [], []
    for number, value in _fields(content):
        if number == 1 and isinstance(value, bytes):
            keys.append(_text(value))
        elif number == 2 and isinstance(value, bytes):
            values.append({key: told for key, told in _fields(value) if isinstance(told, int)})
    told = dict(zip(keys, values, strict=False)).get("Quality", {})
    return {"quality": told[3]} if 3 in told else {}


def _fields(content: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield each field's number with its integer, or its bytes where it has a length or a fixed width."""
    place = 0
    while place < len(content):
        key, place = _varint(content, place)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, place = _varint(content, place)
            yield number, value
            continue
        if wire == 2:
            size, place = _varint(content, place)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise PayloadInvalid(f"第 {place} 字节处的字段类型 {wire} 不认识")
        if place + size > len(content):
            raise PayloadInvalid(f"第 {place} 字节处的字段不完整")
        yield number, content[place : place + size]
        place += size


def _varint(content: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    for byte in content[place : place + 10]:
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value & _MASK, place
    raise PayloadInvalid(f"第 {place} 字节处的整数不完整")


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise PayloadInvalid("名称不是 UTF-8") from None


def _encoded(metric: Metric) -> bytes:
    name = b"" if metric.name is None else _bytes(1, metric.name.encode())
    parts = [name, _integer(2, metric.alias), _integer(3, metric.timestamp), _integer(4, metric.datatype)]
    parts += [_integer(5, metric.is_historical or None), _integer(7, metric.is_null or None)]
    if metric.quality is not None:
        parts.append(
            _bytes(9, _bytes(1, b"Quality") + _bytes(2, _integer(1, 3) + _integer(3, metric.quality)))
        )
    return b"".join([*parts, _encoded_value(metric)])


def _encoded_value(metric: Metric) -> bytes:
    match metric.value:
        case None:
            return b""
        case bool():
            return _integer(14, metric.value)
        case float() if metric.datatype == FLOAT:
            return b"\x65" + struct.pack("<f", metric.value)
        case float():
            return b"\x69" + struct.pack("<d", metric.value)
        case int():
            return _integer(11 if metric.datatype in _LONG else 10, metric.value)
        case str():
            return _bytes(15, metric.value.encode())
        case bytes():
            return _bytes(16, metric.value)


def _bytes(number: int, content: bytes) -> bytes:
    return _written(number << 3 | 2) + _written(len(content)) + content


def _integer(number: int, value: int | None) -> bytes:
    return b"" if value is None else _written(number << 3) + _written(int(value))


def _written(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)
