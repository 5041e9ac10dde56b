r"""Frames of HJ 212: found in a stream of bytes, and written.

::

    ## 0101 QN=…;CP=&&…&& 1C80 CR LF
       |    |             checksum of the data segment
       |    data segment
       its length in bytes

Reading is tolerant and tells what it tolerated; writing is strict. What comes out depends on the bytes alone,
never on how the network cut them.

>>> framer = Framer()
>>> framer.feed(b"##0002ab")
[]
>>> [frame] = framer.feed(checksum(b"ab") + b"\r\n")
>>> frame.segment, frame.reason
(b'ab', '')
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from xunshui.telemetry.hj212.checksum import checksum, modbus_checksum

LONGEST_SEGMENT = 9_999
HEAD, CHECK, TAIL = 6, 4, 2
NEXT_FRAME = b"\r\n##"
HEX = frozenset(b"0123456789abcdefABCDEF")


class Quirk(StrEnum):
    """A departure from the standard that real devices show; what it means is told by its value."""

    LOWER_CASE_CHECKSUM = "校验码用小写"
    MODBUS_CHECKSUM = "校验码按 CRC-16/MODBUS 计算"
    LENGTH_IN_CHARACTERS = "长度按字符数而非字节数"
    NO_CARRIAGE_RETURN = "帧尾只有 LF"
    NO_TAIL = "没有帧尾"
    NOT_UTF8 = "中文按 GBK 而非 UTF-8"
    NO_QN = "没有 QN"
    NO_FLAG = "没有 Flag"
    ODD_MN = "MN 不是 24 位十六进制"
    ANSWER_WITH_RESULT = "9014 中带 QnRtn"


class Frame(NamedTuple):
    """A piece of the stream: a data segment, or what could not be read.

    `reason` is empty where length, tail and checksum are right as the standard has them, ignoring the case of
    the checksum's letters. `quirks` says what would have to be tolerated; a frame with a reason and quirks
    is readable, one with a reason alone is not. `raw` is every byte, head to tail.
    """

    raw: bytes
    segment: bytes
    reason: str
    quirks: tuple[Quirk, ...] = ()

    @property
    def readable(self) -> bool:
        """Return whether the segment can be used, as it stands or with quirks."""
        return not self.reason or bool(self.quirks)


def framed(segment: bytes) -> bytes:
    """Return the bytes of one frame.

    Raises ValueError where the segment is too long for four digits, or holds what a reader takes for the next frame.
    """
    if len(segment) > LONGEST_SEGMENT:
        raise ValueError(f"数据段 {len(segment)} 字节，最多 {LONGEST_SEGMENT} 字节；请分包")
    if NEXT_FRAME in segment:
        raise ValueError("数据段里不能有换行加“##”：接收方会当作下一帧的开头")
    return b"##%04d%s%s\r\n" % (len(segment), segment, checksum(segment))


class Framer:
    """Cuts a stream of bytes into frames; keeps what is not whole yet, at most some 20 kB."""

    def __init__(self) -> None:
        """Start with nothing received."""
        self._kept = b""

    def __len__(self) -> int:
        """Return how many bytes wait for more."""
        return len(self._kept)

    def feed(self, received: bytes) -> list[Frame]:
        """Take bytes and return the frames that are whole with them, in order."""
        buffer = self._kept + received if self._kept else received
        frames: list[Frame] = []
        at = 0
        while True:
            found = _frame_at(buffer, at)
            if found is None:
                break
            frames.append(found)
            at += len(found.raw)
        self._kept = buffer[at:]
        return frames

    def end(self) -> list[Frame]:
        """Return what is left, told that no more bytes will come."""
        frames: list[Frame] = []
        left, self._kept = self._kept, b""
        while left:
            # A tail lets everything that waits be decided; what is left of the tail itself is no news.
            found = _last_frame(left)
            frames.append(found)
            left = left[len(found.raw) :]
            frames += self.feed(left)
            left, self._kept = self._kept, b""
        return frames


def _frame_at(buffer: bytes, at: int) -> Frame | None:
    """Return the piece that begins at `at`, or None where more bytes are needed to tell."""
    if not buffer.startswith(b"##", at):
        return _noise(buffer, at)
    if len(buffer) < at + HEAD:
        return None
    digits = buffer[at + 2 : at + HEAD]
    if not digits.isdigit():
        return _broken(buffer, at, at + 1, "“##”之后应为 4 位数字的长度")
    end = at + HEAD + int(digits)
    whole = end + CHECK + TAIL
    # No segment holds the beginning of another frame behind a line end: such a length is a lie, and waiting for
    # it would hold up the good frames that follow.
    cut = buffer.find(NEXT_FRAME, at + HEAD, whole)
    if cut >= 0:
        return _of_other_length(buffer, at, cut, int(digits))
    if len(buffer) < whole:
        return None
    if buffer.startswith(b"\r\n", whole - TAIL):
        return _checked(buffer[at:whole], buffer[at + HEAD : end], buffer[end : end + CHECK])
    return _without_tail(buffer, at, end, int(digits))


def _checked(
    raw: bytes, segment: bytes, sent: bytes, quirks: tuple[Quirk, ...] = (), reason: str = ""
) -> Frame:
    right = checksum(segment)
    if sent == right:
        return Frame(raw, segment, reason, quirks)
    if sent.upper() == right:
        return Frame(raw, segment, reason, (*quirks, Quirk.LOWER_CASE_CHECKSUM))
    told = f"校验码应为 {right.decode()}，收到 {sent.decode('ascii', 'replace')}"
    if sent.upper() == modbus_checksum(segment):
        return Frame(raw, segment, told, (*quirks, Quirk.MODBUS_CHECKSUM))
    return Frame(raw, segment, told)


def _noise(buffer: bytes, at: int) -> Frame | None:
    start = buffer.find(b"##", at)
    if start < 0:
        # A lone “#” at the end may become the head of a frame.
        start = len(buffer) - buffer.endswith(b"#")
    return _broken(buffer, at, start, "帧头应为“##”") if start > at else None


def _broken(buffer: bytes, at: int, end: int, reason: str) -> Frame:
    return Frame(buffer[at:end], b"", reason)


def _of_other_length(buffer: bytes, at: int, cut: int, told: int) -> Frame:
    """Return the piece up to a line end at `cut`, whose length is not what its head says."""
    segment, sent = buffer[at + HEAD : cut - CHECK], buffer[cut - CHECK : cut]
    inner = buffer.find(b"##", at + HEAD, cut)
    if inner >= 0:
        return _broken(buffer, at, inner, f"长度写 {told}，实有 {inner - at - HEAD - CHECK} 字节")
    reason = f"长度写 {told}，实有 {len(segment)} 字节"
    if len(segment.decode("utf-8", "replace")) == told:
        found = _checked(buffer[at : cut + TAIL], segment, sent, (Quirk.LENGTH_IN_CHARACTERS,), reason)
        if found.quirks:
            return found
    return Frame(buffer[at : cut + TAIL], segment, reason)


def _without_tail(buffer: bytes, at: int, end: int, told: int) -> Frame | None:
    """Return the piece whose length is there and whose tail is not."""
    sent, after = buffer[end : end + CHECK], buffer[end + CHECK : end + CHECK + TAIL]
    if HEX.issuperset(sent):
        if after == b"##":
            return _tolerated(buffer, at, end, 0, Quirk.NO_TAIL, "帧尾应为 CR LF")
        if after.startswith(b"\n"):
            return _tolerated(buffer, at, end, 1, Quirk.NO_CARRIAGE_RETURN, "帧尾应为 CR LF，只有 LF")
    furthest = at + HEAD + 4 * LONGEST_SEGMENT + CHECK
    cut = buffer.find(b"\r\n", end, furthest + TAIL)
    if cut >= 0:
        return _of_other_length(buffer, at, cut, told)
    inner = buffer.find(b"##", at + HEAD, furthest + TAIL)
    if inner >= 0:
        return _broken(buffer, at, inner, f"长度写 {told}，实有 {inner - at - HEAD - CHECK} 字节")
    if len(buffer) < furthest + TAIL:
        return None
    return _broken(buffer, at, furthest, f"长度写 {told}，其后 {furthest - end} 字节没有帧尾")


def _tolerated(buffer: bytes, at: int, end: int, tail: int, quirk: Quirk, reason: str) -> Frame:
    raw = buffer[at : end + CHECK + tail]
    found = _checked(raw, buffer[at + HEAD : end], buffer[end : end + CHECK], (quirk,), reason)
    return found if found.quirks else found._replace(reason=f"{reason}；{found.reason}")


def _last_frame(left: bytes) -> Frame:
    if left.startswith(b"##") and left[2:HEAD].isdigit():
        end = HEAD + int(left[2:HEAD])
        tail = left[end + CHECK :]
        if len(left) >= end + CHECK and tail in (b"", b"\r", b"\n"):
            quirk = Quirk.NO_CARRIAGE_RETURN if tail == b"\n" else Quirk.NO_TAIL
            found = _tolerated(left, 0, end, 0, quirk, "帧尾应为 CR LF，到此中断")
            return found._replace(raw=left) if found.quirks else found
        return _broken(
            left, 0, _next_head(left), f"不完整：长度写 {int(left[2:HEAD])}，只收到 {len(left) - HEAD} 字节"
        )
    return _broken(left, 0, _next_head(left), "不完整：帧头之后没有内容")


def _next_head(left: bytes) -> int:
    found = left.find(b"##", 1)
    return found if found > 0 else len(left)
