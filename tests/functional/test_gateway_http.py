"""The gateway's health and metrics, asked as Prometheus and a load balancer would; and the units that start it."""

from __future__ import annotations

import json
import shlex
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from subprocess import PIPE

import pytest
from tests.functional.gateways import XUNSHUI, stop

from xunshui.cli.simulated import free_port
from xunshui.telemetry.hj212 import framed

UNITS = Path(__file__).parents[2] / "deploy/systemd"
DATA = framed(
    b"QN=20240101000000001;ST=32;CN=2061;PW=1;MN=B;Flag=5;CP=&&DataTime=20240101000000;w00000-Cou=70.25&&"
)


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_health_and_metrics(tmp_path: Path) -> None:
    http, hj212 = free_port(), free_port()
    process = subprocess.Popen(
        [
            XUNSHUI,
            "gateway",
            "--spool",
            tmp_path,
            "--hj212",
            f"127.0.0.1:{hj212}",
            "--http",
            f"127.0.0.1:{http}",
        ],
        stderr=PIPE,
        text=True,
    )
    assert process.stderr is not None
    process.stderr.readline()
    try:
        with socket.create_connection(("127.0.0.1", hj212), 10) as logger:
            logger.sendall(DATA)
            logger.recv(1000)
        status, health = get(http, "/health")
        _, metrics = get(http, "/metrics")
        missing, _ = get(http, "/")
        # Whoever opens and says nothing, or too much, holds up nobody.
        with socket.create_connection(("127.0.0.1", http), 10) as rude:
            rude.sendall(b"x" * 20_000)
        again, _ = get(http, "/health")
    finally:
        stop(process)

    assert (status, json.loads(health)) == (
        200,
        {"healthy": True, "last_error": "", "waiting": 0, "callers": {"hj212": {"known": 1, "connected": 0}}},
    )
    assert (missing, again) == (404, 200)
    lines = metrics.splitlines()
    assert "xunshui_frames_total 1" in lines
    assert "xunshui_samples_total 1" in lines
    assert "xunshui_failing 0" in lines
    assert "# TYPE xunshui_frames_total counter" in lines


@pytest.mark.parametrize("unit", sorted(UNITS.glob("*.service")), ids=lambda unit: unit.name)
def test_units_call_commands_that_are_there(unit: Path) -> None:
    [line] = [line for line in unit.read_text("utf-8").splitlines() if line.startswith("ExecStart=")]
    command, *words = shlex.split(line.removeprefix("ExecStart="))
    names = [word for word in words if not word.startswith("-") and word.isalpha()][:2]
    options = [word for word in words if word.startswith("--")]
    group = names if names[0] == "lake" else names[:1]
    told = subprocess.run([XUNSHUI, *group, "--help"], capture_output=True, text=True, check=True).stdout

    assert command.endswith("/bin/xunshui")
    assert [option for option in options if option not in told] == []
