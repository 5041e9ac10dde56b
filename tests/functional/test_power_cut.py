"""The power goes at any moment: what was acknowledged is on the disk as far as it was synced, and known as a resend."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.functional.disks import TRACED, Disk, calls
from tests.functional.gateways import XUNSHUI

from xunshui.telemetry.check import check_frames
from xunshui.telemetry.hj212 import framed, read_segment
from xunshui.telemetry.spool import SpoolWriter, batches_after, open_to_read
from xunshui.telemetry.spool.schema import FILE

FRAMES, EVERY = 400, 9
"""So many frames that SQLite moves its log into the file in between; so many of the cuts are tried."""
ACKNOWLEDGED = re.compile(rb"QN=(\d+);.*CN=9014;")
LAX = """
import sys, xunshui.telemetry.spool.write as write
strict = write.open_to_write
def lax(folder):
    database = strict(folder)
    database.execute("PRAGMA synchronous=OFF")
    return database
write.open_to_write = lax
from xunshui.cli.main import main
main(sys.argv[1:])
"""
pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace 未安装")


def traced(folder: Path, *program: str) -> Path:
    """Let a gateway take frames, one by one, under strace; return the trace."""
    trace, spool = folder / "trace", folder / "spool"
    words = ["gateway", "--hj212", "127.0.0.1:0", "--spool", str(spool)]
    strace = ["strace", "-f", "-y", "-xx", "-s", "10000000", "-o", str(trace), "-e", f"trace={TRACED}"]
    process = subprocess.Popen([*strace, *program, *words], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    told = process.stderr.readline()
    assert told.startswith("HJ 212 监听"), told + process.stderr.read()
    with socket.create_connection(("127.0.0.1", int(told.rsplit(":", 1)[1])), 30) as logger:
        for number in range(FRAMES):
            logger.sendall(frame(number))
            assert logger.recv(1_000)
    # strace itself does not hand a signal on.
    os.kill(int((spool / "gateway.lock").read_text()), signal.SIGKILL)
    process.wait(60)
    process.stderr.close()
    return trace


def frame(number: int) -> bytes:
    qn = f"20240101{number:09d}"
    return framed(
        f"QN={qn};ST=32;CN=2011;PW=1;MN=B;Flag=5;CP=&&DataTime=20240101000000;w00000-Rtd={number}&&".encode()
    )


def after_cuts(folder: Path, trace: Path, disk: Disk) -> list[str]:
    """Cut the power behind every few acknowledgements, in three ways each; return what was wrong afterwards."""
    acknowledged, wrong = set[str](), list[str]()
    for call, words in calls(trace):
        found = ACKNOWLEDGED.search(disk.take(call, words))
        if found is None:
            continue
        acknowledged.add(found[1].decode())
        if len(acknowledged) % EVERY and len(acknowledged) < FRAMES:
            continue
        for seed in (None, len(acknowledged), -len(acknowledged)):
            left = folder / "left"
            disk.write(left, random.Random(seed) if seed is not None else None)
            wrong += [f"{len(acknowledged)}, {seed}: {each}" for each in wrong_with(left, acknowledged)]
            shutil.rmtree(left)
    assert len(acknowledged) == FRAMES
    return wrong


def wrong_with(folder: Path, acknowledged: set[str]) -> list[str]:
    """Return what is wrong with the folder of a gateway that is started again."""
    if not (folder / FILE).exists():
        return ["no spool"]
    try:
        SpoolWriter(folder).close()
        check_frames(folder)
        database = open_to_read(folder)
        raws = [raw for batch in batches_after(database, 0) for raw in batch.frames.column("raw").to_pylist()]
        database.close()
    except (sqlite3.Error, ValueError) as error:
        return [f"{type(error).__name__}: {error}"]
    kept = [read_segment(raw[6:-6]).fields["QN"] for raw in raws]
    missing = sorted(acknowledged - set(kept))
    return [f"missing {missing[:3]}"] * bool(missing) + ["doubled"] * (len(kept) != len(set(kept)))


def test_acknowledged_frames_are_on_the_disk_wherever_the_power_is_cut(tmp_path: Path) -> None:
    trace, disk = traced(tmp_path, str(XUNSHUI)), Disk(tmp_path / "spool")

    assert after_cuts(tmp_path, trace, disk) == []
    assert disk.synced_bytes(FILE) > 100_000, "the log was never moved into the file"


def test_gateway_that_does_not_sync_would_be_found_out(tmp_path: Path) -> None:
    trace, disk = traced(tmp_path, sys.executable, "-c", LAX), Disk(tmp_path / "spool")

    assert len(after_cuts(tmp_path, trace, disk)) > FRAMES // EVERY
