"""`xunshui lake`: what a logger sent comes back as text, before and after it moved."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest
from tests.functional import gateways

from xunshui.telemetry.hj212 import framed

DATA = framed(
    b"QN=20240101000000001;ST=32;CN=2061;PW=1;MN=B;Flag=5;CP=&&DataTime=20240101000000;w00000-Cou=70.25,w00000-Flag=N;"
    b"w01018-Avg=33.5,w01018-Flag=D&&"
)
WANTED = """point,time,value,quality
hj212:B/2061/w00000-Cou,2024-01-01T00:00:00+08:00,70.25,valid
hj212:B/2061/w01018-Avg,2024-01-01T00:00:00+08:00,33.5,fault
"""


def lake(*words: str) -> subprocess.CompletedProcess[str]:
    command = [str(gateways.XUNSHUI), "lake", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture(scope="module")
def spool(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("spool")
    with gateways.gateway(folder) as port, socket.create_connection(("127.0.0.1", port), 10) as logger:
        logger.sendall(DATA)
        logger.recv(1000)
    return str(folder)


def export(spool: str, points: str, start: str = "2024-01-01", end: str = "2024-01-02") -> str:
    ended = lake("export", "--spool", spool, "--points", points, "--from", start, "--to", end)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_readings_come_back_before_and_after_the_flush(spool: str) -> None:
    before = export(spool, "hj212:B/*")
    flushed = lake("flush", "--spool", spool)

    assert (before, flushed.returncode) == (WANTED, 0)
    assert "搬入 1 批、2 个读数，到第 1 批" in flushed.stderr
    assert export(spool, "hj212:B/2061/w00000-Cou,hj212:B/2061/w01018-Avg") == WANTED


def test_the_end_is_not_included(spool: str) -> None:
    assert export(spool, "hj212:B/*", "2023-01-01", "2024-01-01T00:00").count("\n") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("--points", "nonsense", "--from", "2024-01-01", "--to", "2024-01-02"),
            "没有点位“nonsense”；收到过的如 hj212:B",
        ),
        (
            ("--points", "hj212:B/*", "--from", "yesterday", "--to", "2024-01-02"),
            "“yesterday”不是时刻；应写作 2024-01-01",
        ),
    ],
)
def test_mistakes_are_told(spool: str, words: tuple[str, ...], told: str) -> None:
    ended = lake("export", "--spool", spool, *words)

    assert (ended.returncode, told in ended.stderr) == (2, True)


def test_missing_spool_is_told(tmp_path: Path) -> None:
    ended = lake("flush", "--spool", str(tmp_path / "nowhere"))

    assert (ended.returncode, "先运行 xunshui gateway" in ended.stderr) == (2, True)


def test_points_are_listed(spool: str) -> None:
    assert lake("points", "--spool", spool).stdout.splitlines() == [
        "hj212:B/2061/w00000-Cou",
        "hj212:B/2061/w01018-Avg",
    ]
