"""A thousand loggers among five hundred slow ones and a hundred senders of garbage; then 100 MB of random bytes."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

from bench.crowd import Told
from bench.gateways import HOST, Gateway
from bench.report import Bench
from xunshui.telemetry.spool import open_to_read

LIVE, SLOW, RUDE, SECONDS = 1_000, 500, 100, 30.0
DESCRIPTORS = 8_192
RANDOM_BYTES, PIECE_BYTES, SENDERS = 100_000_000, 50_000, 20
HEADED_BYTES = 10_000_000
"""Random bytes that pretend to be frames: a head, a length, and a tail where it says."""


def main() -> None:
    """Run the bench."""
    bench = Bench()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, DESCRIPTORS), hard))
    with tempfile.TemporaryDirectory() as folder, Gateway(Path(folder) / "spool") as gateway:
        _crowd(bench, gateway)
        _noise(bench, gateway)
    bench.end()


def _crowd(bench: Bench, gateway: Gateway) -> None:
    words = map(str, (gateway.port, LIVE, SLOW, RUDE, SECONDS))
    ended = subprocess.run(
        [sys.executable, "-m", "bench.crowd", *words], stdout=subprocess.PIPE, check=True, text=True
    )
    told = Told(**json.loads(ended.stdout))
    kept = _frames(gateway)
    for kind, count in (("live", LIVE), ("slow", SLOW)):
        bench.at_most(
            f"frames of {count:,} {kind} loggers not acknowledged",
            told.sent[kind] - told.acknowledged[kind],
            1,
            "frames",
            beside=f"of {told.sent[kind]:,}",
        )
    bench.at_most("good frames not kept", sum(told.acknowledged.values()) - kept, 1, "frames")
    bench.at_most("loggers whose connection broke", told.broken, 1, "loggers")
    beside = f"load {os.getloadavg()[0]:.1f}"
    bench.told("slowest acknowledgement", told.slowest_s, "s", beside=beside)
    beside = f"{told.turned_away} of their connections closed by the gateway"
    bench.told(f"garbage of {RUDE} senders", told.garbage_bytes / 1e6, "MB", beside=beside)
    bench.at_most("gateway's peak memory", gateway.peak_mb(), 300, "MB")


def _noise(bench: Bench, gateway: Gateway) -> None:
    before = _frames(gateway)
    random = Random(0)
    _send(gateway.port, lambda: random.randbytes(PIECE_BYTES), RANDOM_BYTES)
    _send(gateway.port, lambda: _headed(random), HEADED_BYTES)
    bench.at_most(
        "gateway dead after 100 MB of random bytes", gateway.process.poll() is not None, 1, "gateways"
    )
    bench.told("answers again after", gateway.answers(), "s")
    false = _frames(gateway) - before - 1
    bench.at_most(
        "false frames kept", false, 1, "frames", beside="10 MB of them with a head, a length and a tail"
    )
    bench.at_most("gateway's peak memory after it", gateway.peak_mb(), 300, "MB")


def _send(port: int, piece: Callable[[], bytes], total: int) -> None:
    """Send so many bytes over several connections; one that the gateway closes is opened again."""
    wires: list[socket.socket | None] = [None] * SENDERS
    sent = 0
    while sent < total:
        for place, wire in enumerate(wires):
            try:
                wire = wire or socket.create_connection((HOST, port), 10)
                content = piece()
                wire.sendall(content)
                sent += len(content)
                wires[place] = wire
            except OSError:
                wires[place] = None
    for wire in filter(None, wires):
        wire.close()


def _headed(random: Random) -> bytes:
    """Return random bytes as many false frames."""
    sizes = [random.randrange(20, 1_000) for _ in range(PIECE_BYTES // 500)]
    return b"".join(
        b"##%04d%s%04X\r\n" % (size, random.randbytes(size), random.randrange(65_536)) for size in sizes
    )


def _frames(gateway: Gateway) -> int:
    """Return how many frames are on disk."""
    spool = open_to_read(gateway.spool)
    found = spool.execute("SELECT coalesce(sum(frame_count), 0) FROM batch").fetchone()[0]
    spool.close()
    return int(found)


if __name__ == "__main__":
    main()
