"""Stations of SL 651 and SZY206 at the gateway, as processes: what it confirmed is on disk, whatever happens to it."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import pytest
from tests.functional import gateways

from xunshui.telemetry.failpoint import VARIABLE
from xunshui.telemetry.gateway.status import read_status
from xunshui.telemetry.localtime import instant_of_text
from xunshui.telemetry.sl651 import read_frame
from xunshui.telemetry.spool import batches_after, open_to_read

STATION = "0012345678"
REPORTS = 1_500
TEST = bytes.fromhex(
    "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F0591011154920190000052619000005392300000127381211150320FA"
)
TEST_CONFIRMED = bytes.fromhex("7E7E00123456780112343080080200035910111549471B75D4")
FLOW = bytes.fromhex("681A68B31237899876C000000000000800000000000000000057172800F116")
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js 未安装")


def start(spool: Path, *words: str, lines: int = 1) -> Popen[str]:
    """Start a gateway and return it once it listens for each of its protocols."""
    process = Popen([gateways.XUNSHUI, "gateway", "--spool", spool, *words], stderr=PIPE, text=True)
    assert process.stderr is not None
    for _ in range(lines):
        told = process.stderr.readline()
        assert "监听 127.0.0.1:" in told, told + process.stderr.read()
    return process


@contextmanager
def gateway(spool: Path, *words: str, lines: int = 1) -> Iterator[Popen[str]]:
    """Run a gateway for the length of the block."""
    process = start(spool, *words, lines=lines)
    try:
        yield process
    finally:
        gateways.stop(process)


@contextmanager
def station(protocol: str, port: int, reports: int, window: int) -> Iterator[Popen[str]]:
    """Run the Node station for the length of the block."""
    command = [
        "node",
        str(gateways.PEERS / "station.mjs"),
        protocol,
        str(port),
        STATION,
        str(reports),
        str(window),
    ]
    with gateways.peer(*command, ready="") as process:
        yield process


def address(port: int) -> str:
    return f"127.0.0.1:{port}"


def kept_frames(spool: Path) -> list[bytes]:
    database = open_to_read(spool)
    try:
        return [raw for batch in batches_after(database, 0) for raw in batch.frames.column("raw").to_pylist()]
    finally:
        database.close()


def kept_serials(spool: Path) -> list[int]:
    return [serial for raw in kept_frames(spool) if (serial := read_frame(raw).serial) is not None]


def exchange(port: int, sent: bytes, awaited: int) -> bytes:
    """Send, and return as many bytes of answer as are awaited."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(sent)
        return connection.recv(awaited, socket.MSG_WAITALL)


@needs_node
def test_confirmed_reports_survive_kill_and_resends_are_kept_once(tmp_path: Path) -> None:
    port = gateways.free_port()
    listening = ("--sl651", address(port))
    process = start(tmp_path, *listening)
    with station("sl651", port, REPORTS, 30) as peer:
        assert peer.stdout is not None
        confirmed = [int(line) for line in islice(peer.stdout, 300)]
        for heard in (600, 900):
            gateways.kill(process)
            assert set(confirmed) <= set(kept_serials(tmp_path))
            process = start(tmp_path, *listening)
            confirmed += [int(line) for line in islice(peer.stdout, heard - len(confirmed))]
        confirmed += [int(line) for line in peer.stdout]
    assert gateways.stop(process) == 0

    assert sorted(confirmed) == list(range(1, REPORTS + 1))
    assert sorted(kept_serials(tmp_path)) == list(range(1, REPORTS + 1))
    volumes = gateways.kept(tmp_path)[f"sl651:{STATION}/32/68"]
    assert sorted(value for value, _, _ in volumes) == [number + 0.25 for number in range(1, REPORTS + 1)]


def test_killed_between_commit_and_confirmation_the_resend_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = gateways.free_port()
    listening = ("--sl651", address(port))
    monkeypatch.setenv(VARIABLE, "after-spool-commit")
    process = start(tmp_path, *listening)
    monkeypatch.delenv(VARIABLE)
    assert exchange(port, TEST, 25) == b""
    assert (process.wait(10), kept_frames(tmp_path)) == (-signal.SIGKILL, [TEST])
    gateways.kill(process)

    with gateway(tmp_path, *listening):
        answer = exchange(port, TEST, 25)

    assert (answer, kept_frames(tmp_path)) == (TEST_CONFIRMED, [TEST])


@needs_node
def test_self_report_of_szy206_is_kept_once_across_a_kill(tmp_path: Path) -> None:
    port = gateways.free_port()
    listening = ("--szy206", address(port), "--szy206-confirm", "0")
    process = start(tmp_path, *listening)
    with station("szy206", port, 300, 1) as peer:
        assert peer.stdout is not None
        confirmed = list(islice(peer.stdout, 100))
        gateways.kill(process)
        process = start(tmp_path, *listening)
        confirmed += peer.stdout
    assert gateways.stop(process) == 0

    totals = [value for value, _, _ in gateways.kept(tmp_path)[f"szy206:{STATION}/C0/total1"]]
    assert len(confirmed) == 300
    assert totals == [number * 10 for number in range(1, 301)]
    assert gateways.values(tmp_path, f"szy206:{STATION}/C0/flow1") == [
        number / 1000 for number in range(1, 301)
    ]


