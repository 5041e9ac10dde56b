"""A day without the regulator: a million frames wait in the spool, then all are drained in order, none lost or twice.

The regulator is a Node server that shares no code with the program; beside stands what a loop gets from it that only
writes ready frames to a socket with the same window and counts the answers.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.report import XUNSHUI, Bench
from xunshui.telemetry.forward.settings import WINDOW
from xunshui.telemetry.hj212 import framed, read_segment, samples_of
from xunshui.telemetry.localtime import SECOND_US, digits_of_instant, instant_of_digits
from xunshui.telemetry.sample import Arrival
from xunshui.telemetry.spool import SpoolWriter

FRAMES = int(os.environ.get("BENCH_FRAMES", "1000000"))
DEVICES = 12
BATCH = 5_000
PEER_FRAMES = min(FRAMES, 100_000)
START_US = instant_of_digits("20240101000000") or 0
PEER = Path(__file__).parents[1] / "tests" / "peers" / "hj212_regulator.mjs"
TARGET_PER_S = 4_000


def arrivals(count: int) -> Iterator[Arrival]:
    """Yield frames of six factors as loggers send them every second."""
    for number in range(count):
        at_us = START_US + number // DEVICES * SECOND_US
        device = f"{number % DEVICES:024X}"
        values = ";".join(
            f"w{20_000 + factor}-Rtd={number}.5,w{20_000 + factor}-Flag=N" for factor in range(6)
        )
        text = (
            f"QN={digits_of_instant(at_us, milliseconds=True)};ST=32;CN=2011;PW=123456;MN={device};Flag=5;"
            f"CP=&&DataTime={digits_of_instant(at_us)};{values}&&"
        )
        segment = text.encode()
        yield Arrival("hj212", device, at_us, framed(segment), samples_of(read_segment(segment)), str(number))


def filled(spool: Path) -> None:
    """Keep the day's frames as a gateway would."""
    writer = SpoolWriter(spool)
    waiting: list[Arrival] = []
    for arrival in arrivals(FRAMES):
        waiting.append(arrival)
        if len(waiting) == BATCH:
            writer.commit(waiting, START_US)
            waiting.clear()
    if waiting:
        writer.commit(waiting, START_US)
    writer.close()


class Regulator:
    """The Node server, told how many frames it is to get."""

    def __init__(self, until: int) -> None:
        """Start it."""
        command = ["node", str(PEER), "0", f"until={until}"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = int(self._line()["port"])

    def reached(self) -> None:
        """Wait until all frames are there."""
        assert "reached" in self._line()

    def end(self) -> dict[str, int]:
        """End it and return its summary."""
        self._process.send_signal(signal.SIGTERM)
        found = self._line()
        self._process.wait(10)
        return found

    def _line(self) -> dict[str, int]:
        assert self._process.stdout is not None
        found: dict[str, int] = json.loads(self._process.stdout.readline())
        return found


def drained(spool: Path) -> tuple[float, dict[str, int]]:
    """Return how long the program takes to forward the spool, from its start, and what the regulator counted."""
    regulator = Regulator(FRAMES)
    words = ("forward", "--spool", str(spool), "--to", f"127.0.0.1:{regulator.port}", "--name", "bench")
    start = time.perf_counter()
    process = subprocess.Popen([*XUNSHUI, *words], stderr=subprocess.DEVNULL)
    regulator.reached()
    took = time.perf_counter() - start
    process.terminate()
    assert process.wait(30) == 0
    return took, regulator.end()


def own_loop() -> float:
    """Return how long it takes to send ready frames over a socket, as many open at once."""
    frames = [arrival.raw for arrival in arrivals(PEER_FRAMES)]
    regulator = Regulator(PEER_FRAMES)
    sent = heard = 0
    start = time.perf_counter()
    with socket.create_connection(("127.0.0.1", regulator.port)) as link:
        while heard < len(frames):
            room = min(heard + WINDOW, len(frames))
            if sent < room:
                link.sendall(b"".join(frames[sent:room]))
                sent = room
            heard += link.recv(65_536).count(b"\r\n")
    took = time.perf_counter() - start
    regulator.reached()
    regulator.end()
    return took


def main() -> None:
    """Run the bench."""
    bench = Bench()
    with tempfile.TemporaryDirectory() as folder:
        spool = Path(folder)
        start = time.perf_counter()
        filled(spool)
        print(f"spool of {FRAMES:,} frames made in {time.perf_counter() - start:.0f} s", file=sys.stderr)
        took, found = drained(spool)
    peer = PEER_FRAMES / own_loop()
    bench.at_most("frames lost", FRAMES - found["frames"], 1, "frames")
    bench.at_most("frames twice", found["doubles"], 1, "frames")
    bench.at_most("frames out of a device's order", found["disorder"], 1, "frames")
    bench.at_least(
        f"forwarded and acknowledged, window {WINDOW}",
        FRAMES / took,
        TARGET_PER_S,
        "frames/s",
        beside=f"a loop that only sends: {peer:,.0f}",
    )
    bench.end()


if __name__ == "__main__":
    main()
