"""Values of SZY206: what the data of a self-report tell, where public sources say how.

Numbers are in BCD, low byte first; the upper half of the last byte is the sign, 0 or F, where there is one. Bytes that
are AA throughout were not measured. Two public sources say so of the kinds below: a program for SZY206, and a text of
its heir SL/T 427-2021, which also gives the decimals of level and pressure. Three public frames agree for flow.
All other kinds stay bytes.

A meter tells flow and total, 5 bytes each. The upper half of a flow's last byte is not one thing in both papers: 0 is
a number as it stands; 3 is told in m³/h by the newer one, in a channel of its own; anything else is no number here.

>>> [(each.code, each.value) for each in measures_of(3, bytes.fromhex("00590000008261100000")) or ()]
[('flow1', 5.9), ('total1', 106182.0)]
>>> measures_of(3, bytes.fromhex("0059000000")) is None
True
"""

from __future__ import annotations

from typing import NamedTuple

RAIN, LEVEL, FLOW, SPEED, PRESSURE = 0x1, 0x2, 0x3, 0x4, 0xF
NOT_MEASURED, NEGATIVE = 0xAA, 0xF
FLOW_DECIMALS, FLOW_BYTES = 3, 5
FLOWS = {0x0: "flow", 0x3: "flow_m3_per_h"}
"""By the upper half of the last byte."""
MOST_TOTAL = 0x7
"""The upper half of a total's last byte is its highest digit, up to 7."""


class Form(NamedTuple):
    """How one kind of value is written."""

    code: str
    size: int
    decimals: int
    has_sign: bool


FORMS = {
    RAIN: Form("rain", 3, 1, has_sign=False),
    LEVEL: Form("level", 4, 3, has_sign=True),
    SPEED: Form("speed", 3, 3, has_sign=True),
    PRESSURE: Form("pressure", 4, 2, has_sign=False),
}


class Measure(NamedTuple):
    """One value. `value` is None where it was not measured, or its digits are no number."""

    code: str
    raw: str
    value: float | None


def size_of(kind: int) -> int | None:
    """Return how many bytes one instrument of a kind tells, or None where that is not known."""
    return 2 * FLOW_BYTES if kind == FLOW else FORMS[kind].size if kind in FORMS else None


def measures_of(kind: int, values: bytes) -> tuple[Measure, ...] | None:
    """Return the values of a kind, one instrument after the other; None where they are not known to be written so."""
    size = size_of(kind)
    if not values or size is None or len(values) % size:
        return None
    parts = [values[at : at + size] for at in range(0, len(values), size)]
    if kind == FLOW:
        return tuple(each for number, part in enumerate(parts, 1) for each in _meter(number, part))
    return tuple(_measure(FORMS[kind], number, part) for number, part in enumerate(parts, 1))


def _meter(number: int, part: bytes) -> tuple[Measure, Measure]:
    flow, total = part[:FLOW_BYTES], part[FLOW_BYTES:]
    unit = flow[-1] >> 4
    known = unit in FLOWS
    return (
        Measure(
            f"{FLOWS.get(unit, 'flow')}{number}",
            flow.hex().upper(),
            _number(flow, FLOW_DECIMALS, upper="") if known else None,
        ),
        Measure(
            f"total{number}",
            total.hex().upper(),
            _number(total, 0) if total[-1] >> 4 <= MOST_TOTAL else None,
        ),
    )


def _measure(form: Form, number: int, part: bytes) -> Measure:
    code = form.code if form.code == "rain" else f"{form.code}{number}"
    if not form.has_sign:
        return Measure(code, part.hex().upper(), _number(part, form.decimals))
    upper = {0: "", NEGATIVE: "-"}.get(part[-1] >> 4)
    value = None if upper is None else _number(part, form.decimals, upper=upper)
    return Measure(code, part.hex().upper(), value)


def _number(part: bytes, decimals: int, *, upper: str | None = None) -> float | None:
    """Return the number of these bytes; `upper` stands for the upper half of the last one, where it is no digit."""
    digits = part[::-1].hex()
    if upper is not None:
        digits = digits[1:]
    return float(f"{upper or ''}{digits}e-{decimals}") if digits.isdecimal() else None
