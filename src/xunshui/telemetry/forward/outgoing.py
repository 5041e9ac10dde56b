"""A frame on its way to a regulator: the logger's own data segment, with the wish for an answer.

Only Flag's answer bit changes, and the checksum with it. A frame that bears no QN is given the millisecond of its
arrival, so that it can be acknowledged, and one without Flag that of 2005; encrypted content (2025) goes on as it is.

>>> from xunshui.telemetry.hj212 import framed
>>> raw = framed(b"QN=20240101000000000;ST=32;CN=2011;PW=1;MN=A;Flag=4;CP=&&&&")
>>> outgoing_of(raw, device="A", received_us=0, after=(1, 0)).segment
b'QN=20240101000000000;ST=32;CN=2011;PW=1;MN=A;Flag=5;CP=&&&&'
"""

from __future__ import annotations

from typing import NamedTuple

from xunshui.telemetry.hj212.frame import Framer
from xunshui.telemetry.hj212.message import ANSWER
from xunshui.telemetry.hj212.samples import DATA_COMMANDS
from xunshui.telemetry.localtime import digits_of_instant

UPLOADS = DATA_COMMANDS | {"2071", "2072", "2081", "3018", "3022"}
"""Commands by which a logger tells data; 2071 and 2072 of 2005, 3022 of 2025 by two public programs."""
_UPLOADS = frozenset(command.encode() for command in UPLOADS)
CONTENT = b"CP=&&"
FRAME_AROUND = 12
BACKFILL = b"RF=1;"


class Outgoing(NamedTuple):
    """One frame to forward. `after` is the place in the spool once it is settled; `device` the MN it bears."""

    device: str
    qn: str
    command: str
    segment: bytes
    received_us: int
    after: tuple[int, int]


def outgoing_of(
    raw: bytes, *, device: str, received_us: int, after: tuple[int, int], mn: str | None = None
) -> Outgoing | None:
    """Return what goes on of a frame that was kept, or None where it is no data; `mn` replaces the device's."""
    segment = _segment(raw)
    head, mark, content = segment.partition(CONTENT)
    fields = dict(part.split(b"=", 1) for part in head.split(b";") if b"=" in part)
    command = fields.get(b"CN", b"")
    if not mark or command not in _UPLOADS:
        return None
    if not fields.get(b"QN"):
        made = {b"QN": digits_of_instant(received_us, milliseconds=True).encode()}
        fields = made | fields | made
    flag = fields.get(b"Flag", b"0")
    fields[b"Flag"] = b"%d" % (int(flag) | ANSWER if flag.isdigit() else ANSWER)
    if mn is not None:
        fields[b"MN"] = mn.encode()
    told = b"".join([b"%s=%s;" % pair for pair in fields.items()])
    return Outgoing(
        mn or device,
        fields[b"QN"].decode("utf-8", "replace"),
        command.decode(),
        told + mark + content,
        received_us,
        after,
    )


def as_backfill(segment: bytes) -> bytes:
    """Return the segment with RF=1 before its content, once.

    >>> as_backfill(b"MN=A;Flag=9;CP=&&&&")
    b'MN=A;Flag=9;RF=1;CP=&&&&'
    """
    head, mark, content = segment.partition(CONTENT)
    if b";RF=" in head:
        return segment
    return head + BACKFILL + mark + content


def _segment(raw: bytes) -> bytes:
    if not raw.startswith(b"##"):
        # History out of a file, not a frame.
        return b""
    size = len(raw) - FRAME_AROUND
    if size >= 0 and raw[2:6] == b"%04d" % size and raw.endswith(b"\r\n"):
        return raw[6:-6]
    framer = Framer()
    frames = framer.feed(raw) + framer.end()
    return next((frame.segment for frame in frames if frame.segment and frame.readable), b"")
