"""SL 651 and SZY206 frames: public ones are read, damaged ones are not, and the cut of the stream does not matter."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.telemetry import sl651, szy206
from xunshui.telemetry.binary import BinaryFramer, Piece
from xunshui.telemetry.localtime import instant_of_text
from xunshui.telemetry.sample import Sample

FILE = Path(__file__).parents[4] / "shared" / "data" / "hj212_vectors.txt"
LINES = FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else []
SL651_VECTORS = [bytes.fromhex(line.split()[1]) for line in LINES if line.startswith("L0")]
SZY206_VECTORS = [
    bytes.fromhex(frame)
    for head, frame in zip(LINES, LINES[1:], strict=False)
    if head.startswith("Z0") and " | GOOD | " in head
]
REPORT = bytes.fromhex(
    "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F0591011154920190000052619000005392300000127381211150320FA"
)
SELF_REPORT = bytes.fromhex("681A68B31237899876C000000000000800000000000000000057172800F116")
needs_vectors = pytest.mark.skipif(
    not FILE.exists(), reason="../shared/data/hj212_vectors.txt 不在这台机器上"
)
PROTOCOLS = [
    pytest.param(sl651.framer, REPORT, id="sl651"),
    pytest.param(szy206.framer, SELF_REPORT, id="szy206"),
]


def read(framer: BinaryFramer, stream: bytes, cuts: list[int]) -> list[Piece]:
    """Return the pieces, with neighbouring ones that are no frames as one."""
    places = [0, *sorted(cuts), len(stream)]
    pieces = [
        piece
        for start, end in zip(places, places[1:], strict=False)
        for piece in framer.feed(stream[start:end])
    ]
    joined: list[Piece] = []
    for piece in pieces + framer.end():
        if piece.reason and joined and joined[-1].reason:
            joined[-1] = Piece(joined[-1].raw + piece.raw, "not a frame")
        else:
            joined.append(Piece(piece.raw, "not a frame" if piece.reason else ""))
    return joined


@needs_vectors
def test_the_file_is_read() -> None:
    assert (len(SL651_VECTORS) >= 4, len(SZY206_VECTORS) >= 1) == (True, True)


@pytest.mark.parametrize("frame", SL651_VECTORS, ids=lambda frame: frame[10:13].hex())
def test_public_sl651_frame_is_read(frame: bytes) -> None:
    [piece] = sl651.framer().feed(frame)
    message = sl651.read_frame(piece.raw)

    assert (piece, message.reason) == (Piece(frame, ""), "")


@pytest.mark.parametrize("frame", SZY206_VECTORS, ids=lambda frame: frame[9:10].hex())
def test_public_szy206_frame_is_read(frame: bytes) -> None:
    [piece] = szy206.framer().feed(frame)
    message = szy206.read_frame(piece.raw)

    assert (piece, message.reason, message.is_upward) == (Piece(frame, ""), "", True)


def test_values_of_a_report_are_those_its_source_tells() -> None:
    [piece] = sl651.framer().feed(REPORT)
    samples = sl651.samples_of(sl651.read_frame(piece.raw))

    at_us = instant_of_text("2059-10-11T15:49")
    assert samples == [
        Sample("30/20", at_us, 0.5),
        Sample("30/26", at_us, 0.5),
        Sample("30/39", at_us, 0.127),
        Sample("30/38", at_us, 11.15),
    ]


def test_downward_frame_has_station_first() -> None:
    message = sl651.read_frame(bytes.fromhex("7E7E00112233440503E83280080200341707181100161BE5D4"))

    assert (message.is_upward, message.station, message.centre, message.serial) == (
        False,
        "0011223344",
        "05",
        0x34,
    )


@pytest.mark.parametrize(("make", "frame"), PROTOCOLS)
@given(
    pieces=st.lists(
        st.one_of(st.none(), st.binary(max_size=30), st.sampled_from([b"\x7e", b"\x68", b"\x7e\x7e\x7e"])),
        max_size=8,
    ),
    damage=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4),
    cuts=st.lists(st.integers(0, 400), max_size=12),
)
def test_any_cut_gives_the_same_frames_and_no_byte_is_lost(
    make: Callable[[], BinaryFramer],
    frame: bytes,
    pieces: list[bytes | None],
    damage: list[tuple[int, int]],
    cuts: list[int],
) -> None:
    stream = bytearray(b"".join(frame if piece is None else piece for piece in pieces))
    for place, byte in damage if stream else []:
        stream[place % len(stream)] = byte
    inside = [cut for cut in cuts if cut <= len(stream)]

    whole = read(make(), bytes(stream), [])

    assert read(make(), bytes(stream), inside) == whole
    assert b"".join(piece.raw for piece in whole) == stream


@pytest.mark.parametrize(("make", "frame"), PROTOCOLS)
@given(noise=st.binary(max_size=60))
def test_good_frame_behind_noise_is_found(
    make: Callable[[], BinaryFramer], frame: bytes, noise: bytes
) -> None:
    clean = noise.replace(b"\x7e", b"").replace(b"\x68", b"")

    assert read(make(), clean + frame, [])[-1] == Piece(frame, "")


@pytest.mark.parametrize(("make", "frame"), PROTOCOLS)
def test_every_single_damaged_byte_is_noticed_and_hides_no_good_frame(
    make: Callable[[], BinaryFramer], frame: bytes
) -> None:
    for place in range(len(frame)):
        damaged = frame[:place] + bytes([frame[place] ^ 0x55]) + frame[place + 1 :]
        found = read(make(), damaged + frame + frame, [])

        assert [piece.raw for piece in found if not piece.reason] == [frame, frame]


@given(st.binary(max_size=80))
def test_any_body_is_read_without_an_error(body: bytes) -> None:
    head = bytes.fromhex("7E7E010012345678123432") + len(body).to_bytes(2, "big") + b"\x02"
    sl651.samples_of(sl651.read_frame(head + body + b"\x03\0\0"))
    szy206.read_frame(b"\x68\x00\x68\xf3" + body + b"\0\x16")


@pytest.mark.parametrize(
    ("protocol", "frame", "told"),
    [
        (
            "sl651",
            REPORT,
            {"ok": True, "station": "0012345678", "function": "30", "sent_at": "2059-10-11T15:49:47+08:00"},
        ),
        (
            "szy206",
            SELF_REPORT,
            {"ok": True, "station": "1237899876", "kind": "流量", "time_label": "0057172800"},
        ),
    ],
)
def test_command_tells_each_frame(protocol: str, frame: bytes, told: dict[str, object]) -> None:
    command = [str(Path(sys.executable).with_name("xunshui")), protocol, "decode", "-"]
    raw = subprocess.run(command, input=b"?" + frame, capture_output=True, check=True, timeout=30)
    as_text = subprocess.run(
        [*command, "--hex"], input=frame.hex(" ").encode(), capture_output=True, check=True, timeout=30
    )

    [noise, found] = [json.loads(line) for line in raw.stdout.splitlines()]
    assert noise == {"ok": False, "reason": "不是帧头", "raw": "3F"}
    assert found.items() >= told.items()
    assert json.loads(as_text.stdout) == found