def test_szy206_confirms_only_where_a_mode_was_given(tmp_path: Path) -> None:
    port = gateways.free_port()
    with (
        gateway(tmp_path / "silent", "--szy206", address(port)),
        socket.create_connection(("127.0.0.1", port), 10) as connection,
    ):
        connection.sendall(FLOW)
        gateways.until(lambda: kept_frames(tmp_path / "silent") == [FLOW])
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
    with gateway(tmp_path / "agreed", "--szy206", address(port), "--szy206-confirm", "1"):
        answer = exchange(port, FLOW, 13)
        assert kept_frames(tmp_path / "agreed") == [FLOW]

    assert answer.hex().upper().startswith("680868331237899876C001")


def test_garbage_is_bounded_and_harms_nobody(tmp_path: Path) -> None:
    port = gateways.free_port()
    # A length of 4095 that never comes, and a head in every second byte.
    lies = bytes.fromhex("7E7E01001234567812342F0FFF02") + b"\x7e\x7e\x00" * 500_000
    with (
        gateway(tmp_path, "--sl651", address(port)) as process,
        socket.create_connection(("127.0.0.1", port), 10) as slow,
    ):
        slow.sendall(b"\xff\x7e" + TEST[:20])
        before = memory(process.pid)
        with socket.create_connection(("127.0.0.1", port), 10) as rude, pytest.raises(OSError):
            for _ in range(20):
                rude.sendall(lies)
        slow.sendall(TEST[20:])
        answer = slow.recv(25, socket.MSG_WAITALL)
        grown = memory(process.pid) - before
        gateways.until(lambda: (read_status(tmp_path) or {}).get("turned_away") == 1)

    assert (answer, kept_frames(tmp_path)) == (TEST_CONFIRMED, [TEST])
    assert grown < 30_000_000


def memory(pid: int) -> int:
    """Return the bytes a process has in memory."""
    [line] = [
        line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")
    ]
    return int(line.split()[1]) * 1024


def get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return str(answer.read().decode())


def test_stations_are_told_of_in_status_health_and_metrics(tmp_path: Path) -> None:
    ports = {name: gateways.free_port() for name in ("hj212", "sl651", "szy206", "http")}
    words = [word for name, port in ports.items() for word in (f"--{name}", address(port))]
    unknown = bytes.fromhex("681A68B31237899876C000000000000800000000000000000057172800F116")
    with (
        gateway(tmp_path, *words, lines=3),
        socket.create_connection(("127.0.0.1", ports["sl651"]), 10) as stays,
    ):
        stays.sendall(TEST)
        stays.recv(25, socket.MSG_WAITALL)
        stays.sendall(TEST[:-1] + b"\x00")
        with socket.create_connection(("127.0.0.1", ports["szy206"]), 10) as leaves:
            leaves.sendall(unknown)
            gateways.until(lambda: len(kept_frames(tmp_path)) == 2)
        gateways.until(lambda: [each["refused"] for each in sessions(tmp_path)] == [1, 0])
        gateways.until(
            lambda: json.loads(get(ports["http"], "/health"))["callers"]["szy206"]["connected"] == 0
        )
        health, metrics = (
            json.loads(get(ports["http"], "/health")),
            get(ports["http"], "/metrics").splitlines(),
        )
        [heard, _] = sessions(tmp_path)

    assert (heard["protocol"], heard["device"], heard["connected"]) == ("sl651", STATION, True)
    assert (heard["last_reason"], heard["last_bad"][:8]) == ("校验码应为 20FA，收到 2000", "7E 7E 01")
    assert health["callers"] == {
        "sl651": {"known": 1, "connected": 1},
        "szy206": {"known": 1, "connected": 0},
    }
    assert f'xunshui_caller_connected{{protocol="sl651",device="{STATION}"}} 1' in metrics
    assert 'xunshui_caller_connected{protocol="szy206",device="1237899876"} 0' in metrics


def sessions(spool: Path) -> list[dict[str, Any]]:
    return list((read_status(spool) or {"sessions": ()})["sessions"])


def test_one_protocol_is_enough_and_a_port_in_use_is_told(tmp_path: Path) -> None:
    port = gateways.free_port()
    with gateway(tmp_path / "one", "--szy206", address(port)) as first:
        assert first.stderr is not None
        command = [
            str(gateways.XUNSHUI),
            "gateway",
            "--sl651",
            address(port),
            "--spool",
            str(tmp_path / "two"),
        ]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)

    assert (ended.returncode, f"不能监听 {address(port)}" in ended.stderr) == (2, True), ended.stderr


def test_sensing_passes_the_listeners_on(tmp_path: Path) -> None:
    port = gateways.free_port()
    command = [
        str(gateways.XUNSHUI),
        "sensing",
        "--spool",
        str(tmp_path),
        "--sl651",
        address(port),
        "--sl651-confirm",
        "leave",
    ]
    process = Popen(command, stderr=subprocess.DEVNULL)
    try:
        gateways.until(lambda: read_status(tmp_path) is not None)
        answer = exchange(port, TEST, 25)
    finally:
        process.terminate()
        process.wait(30)

    assert (answer[:22], answer[22:23]) == (TEST_CONFIRMED[:22], b"\x04")


def test_value_holds_for_its_time_of_observation(tmp_path: Path) -> None:
    port = gateways.free_port()
    with gateway(tmp_path, "--sl651", address(port)):
        exchange(port, TEST, 25)

    at_us = instant_of_text("2059-10-11T15:49")
    assert gateways.kept(tmp_path)[f"sl651:{STATION}/30/39"] == [(0.127, 0, at_us)]
