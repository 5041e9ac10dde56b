"""A disk that refuses: nothing is acknowledged that is not kept, health says so, an end comes, and all is well after.

The limit on the size of files stands for the full disk: SQLite meets the same refusal in the same place.
"""

from __future__ import annotations

import json
import re
import resource
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path
from subprocess import PIPE, Popen

from tests.functional.gateways import XUNSHUI, stop

from xunshui.cli.simulated import free_port
from xunshui.telemetry.hj212 import framed
from xunshui.telemetry.lake import Reader

MOST_BYTES = 400_000
FRAMES = 4_000


def frame(number: int) -> tuple[str, bytes]:
    qn = f"20240101{number:09d}"
    text = f"QN={qn};ST=32;CN=2011;PW=1;MN=A;Flag=5;CP=&&DataTime=20240101{number // 3600:02d}{number // 60 % 60:02d}{number % 60:02d};w00000-Rtd={number}.5&&"
    return qn, framed(text.encode())


def started(spool: Path, http: int, *, limited: bool) -> tuple[Popen[str], int]:
    hj212 = free_port()

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))

    process = Popen(
        [
            XUNSHUI,
            "gateway",
            "--spool",
            spool,
            "--hj212",
            f"127.0.0.1:{hj212}",
            "--http",
            f"127.0.0.1:{http}",
        ],
        stderr=PIPE,
        text=True,
        preexec_fn=limit if limited else None,
    )
    assert process.stderr is not None
    process.stderr.readline()
    return process, hj212


def sent(port: int, frames: dict[str, bytes], seconds: float, quiet_s: float = 20) -> set[str]:
    """Send frames and return the QN of those that were acknowledged in time, and before nothing more came for a while."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), 10) as logger:
        logger.settimeout(0.2)
        for piece in frames.values():
            logger.sendall(piece)
        end = time.monotonic() + seconds
        while time.monotonic() < end and heard.count(b"CN=9014") < len(frames):
            try:
                heard += logger.recv(65_536)
                end = min(end, time.monotonic() + quiet_s)
            except TimeoutError:
                continue
    return {qn.decode() for qn in re.findall(rb"QN=(\d+);ST=91;CN=9014", heard)}


def health(port: int) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
            return answer.status, json.loads(answer.read())["last_error"]
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())["last_error"]


def test_nothing_is_acknowledged_that_the_disk_refused(tmp_path: Path) -> None:
    http = free_port()
    frames = dict(frame(number) for number in range(FRAMES))
    process, port = started(tmp_path, http, limited=True)
    acknowledged = sent(port, frames, 10, quiet_s=2.5)
    status, reason = health(http)
    began = time.monotonic()
    code = stop(process)
    ended_s = time.monotonic() - began

    assert 0 < len(acknowledged) < FRAMES
    assert (status, reason != "") == (503, True)
    assert (code, ended_s < 8) == (0, True)

    process, port = started(tmp_path, http, limited=False)
    left = {qn: piece for qn, piece in frames.items() if qn not in acknowledged}
    again = sent(port, left, 20)
    well, _ = health(http)
    stop(process)
    reader = Reader(tmp_path)
    found = reader.readings([channel.id for channel in reader.channels()], 0, 2**62)
    reader.close()

    assert (len(acknowledged | again), well) == (FRAMES, 200)
    assert sorted(found["value"].to_pylist()) == [number + 0.5 for number in range(FRAMES)]
