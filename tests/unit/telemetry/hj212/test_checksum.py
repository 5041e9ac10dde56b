"""The fold says what the standard's loop says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xunshui.telemetry.hj212.checksum import checksum, modbus_checksum


def by_the_standard(segment: bytes) -> bytes:
    """The loop of HJ 212-2017, Appendix A, word for word."""
    register = 0xFFFF
    for byte in segment:
        register = (register >> 8) ^ byte
        for _ in range(8):
            register = (register >> 1) ^ 0xA001 if register & 1 else register >> 1
    return b"%04X" % register


@given(st.binary(max_size=3_000))
def test_fold_equals_the_loop(segment: bytes) -> None:
    assert checksum(segment) == by_the_standard(segment)


def test_fold_equals_the_loop_at_every_length_to_the_longest() -> None:
    segment = bytes(range(1, 251)) * 41
    for length in [*range(300), *range(300, 10_000, 97), 9_999]:
        assert checksum(segment[:length]) == by_the_standard(segment[:length]), length


def test_exchange_of_bytes_eight_apart_does_not_show() -> None:
    first, second = b"x1234567y", b"y1234567x"
    assert checksum(first) == checksum(second)


def test_modbus_is_another() -> None:
    # The check value of CRC-16/MODBUS in the catalogue of parametrised CRC algorithms.
    assert modbus_checksum(b"123456789") == b"4B37"
