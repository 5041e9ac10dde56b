"""A backup while the gateway takes and the flusher carries: nothing acknowledged is missing from it, nothing is doubled."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from tests.functional import gateways
from tests.functional.gateways import XUNSHUI

from xunshui.telemetry import copy as copy_module
from xunshui.telemetry.batch import table_of
from xunshui.telemetry.check import SensingDamaged, check_frames, check_spool
from xunshui.telemetry.copy import copied
from xunshui.telemetry.errors import CopyRefused
from xunshui.telemetry.gateway.hj212_agreed import FILE as AGREED
from xunshui.telemetry.gateway.hj212_agreed import Agreed
from xunshui.telemetry.hj212 import read_segment
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.lake.compact import compact
from xunshui.telemetry.lake.flush import READER, flush
from xunshui.telemetry.lake.tables import days_and_files, lake_of
from xunshui.telemetry.lock import take_lock
from xunshui.telemetry.sample import Arrival, Quality, Sample
from xunshui.telemetry.spool import SpoolWriter, batches_after, note_read, open_to_read, open_to_write, prune
from xunshui.telemetry.spool.copy import copy_spool

DEVICE = "A" * 24
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js 未安装")


def home_with_records(home: Path) -> Path:
    """Make a folder with records in which no chain was begun: the backup needs some."""
    home.mkdir()
    records = sqlite3.connect(home / "records.sqlite3")
    records.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY)")
    records.commit()
    records.close()
    return home


def run(home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(XUNSHUI), *map(str, words)],
        env=os.environ | {"XUNSHUI_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def frames_of(folder: Path) -> Counter[bytes]:
    """Count every frame in spool and lake as readers see them: each batch from one of the two."""
    spool = open_to_read(folder)
    passed = spool.execute("SELECT seq FROM reader WHERE name = ?", (READER,)).fetchone()[0]
    found: Counter[bytes] = Counter()
    for batch in batches_after(spool, passed):
        found.update(batch.frames.column("raw").to_pylist())
    spool.close()
    table = lake_of(folder) / "batches"
    for _, file in days_and_files(DeltaTable(str(table))) if table.exists() else ():
        for row in pq.ParquetFile(file).read(["seq", "frames"]).to_pylist():
            if row["seq"] <= passed:
                found.update(table_of(row["frames"]).column("raw").to_pylist())
    return found


def numbers_of(folder: Path) -> Counter[str]:
    """Count the QN of every frame."""
    counted: Counter[str] = Counter()
    for raw, times in frames_of(folder).items():
        counted[read_segment(raw[6:-6]).fields["QN"]] += times
    return counted


@contextmanager
def busy_flusher(spool: Path) -> Iterator[None]:
    """Carry, join and prune without a pause, and keep nothing that is carried: far busier than the real one."""
    stop = threading.Event()

    def keep() -> None:
        while not stop.is_set():
            flush(spool, lake_of(spool), most=5)
            prune(spool, keep=20)
            if open_lake_version(spool) % 10 == 0:
                compact(lake_of(spool), 0, files=3)

    thread = threading.Thread(target=keep)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)


def open_lake_version(spool: Path) -> int:
    folder = str(lake_of(spool) / "batches")
    return DeltaTable(folder).version() if DeltaTable.is_deltatable(folder) else 1


@needs_node
def test_backup_of_a_running_gateway_misses_and_doubles_nothing(tmp_path: Path) -> None:
    home = home_with_records(tmp_path / "home")
    spool = home / "sensing"
    backups: list[tuple[Path, set[str]]] = []
    with gateways.gateway(spool) as port, gateways.logger(port, DEVICE, 6_000, 40) as logger:
        assert logger.stdout is not None
        acknowledged: list[str] = list(islice(logger.stdout, 300))
        with busy_flusher(spool):
            for heard in (1_500, 3_000, 4_500):
                acknowledged += islice(logger.stdout, heard - len(acknowledged))
                archive = tmp_path / f"{heard}.zip"
                begun = {line.strip() for line in acknowledged}
                told = run(home, "backup", archive)
                assert told.returncode == 0, told.stderr
                backups.append((archive, begun))
            acknowledged += logger.stdout

    for archive, begun in backups:
        restored = tmp_path / archive.stem
        told = run(restored, "restore", archive)
        assert told.returncode == 0, told.stderr
        found = numbers_of(restored / "sensing")
        assert begun - found.keys() == set()
        assert {number for number, times in found.items() if times != 1} == set()
        assert check_frames(restored / "sensing") > 0


def test_restored_folder_takes_more_and_carries_all_of_it(tmp_path: Path) -> None:
    """The lake of a backup must not be ahead of its spool: new batches would pass for old ones."""
    home = home_with_records(tmp_path / "home")
    writer = SpoolWriter(home / "sensing")
    send(writer, 1, 30)
    flush(home / "sensing", lake_of(home / "sensing"))
    send(writer, 31, 40)
    run(home, "backup", tmp_path / "b.zip")
    send(writer, 41, 60)
    flush(home / "sensing", lake_of(home / "sensing"))
    writer.close()
    restored = tmp_path / "restored"
    run(restored, "restore", tmp_path / "b.zip")
    again = SpoolWriter(restored / "sensing")
    resent = again.commit([arrival(35)], 1).resent
    send(again, 101, 120)
    again.close()
    flush(restored / "sensing", lake_of(restored / "sensing"))

    assert resent == 1
    expected = [*range(1, 41), *range(101, 121)]
    assert frames_of(restored / "sensing") == Counter(frame(number) for number in expected)
    reader = Reader(restored / "sensing")
    assert reader.all_told([1], 0, 10**15).column("value").to_pylist() == [float(each) for each in expected]
    reader.close()


@pytest.mark.parametrize("prunes", [False, True], ids=["flushed", "flushed_and_pruned"])
def test_flush_between_lake_and_spool_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prunes: bool
) -> None:
    """What is carried over after the lake was linked is in no linked file, and the spool says that it is carried."""
    folder = tmp_path / "sensing"
    writer = SpoolWriter(folder)
    send(writer, 1, 5)
    flush(folder, lake_of(folder))
    send(writer, 6, 9)
    writer.close()
    copies = 0

    def flush_first(spool: Path, into: Path) -> None:
        nonlocal copies
        copies += 1
        flush(spool, lake_of(spool))
        if prunes:
            prune(spool, keep=0)
        copy_spool(spool, into)

    monkeypatch.setattr(copy_module, "copy_spool", flush_first)
    with copied(folder) as copy:
        shutil.copytree(copy, tmp_path / "copy")

    assert copies == (2 if prunes else 1)
    assert frames_of(tmp_path / "copy") == Counter(frame(number) for number in range(1, 10))
    assert check_frames(tmp_path / "copy") == 9


def test_forwarders_and_what_was_refused_come_back(tmp_path: Path) -> None:
    home = home_with_records(tmp_path / "home")
    spool = home / "sensing"
    writer = SpoolWriter(spool)
    send(writer, 1, 5)
    writer.close()
    database = open_to_write(spool)
    note_read(database, "forward-city", 3, 1)
    database.close()
    (spool / "forward-refused.jsonl").write_bytes(b'{"mn": "A"}\n{"mn"')
    (spool / "profiles.yaml").write_text("password: geheim", encoding="utf-8")
    run(home, "backup", tmp_path / "b.zip")
    elsewhere = tmp_path / "elsewhere"
    told = subprocess.run(
        [str(XUNSHUI), "restore", str(tmp_path / "b.zip")],
        env=os.environ | {"XUNSHUI_HOME": str(tmp_path / "r"), "XUNSHUI_SENSING": str(elsewhere)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    restored = open_to_read(elsewhere)
    assert restored.execute("SELECT * FROM reader WHERE name LIKE 'forward%'").fetchall() == [
        ("forward-city", 3, 1)
    ]
    restored.close()
    assert (elsewhere / "forward-refused.jsonl").read_bytes() == b'{"mn": "A"}\n'
    assert {file.name for file in elsewhere.iterdir()} == {"spool.sqlite3", "forward-refused.jsonl"}
    assert not (tmp_path / "r" / "sensing").exists()
    assert "到第 5 批" in told.stdout


def test_keys_of_loggers_come_back_for_their_owner_alone(tmp_path: Path) -> None:
    home = home_with_records(tmp_path / "home")
    SpoolWriter(home / "sensing").close()
    agreed = Agreed(home / "sensing")
    agreed.offer("A", "k" * 16, "20240101000000000")
    agreed.adopt("A", "k" * 16, 7)
    agreed.change_password("A", "123456", "654321")
    made = run(home, "backup", tmp_path / "b.zip")
    told = run(tmp_path / "r", "restore", tmp_path / "b.zip")

    assert (made.returncode, told.returncode) == (0, 0), made.stderr + told.stderr
    restored = Agreed(tmp_path / "r" / "sensing")
    assert restored.keys_of("A") == [("k" * 16, "20240101000000000", 7)]
    assert restored.password_of("A", "123456") == "654321"
    for file in (tmp_path / "b.zip", tmp_path / "r" / "sensing" / AGREED):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_damaged_keys_are_neither_backed_up_nor_restored(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path)
    writer.close()
    (tmp_path / AGREED).write_bytes(b"no database" * 100)

    with pytest.raises(CopyRefused, match=r"hj212\.sqlite3 读不出"), copied(tmp_path):
        pass
    with pytest.raises(SensingDamaged, match=r"hj212\.sqlite3：已损坏"):
        check_spool(tmp_path)


def test_no_sensing_leaves_it_out(tmp_path: Path) -> None:
    home = home_with_records(tmp_path / "home")
    SpoolWriter(home / "sensing").close()
    told = run(home, "backup", tmp_path / "b.zip", "--no-sensing")

    assert "不含采集的数据" in told.stdout
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert set(archive.namelist()) == {"records.sqlite3", "manifest.json"}


def test_leftovers_of_a_killed_backup_go_and_two_at_once_are_refused(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path)
    send(writer, 1, 2)
    writer.close()
    (tmp_path / ".backup").mkdir()
    (tmp_path / ".backup" / "left").write_text("")
    with copied(tmp_path) as copy:
        assert [file.name for file in copy.iterdir()] == ["spool.sqlite3"]
        with pytest.raises(CopyRefused, match="另一个备份"), copied(tmp_path):
            pass

    assert not (tmp_path / ".backup").exists()
    take_lock(tmp_path / "backup.lock").close()


def test_damaged_frame_is_found(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path)
    send(writer, 1, 3)
    writer.close()
    assert check_frames(tmp_path) == 3
    database = open_to_write(tmp_path)
    database.execute(
        "UPDATE batch SET frames = CAST(replace(frames, x'232332', x'232339') AS BLOB) WHERE seq = 2"
    )
    database.close()

    with pytest.raises(SensingDamaged, match="第 2 批"):
        check_frames(tmp_path)


def frame(number: int) -> bytes:
    return f"##{number}".encode()


def arrival(number: int) -> Arrival:
    sample = Sample("2011/w00000-Rtd", number * 1_000_000, float(number), Quality.VALID)
    return Arrival("hj212", "A", number, frame(number), [sample], str(number))


def send(writer: SpoolWriter, first: int, last: int) -> None:
    for number in range(first, last + 1):
        writer.commit([arrival(number)], number)
