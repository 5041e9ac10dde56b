"""Sensing as a whole: watched processes, simulated loggers, and the verdict from their readings."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.functional import gateways
from tests.functional.gateways import XUNSHUI

from xunshui.cli.sensing_beside import free_address, sensing_child
from xunshui.cli.simulated import broker
from xunshui.simulator import Plant
from xunshui.simulator.points import with_points
from xunshui.site import site_of, write_site
from xunshui.telemetry.gateway.status import read_status
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.series import latest
from xunshui.telemetry.spool import channels_of, open_to_read


def wait_until(holds: Callable[[], Any], seconds: float = 30) -> Any:
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)
    return found


class Sensing:
    """The sensing as `xunshui up` starts it; it ends because its stdin closes."""

    def __init__(self, spool: Path, *words: str) -> None:
        """Start it on a free address."""
        host, port = free_address()
        child = sensing_child(spool, "--hj212", f"{host}:{port}", *words)
        self._process = subprocess.Popen(child.command, stdin=subprocess.PIPE, start_new_session=True)
        self.pid = self._process.pid

    def end(self) -> None:
        """Close its stdin and wait."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(50) == 0


RAW: dict[str, Any] = {
    "id": "works",
    "name": "示例厂",
    "kind": "enterprise",
    "industry": "3120",
    "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}],
    "units": [{"id": "U", "name": "净环", "use": "indirect_cooling"}],
    "meters": [{"id": "A", "accuracy_class": 2}, {"id": "B", "accuracy_class": 2}],
    "streams": [
        {
            "id": "in",
            "from": "env",
            "to": "U",
            "kind": "surface",
            "meters": ["A"],
            "volume_m3": {"2023": 20000},
        },
        {
            "id": "round",
            "from": "U",
            "to": "U",
            "kind": "circulating_indirect",
            "meters": ["B"],
            "volume_m3": {"2023": 980000},
        },
    ],
}


OUT = {"id": "out", "from": "U", "to": "env", "kind": "discharge", "volume_m3": {"2023": 15000}}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    file = tmp_path / "site.json"
    write_site(with_points(site_of(RAW)), file)
    return file


def test_simulated_year_is_assessed_from_its_readings(tmp_path: Path, site: Path) -> None:
    spool = tmp_path / "spool"
    with gateways.gateway(spool) as port:
        told = subprocess.run(
            [XUNSHUI, "simulate", site, "--hj212", f"127.0.0.1:{port}", "--since", "2022-12-31", "--past-only"],
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
    assert "帧都得到应答" in told.stderr
    answered = subprocess.run(
        [XUNSHUI, "assess", site, "--from-lake", spool, "--period", "2023", "--json"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    typed = subprocess.run([XUNSHUI, "assess", site, "--json"], capture_output=True, text=True, check=True)
    metered, told_by_hand = (json.loads(each.stdout)["gates"][0]["value"] for each in (answered, typed))

    assert "0 条读数不足" in answered.stderr
    assert metered != told_by_hand
    assert metered == pytest.approx(told_by_hand, abs=0.5)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from-lake", "."), "--from-lake 与 --period 要一起写"),
        (("--from-lake", ".", "--period", "2023"), "先运行 xunshui gateway"),
        (("--from-lake", ".", "--period", "1999"), "没有时期“1999”"),
    ],
)
def test_mistakes_are_told(site: Path, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    ended = subprocess.run(
        [XUNSHUI, "assess", site, *words], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert (ended.returncode, said in ended.stderr) == (2, True), ended.stderr


def children(pid: int) -> dict[int, str]:
    """Return the processes that this one started, with their command lines."""
    found = (
        (Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        if Path(f"/proc/{pid}").exists()
        else []
    )
    return {int(each): Path(f"/proc/{each}/cmdline").read_text().replace("\0", " ") for each in found}


def test_gateway_that_is_killed_is_started_again_and_all_end_together(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    sensing = Sensing(spool)
    first = wait_until(lambda: read_status(spool))
    [gateway] = [pid for pid, command in children(sensing.pid).items() if " gateway " in command]
    os.kill(gateway, signal.SIGKILL)
    again = wait_until(
        lambda: (now := read_status(spool)) and now["started_at"] > first["started_at"] and now
    )
    family = children(sensing.pid)
    sensing.end()

    assert again["frames"] == 0
    assert len(family) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in family)


def test_simulated_field_speaks_every_protocol(tmp_path: Path) -> None:
    raw = RAW | {"streams": [*RAW["streams"], OUT]}
    site = with_points(site_of(raw))
    file, spool = tmp_path / "site.json", tmp_path / "spool"
    write_site(site, file)
    spoken = {"hj212", "modbus", "opcua"} | ({"mqtt"} if broker() else set())
    wanted = {point.channel for point in site.points if point.channel.partition(":")[0] in spoken}
    sensing = Sensing(spool, "--simulate", str(file))
    try:
        wait_until(lambda: wanted <= heard(spool), seconds=90)
        now_us = time.time_ns() // 1000
        reader = Reader(spool)
        last = latest(site, reader, now_us)
        reader.close()
    finally:
        sensing.end()
    plant = Plant(site)

    assert last["P01F"].value == pytest.approx(plant.flow("A", now_us), rel=0.02)
    assert last["P01"].value == pytest.approx(plant.flow("A", now_us), rel=0.02)
    assert last["P01T"].value == pytest.approx(plant.total("A", now_us), abs=1.5)
    if broker():
        assert last["Q1-ph"].value == pytest.approx(7.6, abs=0.2)


def heard(spool: Path) -> set[str]:
    if not (spool / "spool.sqlite3").exists():
        return set()
    database = open_to_read(spool)
    try:
        return {channel.name for channel in channels_of(database)}
    except sqlite3.OperationalError:
        # The file is there a moment before its tables.
        return set()
    finally:
        database.close()
