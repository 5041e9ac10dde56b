"""The checksum of HJ 212, which its Appendix A calls CRC16 and which is none.

The standard's loop drops half of its register at every byte::

    r = FFFF;  for each byte b:  r = (r >> 8) ^ b;  8 times: r = r & 1 ? (r >> 1) ^ A001 : r >> 1

After ``(r >> 8) ^ b`` only eight bits are left. Call them x, and g the eight shifts, a linear map: r = g(x).
So x_k = H(x_(k-1)) ^ b_k, where H(x) = g(x) >> 8 is linear on eight bits, and the start is x_0 = FF behind one
shift: x_n = H^(n-1)(FF ^ b_1) ^ H^(n-2)(b_2) ^ … ^ b_n. H applied eight times is the identity (asserted below),
hence bytes whose distances from the end agree modulo 8 may be XORed first: the whole message folds into eight
bytes, and eight table reads give x_n. What follows for a receiver: the checksum takes only 256 of 65,536 values,
and exchanging two bytes that are eight apart never shows.

>>> checksum(b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&")
b'1C80'
"""

from __future__ import annotations

from functools import cache

LANES = 8


def _shifted(x: int) -> int:
    for _ in range(8):
        x = (x >> 1) ^ 0xA001 if x & 1 else x >> 1
    return x


_REGISTER = tuple(_shifted(x) for x in range(256))
_HIGH = tuple(value >> 8 for value in _REGISTER)


def _powers() -> tuple[bytes, ...]:
    """Return the tables of H^0 … H^7."""
    tables = [bytes(range(256))]
    while len(tables) < LANES:
        tables.append(bytes(_HIGH[value] for value in tables[-1]))
    assert bytes(_HIGH[value] for value in tables[-1]) == tables[0], "H^8 is the identity"
    return tuple(tables)


_P0, _P1, _P2, _P3, _P4, _P5, _P6, _P7 = _powers()
_START = tuple(table[0xFF] for table in (_P0, _P1, _P2, _P3, _P4, _P5, _P6, _P7))
_HEX = tuple(b"%04X" % value for value in _REGISTER)


@cache
def _folds(power: int) -> tuple[tuple[int, int], ...]:
    """Return shifts and masks that fold a number of less than 2^(power + 1) bits into eight bytes."""
    sizes = [1 << each for each in range(power, 5, -1)]
    return tuple((bits, (1 << bits) - 1) for bits in sizes)


def checksum(segment: bytes) -> bytes:
    """Return the four hexadecimal digits that follow a data segment, high byte first, in capitals."""
    size = len(segment)
    if size == 0:
        return b"FFFF"
    folded = int.from_bytes(segment, "big")
    for bits, mask in _folds((8 * size).bit_length() - 1):
        folded = (folded >> bits) ^ (folded & mask)
    lanes = folded.to_bytes(LANES, "big")
    last = (
        _P7[lanes[0]]
        ^ _P6[lanes[1]]
        ^ _P5[lanes[2]]
        ^ _P4[lanes[3]]
        ^ _P3[lanes[4]]
        ^ _P2[lanes[5]]
        ^ _P1[lanes[6]]
        ^ lanes[7]
        ^ _START[(size - 1) % LANES]
    )
    return _HEX[last]


def modbus_checksum(segment: bytes) -> bytes:
    """Return the CRC-16/MODBUS of a segment: some makers send it by mistake."""
    register = 0xFFFF
    for byte in segment:
        register = (register >> 8) ^ _REGISTER[(register ^ byte) & 0xFF]
    return b"%04X" % register
