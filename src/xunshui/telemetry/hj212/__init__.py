"""HJ 212: how data loggers of pollution sources speak to a platform, in its versions of 2005, 2017 and 2025.

`frame` finds frames in bytes, `message` reads and writes their fields, `samples` takes the values out, `host` answers
as a platform does, `requests` asks as one, `clock` tells how far a logger's is off, `profile` says what was agreed with
a logger, `sm4` deciphers. Nothing here opens a socket or reads a clock.
"""

from xunshui.telemetry.hj212.checksum import checksum
from xunshui.telemetry.hj212.frame import Frame, Framer, Quirk, framed
from xunshui.telemetry.hj212.message import Message, read_segment, segment_of
from xunshui.telemetry.hj212.samples import samples_of

__all__ = [
    "Frame",
    "Framer",
    "Message",
    "Quirk",
    "checksum",
    "framed",
    "read_segment",
    "samples_of",
    "segment_of",
]
