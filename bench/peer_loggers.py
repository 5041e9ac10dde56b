"""Loggers written apart from the platform (Node), which resend what was not acknowledged; what they were told is kept."""

from __future__ import annotations

import subprocess
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Thread

import numpy as np
from numpy.typing import NDArray

from xunshui.telemetry.localtime import instant_of_digits

LOGGER = Path("tests/peers/hj212_logger.mjs")
CODE = "2011/w00000-Rtd"
FRAMES = 10_000_000
PATIENCE_S = 20.0


class PeerLogger:
    """One Node process, one device; sends without end until it is killed."""

    def __init__(self, port: int, device: str, window: int) -> None:
        """Start sending."""
        self.device = device
        self.acknowledged: list[str] = []
        self._process = Popen(
            ["node", str(LOGGER), str(port), device, str(FRAMES), str(window)],
            stdout=PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._thread = Thread(target=self._listen)
        self._thread.start()

    @property
    def channel(self) -> str:
        """Return the name of the one channel it sends."""
        return f"hj212:{self.device}/{CODE}"

    def instants(self) -> NDArray[np.int64]:
        """Return the instants [µs] of the readings acknowledged so far, and fail where the logger did."""
        told = list(self.acknowledged)
        if self._process.poll() is not None or not all(map(str.isdigit, told)):
            raise RuntimeError(f"logger {self.device} ended: {told[-5:]}")
        return np.array([instant_of_digits(qn) for qn in told], np.int64)

    def end(self) -> None:
        """Take it away, and hear the last of it."""
        self._process.kill()
        self._process.wait(PATIENCE_S)
        self._thread.join(PATIENCE_S)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as told:
            for line in told:
                if line.endswith("\n"):
                    self.acknowledged.append(line.strip())
