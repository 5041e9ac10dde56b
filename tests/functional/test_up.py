"""`xunshui up` watches: pages and sensing are started again when they die, health is told, all end in order."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.functional.gateways import XUNSHUI, free_port

from xunshui.cli.watched import reason_of


class Up:
    """`xunshui up --log json` in a folder of its own, with what it tells."""

    def __init__(self, home: Path, *words: str) -> None:
        """Start it on a free port."""
        self.port = free_port()
        self._log = home.with_name(f"{self.port}.log")
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(XUNSHUI), "up", "--port", str(self.port), "--workers", "1", "--log", "json", *words],
                env=os.environ | {"XUNSHUI_HOME": str(home)},
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def told(self, event: str, **facts: object) -> list[dict[str, Any]]:
        """Return the lines of an event that has these facts; every line must be one object."""
        lines = [json.loads(line) for line in self._log.read_text("utf-8").splitlines()]
        return [line for line in lines if line["event"] == event and facts.items() <= line.items()]

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Return status and body; 0 where nobody answers."""
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def health(self) -> dict[str, Any]:
        """Return what /health says."""
        return dict(json.loads(self.get("/health")[1] or "{}"))

    def children(self) -> list[int]:
        """Return the processes that were started, and theirs."""
        return [line["child_pid"] for line in self.told("child_started")]


def until(holds: Callable[[], Any], seconds: float = 90) -> Any:
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)
    return found


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up") / "home"


@pytest.fixture(scope="module")
def started() -> Iterator[list[Up]]:
    """Give a list for what was started; ends what runs still."""
    found: list[Up] = []
    yield found
    for each in found:
        if each.process.poll() is None:
            each.process.terminate()
        each.process.wait(60)


@pytest.fixture
def up(home: Path, started: list[Up]) -> Up:
    """Return one that runs as it was started: the last one, if no test has ended it."""
    if not started or started[-1].process.poll() is not None:
        started.append(Up(home, "--hj212", "127.0.0.1:0", "--http", f"127.0.0.1:{free_port()}"))
        until(lambda: started[-1].told("web_ready") and started[-1].told("gateway_listening"))
    return started[-1]


def test_health_and_metrics_of_the_pages(up: Up, home: Path) -> None:
    told = until(lambda: (now := up.health()).get("flusher", {}).get("state") == "running" and now)
    metrics = up.get("/metrics")[1].splitlines()
    through_a_proxy = [up.get(path, X_Forwarded_For="10.0.0.1") for path in ("/health", "/metrics")]
    records = sqlite3.connect(home / "records.sqlite3")
    records.execute("ALTER TABLE django_migrations RENAME TO gone")
    broken, broken_metrics = up.get("/health"), up.get("/metrics")[1]
    records.execute("ALTER TABLE gone RENAME TO django_migrations")
    records.close()

    assert (told["healthy"], told["records"]["answer"], told["gateway"]["state"]) == (True, True, "running")
    assert told["flusher"]["flush_age_s"] < 30
    assert told["flusher"]["behind_batches"] == 0
    assert "xunshui_web_records_up 1" in metrics
    assert 'xunshui_web_sensing_up{process="gateway"} 1' in metrics
    assert through_a_proxy[0] == (200, '{"healthy": true}\n')
    assert through_a_proxy[1][0] == 404
    assert (broken[0], json.loads(broken[1])["healthy"]) == (503, False)
    assert "xunshui_web_records_up 0" in broken_metrics
    assert up.health()["healthy"]


def test_pages_and_sensing_that_die_are_started_again_and_all_end_in_order(up: Up) -> None:
    [sensing], [web] = up.told("child_started", child="sensing"), up.told("child_started", child="web")
    os.kill(web["child_pid"], signal.SIGKILL)
    until(lambda: up.told("child_started", child="web", restarts=1))
    until(lambda: up.get("/help/")[0] == 200)
    os.kill(sensing["child_pid"], signal.SIGKILL)
    until(lambda: len(up.told("gateway_listening")) == 2)
    up.process.terminate()
    code = up.process.wait(60)

    assert code == 0
    assert [line["child"] for line in up.told("child_died", code=-9)] == ["web", "sensing"]
    assert "web 被信号 SIGKILL 结束，2 秒后再启动" in up.told("child_died")[0]["message"]
    assert [line["child"] for line in up.told("child_ended", process="up")] == ["web", "sensing"]
    assert [line["child"] for line in up.told("child_ended", process="sensing")] == ["flusher", "gateway"]
    assert [pid for pid in up.children() if not is_gone(pid)] == []


def test_nobody_is_left_when_it_is_killed(up: Up) -> None:
    everyone = up.children()
    assert len(everyone) == 4
    up.process.kill()

    until(lambda: all(map(is_gone, everyone)))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--no-sensing", "--http", "127.0.0.1:1"), "不能与 --http 一起写"),
        (("--demo", "--devices", "{file}"), "--demo 不能与 --devices 一起写"),
        (("--devices", "{file}"), "需要改正"),
        (("--profiles", "{file}"), "需要改正"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_made(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    file, home = tmp_path / "file.yaml", tmp_path / "home"
    file.write_text("nonsense: true\n", encoding="utf-8")
    ended = subprocess.run(
        [str(XUNSHUI), "up", "--port", str(free_port()), *(word.format(file=file) for word in words)],
        env=os.environ | {"XUNSHUI_HOME": str(home)},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert (ended.returncode, said in ended.stderr, home.exists()) == (2, True, False), ended.stderr


def test_reason_names_code_and_signal() -> None:
    told = [reason_of(code) for code in (0, 2, -15, -99)]
    assert told == [
        "退出（退出码 0）",
        "因设置有误而退出（见它自己的记录）",
        "被信号 SIGTERM 结束",
        "被信号 99 结束",
    ]
