"""Frames of SL 651 in HEX/BCD form.

::

    7E7E | address 6 | password 2 | function 1 | direction and length 2 | STX | body | end | CRC 2

Upwards the address is centre (1) and station (5), downwards station and centre; the upper four bits of the length
are 0 upwards and 8 downwards. The CRC is that of MODBUS over all before it, high byte first.

>>> frame = bytes.fromhex("7E7E01001234567812342F0008020003591011155111036BCA")
>>> [piece.reason for piece in framer().feed(frame)]
['']
"""

from __future__ import annotations

from xunshui.telemetry.binary import BinaryFramer, Verdict
from xunshui.telemetry.hj212.checksum import modbus_checksum

HEAD = b"\x7e\x7e"
FIXED = 14
"""Bytes before the body."""
AFTER = 3
FUNCTION, LENGTH, START = 10, 11, 13
DOWNWARDS = 0x8000
STX, SYN = 0x02, 0x16
"""How a body begins: whole, or one of several packets."""
ETX, EOT, ACK, ETB, ESC = 0x03, 0x04, 0x06, 0x17, 0x1B
ENDS = frozenset({ETX, EOT, 0x05, ACK, 0x15, ETB, ESC})
"""ETX and ETB end what a station sends; ESC ends answers in public frames; EOT, ENQ, ACK and NAK are named by public
programs, a station's own among them."""


def framer() -> BinaryFramer:
    """Return what finds the frames of one stream."""
    return BinaryFramer(HEAD, _judge)


def framed(address: bytes, password: bytes, function: int, body: bytes, end: int) -> bytes:
    """Return a frame that goes down to a station; `address` is station (5) and centre (1).

    >>> framed(bytes.fromhex("001234567801"), b"\\x12\\x34", 0x30, bytes.fromhex("0003591011154947"), ESC).hex().upper()
    '7E7E00123456780112343080080200035910111549471B75D4'
    """
    length = (DOWNWARDS | len(body)).to_bytes(2)
    frame = HEAD + address + password + bytes([function]) + length + bytes([STX]) + body + bytes([end])
    return frame + bytes.fromhex(modbus_checksum(frame).decode())


def _judge(buffer: bytes, at: int) -> Verdict | None:
    if len(buffer) < at + FIXED:
        return None
    direction = buffer[at + LENGTH] >> 4
    if direction not in (0, 8):
        return Verdict(1, f"上下行标识应为 0 或 8，收到 {direction:X}")
    if buffer[at + START] not in (STX, SYN):
        return Verdict(1, f"正文应以 02 或 16 开始，收到 {buffer[at + START]:02X}")
    body = int.from_bytes(buffer[at + LENGTH : at + START]) & 0x0FFF
    size = FIXED + body + AFTER
    if len(buffer) < at + size:
        return None
    end = buffer[at + size - AFTER]
    if end not in ENDS:
        return Verdict(size, f"正文之后应为 03、17 等结束符，收到 {end:02X}")
    right = modbus_checksum(buffer[at : at + size - 2]).decode()
    sent = buffer[at + size - 2 : at + size].hex().upper()
    return Verdict(size) if sent == right else Verdict(size, f"校验码应为 {right}，收到 {sent}")
