"""`xunshui lake import`: what was exported comes back the same, and a kill in the middle doubles and loses nothing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.functional import gateways

from xunshui.telemetry.failpoint import VARIABLE
from xunshui.telemetry.spool import batches_after, open_to_read

HEADER = "point,time,value,quality\n"


def lake(*words: str, failpoint: str = "") -> subprocess.CompletedProcess[str]:
    command = [str(gateways.XUNSHUI), "lake", *words]
    environment = os.environ | {VARIABLE: failpoint}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)


def test_export_comes_back_and_bad_rows_are_told(tmp_path: Path) -> None:
    file, spool = tmp_path / "history.csv", str(tmp_path / "spool")
    good = HEADER + "".join(
        f"hj212:B/2061/w00000-Cou,2024-01-01T0{hour}:00:00+08:00,{hour}.25,valid\n" for hour in range(5)
    )
    file.write_text(good + "hj212:B/2061/w00000-Cou,gestern,1,\n" * 30, encoding="utf-8")
    told = lake("import", str(file), "--spool", spool, "--rejects", str(tmp_path / "bad.csv"))
    span = ("--from", "2024-01-01", "--to", "2024-01-02")
    before = lake("export", "--spool", spool, "--points", "hj212:*", *span).stdout
    flushed = lake("flush", "--spool", spool)
    after = lake("export", "--spool", spool, "--points", "hj212:*", *span).stdout

    lines = told.stderr.splitlines()
    assert (told.returncode, flushed.returncode, len(lines)) == (1, 0, 22)
    assert lines[0] == "history.csv：35 行，导入 5 个读数"
    assert lines[1].startswith("第 7 行：时间“gestern”不能读；可写 ")
    assert lines[-1] == f"共 30 处读不了，以上是前 20 处；全部在 {tmp_path / 'bad.csv'}"
    assert (before, after) == (good, good)


def test_killed_after_each_commit_it_goes_on_and_keeps_each_chunk_once(tmp_path: Path) -> None:
    file, spool = tmp_path / "history.csv", tmp_path / "spool"
    lines = [f"A,2024-01-01T{number // 60:02}:{number % 60:02},{number},\n" for number in range(1_440)]
    file.write_text(HEADER + "".join(lines), encoding="utf-8")
    codes = [
        lake("import", str(file), "--spool", str(spool), failpoint="after-spool-commit").returncode
        for _ in range(3)
    ]
    again = lake("import", str(file), "--spool", str(spool))
    database = open_to_read(spool)
    values = [value for batch in batches_after(database, 0) for value in batch.samples["value"].to_pylist()]
    database.close()

    assert codes == [-9, -9, 0]
    assert "导入 0 个读数，2 块先前已导入" in again.stderr
    assert values == [float(number) for number in range(1_440)]


def test_map_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    file.write_text(HEADER + "FT-101,2024-01-01,1,\n", encoding="utf-8")
    told = lake("import", str(file), "--spool", str(tmp_path), "--map", "FT-101")
    unused = lake("import", str(file), "--spool", str(tmp_path), "--map", "FT-1O1=hj212:B/2061/w00000-Cou")

    assert (told.returncode, "应写作 点位=通道" in told.stderr) == (2, True)
    assert (unused.returncode, "--map 里的 FT-1O1 在文件里没有" in unused.stderr) == (1, True)
