"""The gateway as a process: what it acknowledged is on disk, whatever happens to it."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from itertools import islice
from pathlib import Path

import pytest
from tests.functional import gateways

from xunshui.telemetry.failpoint import VARIABLE
from xunshui.telemetry.gateway.status import EVERY_S, read_status
from xunshui.telemetry.hj212 import Framer, framed, read_segment
from xunshui.telemetry.spool import batches_after, channels_of, open_to_read

DEVICE = "A" * 24
FRAMES = 3_000
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js 未安装")


def kept_frames(spool: Path) -> list[bytes]:
    """Return every frame that is on disk."""
    database = open_to_read(spool)
    try:
        return [raw for batch in batches_after(database, 0) for raw in batch.frames.column("raw").to_pylist()]
    finally:
        database.close()


def kept_numbers(spool: Path) -> list[str]:
    """Return the QN of every frame on disk."""
    return [read_segment(frame[6:-6]).fields["QN"] for frame in kept_frames(spool)]


@needs_node
def test_acknowledged_frames_survive_kill_and_resends_are_kept_once(tmp_path: Path) -> None:
    process, port = gateways.start(tmp_path)
    with gateways.logger(port, DEVICE, FRAMES, 40) as logger:
        assert logger.stdout is not None
        acknowledged = list(islice(logger.stdout, 500))
        for heard in (1_000, 1_500, 2_000):
            gateways.kill(process)
            assert {line.strip() for line in acknowledged} <= set(kept_numbers(tmp_path))
            process, port = gateways.start(tmp_path, port)
            acknowledged += islice(logger.stdout, heard - len(acknowledged))
        acknowledged += logger.stdout
    assert gateways.stop(process) == 0

    kept = kept_numbers(tmp_path)
    assert len({line.strip() for line in acknowledged}) == FRAMES
    assert sorted(kept) == sorted(line.strip() for line in acknowledged)


def test_killed_between_commit_and_answer_the_resend_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = framed(
        b"QN=20240101000000001;ST=32;CN=2011;PW=1;MN=B;Flag=5;CP=&&DataTime=20240101000000;w00000-Rtd=7&&"
    )
    monkeypatch.setenv(VARIABLE, "after-spool-commit")
    process, port = gateways.start(tmp_path)
    monkeypatch.delenv(VARIABLE)
    with socket.create_connection(("127.0.0.1", port), 10) as logger:
        logger.sendall(frame)
        assert logger.recv(1000) == b""
    assert (process.wait(10), kept_frames(tmp_path)) == (-signal.SIGKILL, [frame])
    gateways.kill(process)

    with gateways.gateway(tmp_path) as port, socket.create_connection(("127.0.0.1", port), 10) as logger:
        logger.sendall(frame)
        [answer] = Framer().feed(logger.recv(1000))

    assert read_segment(answer.segment).fields["CN"] == "9014"
    assert kept_frames(tmp_path) == [frame]


def test_status_tells_who_is_connected(tmp_path: Path) -> None:
    def data(device: str) -> bytes:
        return framed(
            b"QN=20240101000000001;ST=32;CN=2011;PW=1;MN=%s;Flag=5;CP=&&DataTime=20240101000000;w00000-Rtd=7&&"
            % device.encode()
        )

    with gateways.gateway(tmp_path) as port, socket.create_connection(("127.0.0.1", port), 10) as stays:
        for device in "BC":
            with socket.create_connection(("127.0.0.1", port), 10) as leaves:
                leaves.sendall(data(device))
                leaves.recv(1000)
        stays.sendall(data("C"))
        stays.recv(1000)
        time.sleep(1.5 * EVERY_S)
        told = read_status(tmp_path)

    assert told is not None
    assert {session["device"]: session["connected"] for session in told["sessions"]} == {
        "B": False,
        "C": True,
    }


def test_what_the_network_cut_is_put_together_and_garbage_harms_nobody(tmp_path: Path) -> None:
    text = "QN=20240101000000000;ST=32;CN=2011;PW=1;MN=B;Flag=5;CP=&&DataTime=20240101000000;w00000-Rtd=7&&"
    frame = framed(text.encode())
    with (
        gateways.gateway(tmp_path) as port,
        socket.create_connection(("127.0.0.1", port), 10) as slow,
        socket.create_connection(("127.0.0.1", port), 10) as rude,
    ):
        rude.sendall(bytes(range(256)) * 100)
        for place in range(0, len(frame), 7):
            slow.sendall(b"\xff\x00" * (place == 0) + frame[place : place + 7])
        [answer] = Framer().feed(slow.recv(1000))

    assert read_segment(answer.segment).fields["CN"] == "9014"
    assert kept_frames(tmp_path) == [frame]


def test_heartbeat_and_unwanted_answers(tmp_path: Path) -> None:
    data = framed(
        b"QN=20240101000000001;ST=32;CN=2011;PW=1;MN=B;Flag=4;CP=&&DataTime=20240101000000;w00000-Rtd=7&&"
    )
    beat = framed(b"QN=20240101000000002;ST=32;CN=9015;PW=1;MN=B;Flag=9;CP=&&&&")
    with gateways.gateway(tmp_path) as port, socket.create_connection(("127.0.0.1", port), 10) as logger:
        logger.sendall(data + beat)
        [answer] = Framer().feed(logger.recv(1000))

    assert read_segment(answer.segment).fields["QN"] == "20240101000000002"
    assert kept_frames(tmp_path) == [data, beat]


def test_channels_are_known_by_device_and_code(tmp_path: Path) -> None:
    data = framed(
        b"QN=20240101000000001;ST=32;CN=2051;PW=1;MN=B;Flag=5;CP=&&DataTime=20240101000000;w00000-Cou=7&&"
    )
    with gateways.gateway(tmp_path) as port, socket.create_connection(("127.0.0.1", port), 10) as logger:
        logger.sendall(data)
        logger.recv(1000)
    database = open_to_read(tmp_path)

    names = [channel.name for channel in channels_of(database)]
    database.close()

    assert names == ["hj212:B/2051/w00000-Cou"]


def test_port_in_use_is_told(tmp_path: Path) -> None:

    with gateways.gateway(tmp_path / "one") as port:
        address = f"127.0.0.1:{port}"
        ended = subprocess.run(
            [str(gateways.XUNSHUI), "gateway", "--hj212", address, "--spool", str(tmp_path / "two")],
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )

    assert (ended.returncode, f"不能监听 {address}" in ended.stderr) == (2, True)


def test_damaged_spool_is_told(tmp_path: Path) -> None:
    (tmp_path / "spool.sqlite3").write_bytes(b"no database" * 1_000)
    ended = subprocess.run(
        [str(gateways.XUNSHUI), "gateway", "--hj212", "127.0.0.1:0", "--spool", str(tmp_path)],
        capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip

    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False), ended.stderr
    assert f"{tmp_path / 'spool.sqlite3'}：已损坏（file is not a database）" in ended.stderr


@needs_node
def test_asked_to_end_under_load_it_ends_and_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    process, port = gateways.start(tmp_path)
    with gateways.logger(port, DEVICE, 1_000_000, 400) as logger:
        assert logger.stdout is not None
        acknowledged = list(islice(logger.stdout, 500))
        assert gateways.stop(process) == 0

    assert {line.strip() for line in acknowledged} <= set(kept_numbers(tmp_path))
