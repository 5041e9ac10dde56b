"""The platform as others meet it: a real server in a process group of its own, and a browser made of sockets."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

HOST = "127.0.0.1"
PATIENCE_S = 120.0


class ServerDead(RuntimeError):
    """The server ended before it answered; carries what it said."""


class Server:
    """`xunshui up --demo` on a free port; ended by its own process group's id, never by a name."""

    def __init__(self, home: Path, *, workers: int = 2, sensing: bool = False) -> None:
        """Choose a port; nothing runs yet. With `sensing` the demo's plant is simulated and its gateway runs."""
        self.home = home
        self.port = free_port()
        self._workers = workers
        self._command = XUNSHUI_UP if sensing else (*XUNSHUI_UP, "--no-sensing")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """Return what the server has said so far."""
        file = self.home.with_suffix(".log")
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def start(self, *, patience_s: float = PATIENCE_S) -> float:
        """Start and wait for the first page; return how long that took [s]."""
        began = time.perf_counter()
        with self.home.with_suffix(".log").open("wb") as log:
            self._process = subprocess.Popen(
                [*self._command, "--port", str(self.port), "--workers", str(self._workers)],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment(self.home),
                start_new_session=True,
            )
        while not self._answers():
            if self._process.poll() is not None or time.perf_counter() - began > patience_s:
                raise ServerDead(self.log)
            time.sleep(0.05)
        return time.perf_counter() - began

    def stop(self) -> int:
        """Ask the server to end and return its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the server with all its processes at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> int:
        process = self._process
        if process is None:
            return 0
        if how is signal.SIGKILL:
            os.killpg(process.pid, how)
        else:
            process.send_signal(how)
        self._process = None
        return process.wait(timeout=PATIENCE_S)

    def _answers(self) -> bool:
        if "循水已启动" not in self.log:
            return False
        try:
            return Browser(self.port).get("/help/")[0] == 200
        except OSError:
            return False


XUNSHUI_UP = (sys.executable, "-m", "xunshui.cli.main", "up", "--demo")


class Browser:
    """One person's browser: keeps its connection and its cookies, and posts forms with their token."""

    def __init__(self, port: int, *, session: str = "") -> None:
        """Take a session that exists already, or none."""
        self._connection = http.client.HTTPConnection(HOST, port, timeout=60)
        self.cookies = {"sessionid": session} if session else {}

    def get(self, path: str) -> tuple[int, str]:
        """Return status and page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        """Return status and page, or status and where the answer leads to."""
        if "csrftoken" not in self.cookies:
            self.get("/help/")
        body = urlencode(fields | {"csrfmiddlewaretoken": self.cookies["csrftoken"]})
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def enter_as(self, username: str) -> None:
        """Enter as one of the demo's people."""
        self.post("/demo/enter/", {"username": username})

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
        sent = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        try:
            self._connection.request(method, path, body, headers | sent)
            answer = self._connection.getresponse()
            page = answer.read().decode("utf-8")
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from None
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(line).items()}
        return answer.status, answer.headers.get("Location") or page


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a process that works on the records in `home`, in the demo's time."""
    return os.environ | {
        "XUNSHUI_HOME": str(home),
        "XUNSHUI_DEMO": "1",
        "PYTHONIOENCODING": "utf-8",
        "DJANGO_SETTINGS_MODULE": "xunshui.web.project.settings",
    }


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
