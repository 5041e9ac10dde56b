"""Frames of SZY206.

::

    68 | L | 68 | C, address 5, AFN, data … | CS | 16

L counts from C to the end of the data; CS is CRC-8 with the polynomial E5 from 00 over the same bytes: two public
programs and the text of SL/T 427-2021 name it, and it holds for three public frames.

>>> frame = bytes.fromhex("681A68B31237899876C000000000000800000000000000000057172800F116")
>>> [piece.reason for piece in framer().feed(frame)], f"{checksum(frame[3:-2]):02X}"
([''], 'F1')
"""

from __future__ import annotations

from xunshui.telemetry.binary import BinaryFramer, Verdict

HEAD, TAIL = 0x68, 0x16
LEAST = 7
"""C, address and AFN."""
AROUND = 5
POLYNOMIAL = 0xE5


def _shifted(value: int) -> int:
    for _ in range(8):
        value = (value << 1 ^ POLYNOMIAL if value & 0x80 else value << 1) & 0xFF
    return value


_TABLE = bytes(_shifted(value) for value in range(256))


def checksum(content: bytes) -> int:
    """Return the check of all from C to the end of the data."""
    register = 0
    for byte in content:
        register = _TABLE[register ^ byte]
    return register


def framer() -> BinaryFramer:
    """Return what finds the frames of one stream."""
    return BinaryFramer(bytes([HEAD]), _judge)


def framed(content: bytes) -> bytes:
    """Return the frame around what stands from C to the end of the data.

    >>> framed(bytes.fromhex("B31237899876C000000000000800000000000000000057172800")).hex().upper()
    '681A68B31237899876C000000000000800000000000000000057172800F116'
    """
    around = bytes([HEAD, len(content), HEAD])
    return around + content + bytes([checksum(content), TAIL])


def _judge(buffer: bytes, at: int) -> Verdict | None:
    if len(buffer) < at + 3:
        return None
    length = buffer[at + 1]
    if buffer[at + 2] != HEAD:
        return Verdict(1, f"长度之后应为 68，收到 {buffer[at + 2]:02X}")
    if length < LEAST:
        return Verdict(1, f"长度 {length}，至少 {LEAST}")
    size = length + AROUND
    if len(buffer) < at + size:
        return None
    if buffer[at + size - 1] != TAIL:
        return Verdict(size, f"帧尾应为 16，收到 {buffer[at + size - 1]:02X}")
    right, sent = checksum(buffer[at + 3 : at + size - 2]), buffer[at + size - 2]
    return Verdict(size) if sent == right else Verdict(size, f"校验码应为 {right:02X}，收到 {sent:02X}")
