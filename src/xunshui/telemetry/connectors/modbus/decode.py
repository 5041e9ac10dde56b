"""Decoding: from registers as they came to samples."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from decimal import Decimal
from math import isfinite
from typing import Any

from xunshui.telemetry.connectors.modbus.settings import Register
from xunshui.telemetry.sample import Sample

_FORMS = {
    "int16": ">h",
    "uint16": ">H",
    "int32": ">i",
    "uint32": ">I",
    "float32": ">f",
    "int64": ">q",
    "uint64": ">Q",
    "float64": ">d",
}

Read = dict[str, Any]
"""What one request gave: table, address, at_us, and words or the exception code."""


def value_of(register: Register, words: Sequence[int]) -> float | None:
    """Return the value that a register's words tell; None where they are no number (NaN, infinity).

    >>> tenth = Register(code="t", table="input", address=0, type="int16", scale=0.1)
    >>> value_of(tenth, [0xFFFD])
    -0.3
    """
    if register.type == "bool":
        return float(bool(words[0]))
    ordered = words if register.order == "big" else words[::-1]
    [number] = struct.unpack(_FORMS[register.type], struct.pack(f">{len(words)}H", *ordered))
    if not isfinite(number):
        return None
    value = _scaled(register, number)
    return value if isfinite(value) else None


def samples_of(registers: Sequence[Register], reads: Sequence[Read]) -> list[Sample]:
    """Return the samples in what requests gave; a register that no answered request holds gives none."""
    samples = []
    for read in reads:
        words = read.get("words", ())
        for register in registers:
            start = register.address - read["address"]
            if register.table != read["table"] or start < 0 or start + register.words > len(words):
                continue
            value = value_of(register, words[start : start + register.words])
            if value is not None:
                samples.append(Sample(register.code, read["at_us"], value))
    return samples


def _scaled(register: Register, number: float) -> float:
    if register.scale == 1 and register.offset == 0:
        return float(number)
    # In decimals, so that 3 × 0.1 is 0.3, as the meter's display says.
    return float(Decimal(number) * Decimal(repr(register.scale)) + Decimal(repr(register.offset)))
