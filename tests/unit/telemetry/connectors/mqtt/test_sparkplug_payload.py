"""The Sparkplug payload: bytes worked out by hand, and a round trip."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.telemetry.connectors.mqtt.sparkplug_payload import (
    DOUBLE,
    FLOAT,
    Metric,
    Payload,
    PayloadInvalid,
    Value,
    decode,
    encode,
    number_of,
)

UINT64 = st.integers(0, 2**64 - 1)
VALUES: list[st.SearchStrategy[tuple[int, Value]]] = [
    st.tuples(st.sampled_from([1, 2, 3, 5, 6, 7]), st.integers(0, 2**32 - 1)),
    st.tuples(st.sampled_from([4, 8, 13]), UINT64),
    st.tuples(st.just(FLOAT), st.floats(width=32, allow_nan=False)),
    st.tuples(st.just(DOUBLE), st.floats(allow_nan=False)),
    st.tuples(st.just(11), st.booleans()),
    st.tuples(st.just(12), st.text()),
    st.tuples(st.just(17), st.binary()),
]


@st.composite
def metrics(draw: st.DrawFn) -> Metric:
    datatype, value = draw(st.one_of(VALUES))
    return Metric(
        name=draw(st.none() | st.text()),
        alias=draw(st.none() | UINT64),
        timestamp=draw(st.none() | UINT64),
        datatype=datatype,
        is_historical=draw(st.booleans()),
        is_null=draw(st.booleans()),
        quality=draw(st.sampled_from([None, 0, 192, 500])),
        value=value,
    )


@given(
    st.builds(
        Payload,
        timestamp=st.none() | UINT64,
        seq=st.none() | st.integers(0, 255),
        metrics=st.lists(metrics(), max_size=3),
    )
)
def test_round_trip(payload: Payload) -> None:
    assert decode(encode(payload)) == payload


@given(st.binary())
def test_any_bytes_are_a_payload_or_refused(content: bytes) -> None:
    try:
        decode(content)
    except PayloadInvalid:
        return


def test_bytes_worked_out_by_hand() -> None:
    metric = (
        b"\x0a\x04flow"  # 1, length: name
        b"\x10\x96\x01"  # 2, varint: alias 150
        b"\x18\x01"  # 3, varint: timestamp 1
        b"\x20\x09"  # 4, varint: datatype Float
        b"\x28\x01"  # 5, varint: historical
        b"\x4a\x10\x0a\x07Quality\x12\x05\x08\x03\x18\xf4\x03"  # 9: Quality = Int32 500
        b"\x65\x00\x00\x48\x41"  # 12, four bytes: 12.5, low byte first
    )
    content = b"\x08\x80\x01" + b"\x12" + bytes([len(metric)]) + metric + b"\x18\x07\x22\x01u"
    read = Metric(
        name="flow", alias=150, timestamp=1, datatype=9, is_historical=True, quality=500, value=12.5
    )

    assert decode(content) == Payload(timestamp=128, seq=7, metrics=[read])
    assert encode(Payload(timestamp=128, seq=7, metrics=[read])) == content[:-3]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"\x08\x80", "第 2 字节处的整数不完整", id="varint_cut"),
        pytest.param(b"\x08" + b"\xff" * 11, "第 11 字节处的整数不完整", id="varint_without_end"),
        pytest.param(b"\x12\x05ab", "第 2 字节处的字段不完整", id="field_cut"),
        pytest.param(b"\x0b", "第 1 字节处的字段类型 3 不认识", id="group"),
        pytest.param(b"\x12\x03\x0a\x01\xff", "名称不是 UTF-8", id="name_is_no_text"),
    ],
)
def test_what_is_no_payload_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(PayloadInvalid) as caught:
        decode(content)

    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("datatype", "wire", "number"),
    [
        pytest.param(1, 0xFF, -1.0, id="int8"),
        pytest.param(1, 0xFFFFFFFF, -1.0, id="int8_sign_extended"),
        pytest.param(2, 0x8000, -32_768.0, id="int16"),
        pytest.param(3, 2**32 - 2, -2.0, id="int32"),
        pytest.param(3, 2**64 - 2, -2.0, id="int32_sign_extended"),
        pytest.param(4, 2**64 - 3, -3.0, id="int64"),
        pytest.param(5, 0xFF, 255.0, id="uint8"),
        pytest.param(8, 2**63, float(2**63), id="uint64"),
        pytest.param(13, 1, None, id="date_is_no_measurement"),
        pytest.param(None, 1, None, id="unknown_type"),
        pytest.param(9, struct.unpack("<f", b"\x00\x00\xc0\x7f")[0], None, id="nan"),
        pytest.param(12, "text", None, id="text"),
    ],
)
def test_number(datatype: int | None, wire: Value, number: float | None) -> None:
    assert number_of(wire, datatype) == number
