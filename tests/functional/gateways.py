"""A gateway of one's own for a test: the real program on a free port, ended by its process id."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

from xunshui.telemetry.gateway.status import read_status
from xunshui.telemetry.spool import batches_after, channels_of, open_to_read

XUNSHUI = Path(sys.executable).with_name("xunshui")
PEERS = Path(__file__).parents[1] / "peers"


def start(
    spool: Path, port: int = 0, devices: Path | None = None, profiles: Path | None = None
) -> tuple[Popen[str], int]:
    """Start a gateway and return it with its port once it listens."""
    asked = [] if devices is None else ["--devices", str(devices)]
    asked += [] if profiles is None else ["--profiles", str(profiles)]
    process = Popen(
        [str(XUNSHUI), "gateway", "--hj212", f"127.0.0.1:{port}", "--spool", str(spool), *asked],
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
def gateway(spool: Path, devices: Path | None = None, profiles: Path | None = None) -> Iterator[int]:
    """Run a gateway for the length of the block; yields its port."""
    process, port = start(spool, devices=devices, profiles=profiles)
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


def devices_file(folder: Path, *devices: dict[str, Any]) -> Path:
    """Write a devices file; JSON is YAML."""
    file = folder / "devices.yaml"
    file.write_text(json.dumps({"devices": devices}, ensure_ascii=False), encoding="utf-8")
    return file


def kept(spool: Path) -> dict[str, list[tuple[float, int, int]]]:
    """Return value, quality and instant of every sample on disk, by the name of its channel."""
    database = open_to_read(spool)
    try:
        names = {channel.id: channel.name for channel in channels_of(database)}
        found: dict[str, list[tuple[float, int, int]]] = {name: [] for name in names.values()}
        for batch in batches_after(database, 0):
            for row in batch.samples.to_pylist():
                found[names[row["channel"]]].append((row["value"], row["quality"], row["at_us"]))
        return found
    finally:
        database.close()


def values(spool: Path, name: str) -> list[float]:
    """Return the values of a channel in the order they came."""
    return [value for value, _, _ in kept(spool).get(name, [])]


def device_state(spool: Path, name: str, since: float = 0.0) -> dict[str, Any]:
    """Return what the gateway says of a device, or nothing where its status is older."""
    told = read_status(spool)
    if told is None or told["started_at"] < since:
        return {}
    return next((device for device in told["devices"] if device["name"] == name), {})


def until(holds: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"still not so after {seconds} s"
        time.sleep(0.1)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def peer(*command: str, ready: str = "ready") -> Iterator[Popen[str]]:
    """Run a simulated device for the length of the block, from the line on which it is ready."""
    process = Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if ready:
            assert process.stdout.readline().strip() == ready
        yield process
    finally:
        process.kill()
        process.wait(10)
        process.stdin.close()
        process.stdout.close()
