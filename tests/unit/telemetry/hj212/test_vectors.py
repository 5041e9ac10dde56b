"""Frames from the standard and from public sources: each is read, refused or told as its source says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from xunshui.telemetry.hj212 import Framer, framed, read_segment, segment_of

FILE = Path(__file__).parents[5] / "shared" / "data" / "hj212_vectors.txt"


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """Yield name, verdict and frame."""
    if not FILE.exists():
        return
    lines = FILE.read_text(encoding="utf-8").splitlines()
    for head, frame in zip(lines, lines[1:], strict=False):
        if frame.startswith("##") and head.count(" | ") >= 3:
            name, _, verdict = head.split(" | ")[:3]
            yield name, verdict, frame.encode() + b"\r\n"


VECTORS = list(vectors())
GOOD = [vector for vector in VECTORS if vector[1] == "GOOD"]
BAD = [vector for vector in VECTORS if vector[1].startswith("BADCRC")]


@pytest.mark.skipif(not FILE.exists(), reason="../shared/data/hj212_vectors.txt 不在这台机器上")
def test_the_file_is_read() -> None:
    assert (len(GOOD) > 20, len(BAD)) == (True, 2)


@pytest.mark.parametrize(("name", "verdict", "frame"), GOOD, ids=[vector[0] for vector in GOOD])
def test_good_frame_is_read_and_written_again(name: str, verdict: str, frame: bytes) -> None:
    [found] = Framer().feed(frame)
    message = read_segment(found.segment)

    assert (found.reason, message.reason) == ("", "")
    assert framed(segment_of(message.fields, message.items, message.cipher)).lower() == frame.lower()


@pytest.mark.parametrize(("name", "verdict", "frame"), BAD, ids=[vector[0] for vector in BAD])
def test_bad_frame_is_refused_with_the_right_checksum(name: str, verdict: str, frame: bytes) -> None:
    [found] = Framer().feed(frame)

    assert not found.readable
    assert verdict.removeprefix("BADCRC calc=") in found.reason
