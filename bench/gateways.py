"""Gateways, flushers and loads as processes: started, killed and asked by their own ids."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen
from types import TracebackType
from typing import Self

from bench import hj212_load
from bench.hj212_load import Told
from xunshui.telemetry.failpoint import VARIABLE
from xunshui.telemetry.hj212.frame import framed

XUNSHUI = Path(sys.executable).with_name("xunshui")
HOST = "127.0.0.1"
PATIENCE_S = 60.0
PROBE = "310000000000000000999999"
"""The device whose frames ask whether a gateway serves."""
_random = Random()


class Gateway:
    """`xunshui gateway` on one port, over as many lives as wanted."""

    command: tuple[str, ...] = (str(XUNSHUI), "gateway")

    def __init__(self, spool: Path) -> None:
        """Take the folder; nothing runs yet."""
        self.spool = spool
        self.port = 0
        self.process: Popen[str]

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End, whatever happened."""
        self.kill()

    def start(self, failpoint: str = "") -> None:
        """Start, on the port of the life before, and return once it listens."""
        self.process = Popen(
            [*self.command, "--hj212", f"{HOST}:{self.port}", "--spool", str(self.spool)],
            stderr=PIPE,
            text=True,
            env=os.environ | {VARIABLE: failpoint},
        )
        assert self.process.stderr is not None
        told = self.process.stderr.readline()
        if f"{HOST}:" not in told:
            raise RuntimeError(told + self.process.stderr.read())
        self.port = int(told.rsplit(":", 1)[1])

    def kill(self) -> None:
        """Take it away without a word, as kill -9 does."""
        _end(self.process, hard=True)

    def stop(self) -> int:
        """Ask it to end and return its exit code."""
        return _end(self.process, hard=False)

    def peak_mb(self) -> float:
        """Return the most memory it ever had [MB]."""
        text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(text.split("VmHWM:")[1].split()[0]) / 1024

    def answers(self, patience_s: float = PATIENCE_S) -> float:
        """Send one frame as often as needed until it is acknowledged; return how long that took [s]."""
        began = time.perf_counter()
        while not self._acknowledges():
            if time.perf_counter() - began > patience_s:
                raise RuntimeError(f"no answer on port {self.port} within {patience_s} s")
            time.sleep(0.01)
        return time.perf_counter() - began

    def _acknowledges(self) -> bool:
        number = _random.randrange(10**8)
        probe = framed(f"QN=2024{number:013d};ST=32;CN=2011;PW=1;MN={PROBE};Flag=5;CP=&&&&".encode())
        try:
            with socket.create_connection((HOST, self.port), 1) as wire:
                wire.settimeout(PATIENCE_S)
                wire.sendall(probe)
                return b"CN=9014" in wire.recv(1000)
        except OSError:
            return False


class BareGateway(Gateway):
    """The same framer that answers at once and keeps nothing: what storage costs is told beside it."""

    command = (sys.executable, "-m", "bench.bare_gateway")


class Flusher:
    """`xunshui lake flush --every`, beside a gateway."""

    def __init__(self, spool: Path, every_s: float) -> None:
        """Take the folder; nothing runs yet."""
        self._command = [str(XUNSHUI), "lake", "flush", "--spool", str(spool)]
        self._every_s = every_s
        self.process: Popen[bytes] | None = None

    def start(self, failpoint: str = "") -> None:
        """Start, to be killed at the failpoint where one is named."""
        self.process = Popen(
            [*self._command, "--every", str(self._every_s)],
            stderr=subprocess.DEVNULL,
            env=os.environ | {VARIABLE: failpoint},
        )

    def dies(self, patience_s: float = PATIENCE_S) -> None:
        """Return once it has died of its failpoint."""
        assert self.process is not None
        self.process.wait(patience_s)

    def kill(self) -> None:
        """Take it away without a word."""
        if self.process is not None:
            _end(self.process, hard=True)

    def once(self) -> None:
        """Flush until nothing is left."""
        subprocess.run(self._command, check=True, stderr=subprocess.DEVNULL)


class Load:
    """One run of `bench.hj212_load`."""

    def __init__(
        self, port: int, *, connections: int = 50, window: int = 20, seconds: float, first: int = 0
    ) -> None:
        """Start, and return when its frames are made and it begins to send."""
        words = map(str, (port, connections, window, seconds, first))
        self._process = Popen([sys.executable, "-m", "bench.hj212_load", *words], stdout=PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == hj212_load.READY

    def told(self) -> Told:
        """Wait for the end and return what it came to."""
        assert self._process.stdout is not None
        found = json.loads(self._process.stdout.read())
        self._process.stdout.close()
        self._process.wait(PATIENCE_S)
        return Told(**found)


def _end(process: Popen[str] | Popen[bytes], *, hard: bool) -> int:
    if process.poll() is None:
        (process.kill if hard else process.terminate)()
    code = process.wait(PATIENCE_S)
    if process.stderr is not None:
        process.stderr.close()
    return code
