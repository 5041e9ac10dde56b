"""The sensing that `xunshui up` starts beside the pages: one process that watches over the others."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

GRACE_S = 30.0


class Sensing:
    """`xunshui sensing` as a process; it ends with this one, whatever happens, because its stdin closes."""

    def __init__(self, spool: Path, hj212: str, site: Path | None = None) -> None:
        """Start it; `site` is simulated."""
        simulated = ("--simulate", str(site)) if site is not None else ()
        command = (sys.executable, "-m", "xunshui.cli.main", "sensing", "--until-eof")
        self._process = subprocess.Popen(
            [*command, "--spool", str(spool), "--hj212", hj212, *simulated],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the pages; they tell this one to end
        )

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._process.pid

    def end(self) -> None:
        """Let it end in order and wait for it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()


def free_address() -> str:
    """Return an address of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{found.getsockname()[1]}"
