"""Frames of binary protocols: found in a stream by head, length and check, the same however the network cut it.

A protocol says by its `judge` whether a frame begins at a place. Where none does, the search goes on at the next
head, so that a length that lies hides no good frame; every byte comes out in one piece.

>>> def judge(buffer, at):
...     return Verdict(3) if len(buffer) >= at + 3 else None
>>> [piece.raw for piece in BinaryFramer(b"#", judge).feed(b"x#ab#c")]
[b'x', b'#ab']
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Piece(NamedTuple):
    """A frame, or what could not be read as one; `reason` is empty for a frame."""

    raw: bytes
    reason: str


class Verdict(NamedTuple):
    """How many bytes a frame, or what only looks like one, takes; `reason` is empty for a frame."""

    size: int
    reason: str = ""


Judge = Callable[[bytes, int], Verdict | None]
"""Told the buffer and where a head is; None where more bytes are needed to say."""


class BinaryFramer:
    """Cuts a stream of bytes into frames; keeps what is not whole yet, at most one frame."""

    def __init__(self, head: bytes, judge: Judge) -> None:
        """Take what every frame begins with, and who says whether one does."""
        self._head, self._judge = head, judge
        self._kept = b""

    def __len__(self) -> int:
        """Return how many bytes wait for more."""
        return len(self._kept)

    def feed(self, received: bytes) -> list[Piece]:
        """Take bytes and return the pieces that are whole with them, in order."""
        buffer = self._kept + received
        found: list[Piece] = []
        at = 0
        while (piece := self._piece_at(buffer, at)) is not None:
            found.append(piece)
            at += len(piece.raw)
        self._kept = buffer[at:]
        return found

    def end(self) -> list[Piece]:
        """Return what is left, told that no more bytes will come."""
        found: list[Piece] = []
        left, self._kept = self._kept, b""
        while left:
            cut = left.find(self._head, 1)
            cut = cut if cut > 0 else len(left)
            found.append(Piece(left[:cut], "不完整"))
            found += self.feed(left[cut:])
            left, self._kept = self._kept, b""
        return found

    def _piece_at(self, buffer: bytes, at: int) -> Piece | None:
        if not buffer.startswith(self._head, at):
            end = self._head_within(buffer, at, len(buffer))
            return Piece(buffer[at:end], "不是帧头") if end > at else None
        verdict = self._judge(buffer, at)
        if verdict is None:
            return None
        end = at + verdict.size
        if verdict.reason:
            end = max(at + 1, self._head_within(buffer, at + 1, end))
        return Piece(buffer[at:end], verdict.reason)

    def _head_within(self, buffer: bytes, at: int, end: int) -> int:
        """Return where the next head begins, at the latest where one may begin before `end`."""
        found = buffer.find(self._head, at, end)
        if found >= 0:
            return found
        for size in range(len(self._head) - 1, 0, -1):
            if end - size >= at and buffer.startswith(self._head[:size], end - size):
                return end - size
        return end
