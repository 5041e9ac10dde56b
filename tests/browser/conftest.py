"""A real server on loopback with a clock that can be moved, and Debian's chromium."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from xunshui.web.project.demo_clock import set_demo_clock

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START = dt.datetime(2024, 9, 10, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


class Platform:
    """A served platform in a folder of its own; `at` moves its clock, which starts the server anew."""

    def __init__(self, home: Path) -> None:
        """Serve what is in `home`."""
        self.home = home
        self._server: subprocess.Popen[bytes] | None = None
        self._environment = environment(home)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def make(self, state: str) -> None:
        """Bring the example's application into a state, through the verbs, in a process of its own."""
        subprocess.run(
            [sys.executable, "-m", "tests.browser.states", state, START.isoformat()],
            check=True,
            env=self._environment,
        )

    def at(self, moment: dt.datetime) -> None:
        """Serve with the clock at `moment`."""
        self.stop()
        set_demo_clock(self.home / "demo-clock", shown=moment, now=dt.datetime.now(dt.UTC))
        command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{self.port}", "--threads", "4"]
        with (self.home / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                [*command, "--no-control-socket", "xunshui.web.project.wsgi"],
                env=self._environment,
                stderr=log,
            )
        wait_for(f"{self.url}/help/")

    def stop(self) -> None:
        """End the server that this object started."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(timeout=20)
            self._server = None


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a process that works on the platform in `home`."""
    return os.environ | {
        "XUNSHUI_HOME": str(home),
        "XUNSHUI_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "xunshui.web.project.settings",
    }


def free_port() -> int:
    """Return a port of the loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, seconds: float = 20) -> None:
    """Wait until an address answers; raises `TimeoutError`."""
    for _ in range(int(seconds * 10)):
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a platform with its round and its people, to be copied."""
    home = tmp_path_factory.mktemp("begun")
    command = [sys.executable, "-m", "tests.browser.people", START.isoformat()]
    subprocess.run(command, check=True, env=environment(home))
    return home


@pytest.fixture
def platform(tmp_path: Path, begun: Path) -> Iterator[Platform]:
    """A platform whose clock stands at START."""
    served = Platform(Path(shutil.copytree(begun, tmp_path, dirs_exist_ok=True)))
    served.at(START)
    yield served
    served.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, without a window."""
    if CHROMIUM is None:
        pytest.skip("chromium 未安装：apt-get install chromium")
    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield launched
        launched.close()


class Person:
    """Someone at a browser of their own."""

    def __init__(self, browser: Browser, platform: Platform, username: str) -> None:
        """Open a browser and enter."""
        self.platform = platform
        context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
        context.set_default_timeout(15_000)
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.goto(f"{platform.url}/accounts/login/")
        self.page.click(f"button[value={username}]")
        self.page.wait_for_load_state()

    def press(self, button: str | Locator) -> Page:
        """Press a button that sends a form, and wait for the page that answers."""
        target = self.page.locator(button).first if isinstance(button, str) else button
        with self.page.expect_navigation():
            target.click()
        return self.page

    def goto(self, path: str) -> Page:
        """Open a page and return it."""
        self.page.goto(f"{self.platform.url}{path}")
        return self.page
