"""A gateway of one's own for a test: the real program on a free port, ended by its process id."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

XUNSHUI = Path(sys.executable).with_name("xunshui")
PEERS = Path(__file__).parents[1] / "peers"


def start(spool: Path, port: int = 0) -> tuple[Popen[str], int]:
    """Start a gateway and return it with its port once it listens."""
    process = Popen(
        [str(XUNSHUI), "gateway", "--hj212", f"127.0.0.1:{port}", "--spool", str(spool)],
        stderr=PIPE,
        text=True,
    )
    assert process.stderr is not None
    told = process.stderr.readline()
    assert told.startswith("HJ 212 监听 127.0.0.1:"), told + process.stderr.read()
    return process, int(told.rsplit(":", 1)[1])


def stop(process: Popen[str]) -> int:
    """Ask a gateway to end and return its exit code."""
    process.terminate()
    code = process.wait(10)
    if process.stderr is not None:
        process.stderr.close()
    return code


def kill(process: Popen[str]) -> None:
    """Take a gateway away without a word."""
    process.kill()
    process.wait(10)
    if process.stderr is not None:
        process.stderr.close()


@contextmanager
def gateway(spool: Path) -> Iterator[int]:
    """Run a gateway for the length of the block; yields its port."""
    process, port = start(spool)
    try:
        yield port
    finally:
        stop(process)


@contextmanager
def logger(port: int, device: str, frames: int, window: int) -> Iterator[subprocess.Popen[str]]:
    """Run the Node logger for the length of the block."""
    command = ["node", str(PEERS / "hj212_logger.mjs"), str(port), device, str(frames), str(window)]
    process = Popen(command, stdout=PIPE, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()
