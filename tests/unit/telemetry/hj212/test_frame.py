"""Frames come out of a stream the same however the network cut it, and nothing that came is dropped unseen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.telemetry.hj212 import Frame, Framer, Quirk, framed
from xunshui.telemetry.hj212.frame import NEXT_FRAME

GOOD = framed(b"ST=32;CN=2011;PW=1;MN=A;CP=&&DataTime=20240101000000;w01018-Rtd=2.2&&")


def read(stream: bytes, cuts: list[int] | None = None) -> list[Frame]:
    framer = Framer()
    found: list[Frame] = []
    places = [0, *sorted(cuts or []), len(stream)]
    for start, end in zip(places, places[1:], strict=False):
        found += framer.feed(stream[start:end])
    return found + framer.end()


def joined(frames: list[Frame]) -> list[tuple[bytes, str]]:
    """Frames with neighbouring pieces of noise as one: noise has no end of its own."""
    told: list[tuple[bytes, str]] = []
    for frame in frames:
        noise = not frame.segment and not frame.quirks
        if noise and told and told[-1][1] == "noise":
            told[-1] = (told[-1][0] + frame.raw, "noise")
        else:
            told.append((frame.raw, "noise" if noise else frame.reason))
    return told


def changed(stream: bytes, changes: list[tuple[int, int]]) -> bytes:
    whole = bytearray(stream)
    for place, byte in changes:
        whole[place % len(whole)] = byte
    return bytes(whole)


pieces = st.lists(
    st.one_of(
        st.just(GOOD),
        st.binary(max_size=40),
        st.sampled_from(
            [b"##", b"#", b"\r\n", b"##0010", b"##9999", GOOD[:-2], GOOD[:-4], GOOD[:30], GOOD.lower()]
        ),
        st.binary(max_size=200).filter(lambda segment: NEXT_FRAME not in segment).map(framed),
    ),
    max_size=8,
).map(b"".join)


@given(pieces, st.lists(st.integers(0, 1_500), max_size=12))
def test_any_cut_gives_the_same_frames(stream: bytes, cuts: list[int]) -> None:
    inside = [cut for cut in cuts if cut <= len(stream)]

    assert joined(read(stream, inside)) == joined(read(stream))


@given(pieces, st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=5))
def test_every_byte_is_in_one_frame(stream: bytes, changes: list[tuple[int, int]]) -> None:
    sent = changed(stream, changes) if stream else stream

    assert b"".join(frame.raw for frame in read(sent)) == sent


@given(st.binary(max_size=60).filter(lambda noise: b"#" not in noise))
def test_good_frame_behind_noise_is_found(noise: bytes) -> None:
    assert read(noise + GOOD)[-1].raw == GOOD


@given(st.binary(min_size=1, max_size=9_999).filter(lambda segment: b"\r\n##" not in segment))
def test_what_is_framed_is_read_back(segment: bytes) -> None:
    [frame] = read(framed(segment))

    assert (frame.segment, frame.reason) == (segment, "")


def test_one_byte_at_a_time() -> None:
    frames = read(GOOD * 3, list(range(3 * len(GOOD))))

    assert [frame.reason for frame in frames] == ["", "", ""]


@pytest.mark.parametrize(
    ("sent", "quirk"),
    [
        (GOOD[:-2] + b"\n", Quirk.NO_CARRIAGE_RETURN),
        (GOOD[:-2] + GOOD, Quirk.NO_TAIL),
        (GOOD[:-2], Quirk.NO_TAIL),
    ],
)
def test_departures_are_read_and_told(sent: bytes, quirk: Quirk) -> None:
    frame = read(sent)[0]

    assert frame.readable
    assert frame.reason
    assert frame.quirks == (quirk,)


def test_wrong_checksum_is_refused_with_both() -> None:
    [frame] = read(GOOD.replace(b"2.2", b"2.3"))

    assert not frame.readable
    assert "校验" in frame.reason


def test_too_long_a_segment_is_not_written() -> None:
    with pytest.raises(ValueError, match="9999"):
        framed(b"x" * 10_000)


def test_hundred_kilobytes_without_a_head_are_not_hoarded() -> None:
    framer = Framer()
    for _ in range(100):
        framer.feed(b"x" * 1_000)

    assert len(framer) < 2


def test_what_would_read_as_two_frames_is_not_framed() -> None:
    with pytest.raises(ValueError, match="接收方会当作下一帧的开头"):
        framed(b"a\r\n##b")
