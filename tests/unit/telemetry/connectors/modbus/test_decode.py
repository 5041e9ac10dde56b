"""Registers become numbers as their type, order and scale say; the bytes were worked out by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from xunshui.telemetry.connectors.modbus import Register
from xunshui.telemetry.connectors.modbus.decode import samples_of, value_of
from xunshui.telemetry.sample import Sample


def register(**told: Any) -> Register:
    return Register(**{"code": "a", "table": "holding", "address": 0, "type": "uint16", **told})


@pytest.mark.parametrize(
    ("told", "words", "value"),
    [
        # 12.5 = 1.1001b × 2^3: sign 0, exponent 130 = 10000010b, fraction 1001b → 0x41480000.
        pytest.param({"type": "float32"}, [0x4148, 0], 12.5, id="float32"),
        pytest.param({"type": "float32", "order": "little"}, [0, 0x4148], 12.5, id="float32_low_word_first"),
        pytest.param({"type": "float64"}, [0xC000, 0, 0, 0], -2.0, id="float64"),
        pytest.param(
            {"type": "float64", "order": "little"}, [0, 0, 0, 0xC000], -2.0, id="float64_low_word_first"
        ),
        pytest.param({"type": "int16"}, [0x8000], -32_768.0, id="int16"),
        pytest.param({"type": "uint16"}, [0x8000], 32_768.0, id="uint16"),
        pytest.param({"type": "int32"}, [0xFFFF, 0xFFFE], -2.0, id="int32"),
        pytest.param({"type": "uint32", "order": "little"}, [1, 2], 131_073.0, id="uint32_low_word_first"),
        pytest.param({"type": "int64"}, [0xFFFF, 0xFFFF, 0xFFFF, 0], -65_536.0, id="int64"),
        pytest.param(
            {"type": "uint64", "order": "little"}, [1, 0, 1, 0], 4_294_967_297.0, id="uint64_low_word_first"
        ),
        pytest.param({"table": "coil", "type": "bool"}, [1], 1.0, id="coil"),
        pytest.param({"scale": 0.1}, [3], 0.3, id="scale_in_decimals"),
        pytest.param({"scale": 0.01, "offset": -40}, [4_020], 0.2, id="scale_and_offset"),
        pytest.param({"type": "float32"}, [0x7FC0, 0], None, id="nan_is_no_value"),
        pytest.param({"type": "float32"}, [0xFF80, 0], None, id="infinity_is_no_value"),
        pytest.param({"type": "float64", "scale": 1e300}, [0x7E37, 0, 0, 0], None, id="overflow_is_no_value"),
    ],
)
def test_value(told: dict[str, Any], words: list[int], value: float | None) -> None:
    assert value_of(register(**told), words) == value


def test_samples_can_be_read_again_from_the_raw_text() -> None:
    registers = [register(code="a", address=10), register(code="b", address=11, type="int32")]
    reads = [
        {"table": "holding", "address": 10, "at_us": 5, "words": [7, 0xFFFF, 0xFFFF]},
        {"table": "input", "address": 10, "at_us": 6, "words": [9]},
    ]

    again = json.loads(json.dumps(reads))

    assert samples_of(registers, again) == [Sample("a", 5, 7.0), Sample("b", 5, -1.0)]


def test_what_was_refused_or_cut_short_gives_no_sample() -> None:
    reads = [
        {"table": "holding", "address": 0, "at_us": 5, "exception": 2},
        {"table": "holding", "address": 0, "at_us": 6, "words": [1]},
    ]

    assert samples_of([register(type="uint32")], reads) == []
