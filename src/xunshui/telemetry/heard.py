"""What a listener needs to know of a frame, whatever protocol it is in; and a protocol that can be listened for."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from xunshui.telemetry.binary import BinaryFramer
from xunshui.telemetry.sample import Sample


class Heard(NamedTuple):
    """What one good frame says to the platform.

    `reason` is empty where the frame is taken. `key` tells a resend, and is empty where nothing could. `answer` is
    sent once the frame is on disk. `remarks` name what the frame bears and no sample tells, each with its last form.
    """

    device: str
    samples: list[Sample]
    key: str = ""
    answer: bytes = b""
    remarks: tuple[tuple[str, str], ...] = ()
    reason: str = ""


class Tongue(NamedTuple):
    """A protocol in which stations call by themselves."""

    protocol: str
    """As channels are named by it."""
    framer: Callable[[], BinaryFramer]
    hear: Callable[[bytes, int], Heard]
    """Told a frame and when it came [µs]."""
