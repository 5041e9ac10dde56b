"""`--log json`: one object a line, with stable events and facts, and nothing of what devices sent."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.functional import gateways
from tests.functional.gateways import XUNSHUI

from xunshui.cli.log import JsonLines, TextLines
from xunshui.cli.log_bound import MOST_OF_ALL, MOST_OF_ONE, Bounded
from xunshui.telemetry.hj212 import framed
from xunshui.telemetry.lock import take_lock
from xunshui.telemetry.sample import Arrival, Quality, Sample
from xunshui.telemetry.spool import SpoolWriter

SECRET = "geheim123"
GOOD = (
    f"QN=20240101000000001;ST=32;CN=2011;PW={SECRET};MN=B;Flag=5;CP=&&DataTime=20240101000000;w00000-Rtd=7&&"
)
BAD = f"QN=20240101000000002;ST=32;CN=2011;MN=B;PW{SECRET};Flag=5;CP=&&w00000-Rtd=7&&"


class Gateway:
    """A gateway that tells in JSON into a file."""

    def __init__(self, folder: Path) -> None:
        """Start it and wait until it listens."""
        self._log = folder / "gateway.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(XUNSHUI), "gateway", "--hj212", "127.0.0.1:0", "--spool", str(folder / "spool")],
                env=os.environ | {"XUNSHUI_LOG": "json"},
                stderr=log,
            )
        gateways.until(lambda: self.told("gateway_listening"), 60)
        self.port = int(self.told("gateway_listening")[0]["address"].rpartition(":")[2])

    def told(self, event: str) -> list[dict[str, Any]]:
        """Return the lines of an event; every line must be one object."""
        return [line for line in map(json.loads, self.text().splitlines()) if line["event"] == event]

    def text(self) -> str:
        """Return all that was told."""
        return self._log.read_text("utf-8")


@contextmanager
def gateway(folder: Path) -> Iterator[Gateway]:
    found = Gateway(folder)
    try:
        yield found
    finally:
        found.process.terminate()
        found.process.wait(30)


def test_gateway_tells_who_came_what_was_refused_and_no_payload(tmp_path: Path) -> None:
    with gateway(tmp_path) as running:
        with socket.create_connection(("127.0.0.1", running.port), 10) as logger:
            logger.sendall(framed(GOOD.encode()))
            assert logger.recv(1000)
            logger.sendall(framed(BAD.encode()) * 3)
            peer = "{}:{}".format(*logger.getsockname())
            gateways.until(lambda: running.told("frames_refused"))
        gateways.until(lambda: running.told("logger_lost"))
    connected, refused = running.told("logger_connected")[0], running.told("frames_refused")[0]

    assert (connected["process"], connected["device"], connected["peer"]) == ("gateway", "B", peer)
    assert connected["time"].endswith("+08:00")
    assert (refused["level"], refused["device"], refused["refused"]) == ("warning", "B", 3)
    assert refused["reason"] == "“…”应写作 名称=值"
    assert running.told("gateway_stopping") != []
    assert (SECRET in running.text(), "w00000" in running.text()) == (False, False)


@pytest.mark.parametrize(
    ("words", "event", "facts"),
    [
        (("lake", "flush", "--spool", "{spool}"), "batches_carried", {"process": "flusher", "batches": 1}),
        (("lake", "flush", "--spool", "{spool}/no"), "refused", {"process": "flusher", "level": "error"}),
        (("gateway", "--spool", "{spool}", "--profiles", "no.yaml"), "refused", {"process": "gateway"}),
        (("forward", "--spool", "{spool}/no", "--to", "127.0.0.1:1"), "refused", {"process": "forward"}),
    ],
    ids=["flusher", "flusher_without_spool", "gateway_without_profiles", "forward_without_spool"],
)
def test_every_process_tells_in_json(
    tmp_path: Path, words: tuple[str, ...], event: str, facts: dict[str, object]
) -> None:
    writer = SpoolWriter(tmp_path)
    writer.commit([arrival()], 1)
    writer.close()
    ended = subprocess.run(
        [str(XUNSHUI), *(word.format(spool=tmp_path) for word in words), "--log", "json"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    [line] = map(json.loads, ended.stderr.splitlines())

    assert (line["event"], facts.items() <= line.items()) == (event, True), line
    assert ended.returncode == (2 if event == "refused" else 0)


def test_forwarder_tells_where_it_cannot_connect(tmp_path: Path) -> None:
    SpoolWriter(tmp_path).close()
    port = gateways.free_port()
    process = subprocess.Popen(
        [str(XUNSHUI), "forward", "--spool", str(tmp_path), "--to", f"127.0.0.1:{port}", "--log", "json"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    told = json.loads(process.stderr.readline())
    process.terminate()
    process.communicate(timeout=30)

    assert (told["event"], told["to"], told["process"]) == ("forward_lost", f"127.0.0.1:{port}", "forward")
    assert "连不上" in told["reason"]


def test_unknown_form_is_refused(tmp_path: Path) -> None:
    ended = subprocess.run(
        [str(XUNSHUI), "gateway", "--spool", str(tmp_path)],
        env=os.environ | {"XUNSHUI_LOG": "xml"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (ended.returncode, "可选：text、json" in ended.stderr) == (2, True)


def test_second_gateway_on_a_folder_is_refused_and_names_the_first(tmp_path: Path) -> None:
    process, _ = gateways.start(tmp_path)
    second = subprocess.run(
        [str(XUNSHUI), "gateway", "--hj212", "127.0.0.1:0", "--spool", str(tmp_path)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    gateways.kill(process)
    third, _ = gateways.start(tmp_path)
    gateways.stop(third)

    assert second.returncode == 2
    assert second.stderr == (
        f"{tmp_path} 已有一个网关在用（进程 {process.pid}）；一个文件夹只能有一个网关："
        "先停掉它，或用 --spool 另给一个文件夹\n"
    )


def test_lock_is_let_go_when_its_file_is_closed(tmp_path: Path) -> None:
    held = take_lock(tmp_path / "lock")
    with pytest.raises(BlockingIOError):
        take_lock(tmp_path / "lock")
    held.close()

    take_lock(tmp_path / "lock").close()


@contextmanager
def bounded() -> Iterator[tuple[logging.Logger, Bounded]]:
    handler, logger = Bounded(is_json=True), logging.Logger("noise")
    handler.setFormatter(JsonLines("test"))
    logger.addHandler(handler)
    yield logger, handler
    handler.close()


def noise(logger: logging.Logger, device: str, times: int) -> None:
    for _ in range(times):
        logger.warning("坏了", extra={"event": "frames_refused", "facts": {"device": device}})


def test_noisy_device_leaves_room_for_others_and_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    with bounded() as (logger, _):
        noise(logger, "A", 1_000)
        noise(logger, "B", 2)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    left_out = [line for line in lines if line["event"] == "lines_left_out"]

    assert [line["device"] for line in lines if "device" in line] == ["A"] * MOST_OF_ONE + ["B"] * 2
    assert [(line["of"], line["subject"], line["lines"]) for line in left_out] == [
        ("frames_refused", "A", 1_000 - MOST_OF_ONE)
    ]


def test_many_noisy_devices_are_bounded_together(capsys: pytest.CaptureFixture[str]) -> None:
    with bounded() as (logger, _):
        for number in range(2_000):
            noise(logger, f"D{number}", 1)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    told = sum(line["event"] == "frames_refused" for line in lines)
    counted = sum(line["lines"] for line in lines if line["event"] == "lines_left_out")

    assert (told, told + counted) == (MOST_OF_ALL, 2_000)
    assert len(lines) < MOST_OF_ALL + 30


def test_what_was_left_out_is_told_when_its_minute_is_over(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xunshui.cli.log_bound.WINDOW_S", 0.3)
    with bounded() as (logger, handler):
        handler.setFormatter(TextLines())
        noise(logger, "A", MOST_OF_ONE + 7)
        time.sleep(0.8)
        told = capsys.readouterr().err.splitlines()

    assert told == ["坏了"] * MOST_OF_ONE + ["A 的 frames_refused：另有 7 条没有写出"]


def arrival() -> Arrival:
    return Arrival("hj212", "A", 1, b"##", [Sample("2011/w00000-Rtd", 1, 1.0, Quality.VALID)], "1")
