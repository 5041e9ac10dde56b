"""A regulator and a forwarder of one's own for a test: the Node server, the real program, and a spool to forward."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

from xunshui.telemetry.hj212 import framed, read_segment, samples_of
from xunshui.telemetry.localtime import SECOND_US, digits_of_instant, instant_of_digits
from xunshui.telemetry.sample import Arrival
from xunshui.telemetry.spool import SpoolWriter

XUNSHUI = Path(sys.executable).with_name("xunshui")
PEER = Path(__file__).parents[1] / "peers" / "hj212_regulator.mjs"
START_US = instant_of_digits("20240101000000") or 0


class Regulator:
    """The Node server; `port` stays the same over a restart when it is given."""

    def __init__(self, *options: str, port: int = 0) -> None:
        """Start it and wait until it listens."""
        self.process = Popen(["node", str(PEER), str(port), *options], stdout=PIPE, text=True)
        self.port = int(self.line()["port"])

    def line(self) -> dict[str, Any]:
        """Return what it prints next."""
        assert self.process.stdout is not None
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told

    def end(self) -> list[dict[str, Any]]:
        """End it and return what it had still to tell; the summary is last."""
        if self.process.poll() is None:
            self.process.terminate()
        assert self.process.stdout is not None
        with self.process.stdout as out:
            told = [json.loads(line) for line in out]
        self.process.wait(10)
        return told


@contextmanager
def regulator(*options: str, port: int = 0) -> Iterator[Regulator]:
    """Run a regulator for the length of the block."""
    server = Regulator(*options, port=port)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
        server.process.wait(10)
        if server.process.stdout is not None and not server.process.stdout.closed:
            server.process.stdout.close()


@contextmanager
def forwarder(spool: Path, port: int, *options: str) -> Iterator[Popen[str]]:
    """Run a forwarder named `test` for the length of the block; it is killed if it has not ended by then."""
    words = ["forward", "--spool", str(spool), "--to", f"127.0.0.1:{port}", "--name", "test", *options]
    process = Popen([str(XUNSHUI), *words], stderr=PIPE, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)
        if process.stderr is not None:
            process.stderr.close()


def ended(process: Popen[str]) -> tuple[int, str]:
    """Ask a forwarder to end; return its exit code and what it told."""
    process.terminate()
    assert process.stderr is not None
    told = process.stderr.read()
    return process.wait(10), told


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run([str(XUNSHUI), *words], capture_output=True, text=True, check=False, timeout=60)


def arrival(number: int, device: str = "A", *, command: str = "2011", qn: str = "", flag: int = 4) -> Arrival:
    """Return the frame of one second, as a gateway keeps it."""
    at_us = START_US + number * SECOND_US
    qn = qn or digits_of_instant(at_us, milliseconds=True)
    text = (
        f"QN={qn};ST=32;CN={command};PW=123456;MN={device};Flag={flag};"
        f"CP=&&DataTime={digits_of_instant(at_us)};w00000-Rtd={number}.5,w00000-Flag=N&&"
    )
    samples = samples_of(read_segment(text.encode()))
    return Arrival("hj212", device, at_us, framed(text.encode()), samples, f"{command}/{qn}/{number}")


def fill(spool: Path, arrivals: list[Arrival], *, batch: int = 100) -> None:
    """Keep arrivals in a spool, so many a batch."""
    writer = SpoolWriter(spool)
    for start in range(0, len(arrivals), batch):
        writer.commit(arrivals[start : start + batch], START_US)
    writer.close()


def until(holds: Callable[[], bool], most_s: float = 15.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + most_s
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
