"""What is agreed with loggers over the wire and must outlive the gateway: their keys, passwords and hardware.

One small SQLite file beside the spool, for the gateway's user alone. Every change is on disk when its method returns;
the file is made with the first. A file that is damaged is refused: without the keys in it no new frame could be read.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from xunshui.telemetry.errors import AgreedDamaged

FILE = "hj212.sqlite3"
WAIT_S = 1.0
"""How long another program may hold the file: meanwhile the gateway does nothing else."""
LOST = "里面与数采仪约定的密钥、口令读不出"
MEND = (
    "停掉网关，用备份里的 sensing/hj212.sqlite3 换上；没有备份就把它改名移开再启动，"
    "换过密钥的数采仪要重新约定密钥并写进配置，在那以前密文照收照存、只是解不开"
)
OPEN = "停掉占用它的程序；文件夹要允许网关的用户写，再启动"
TABLES = """
CREATE TABLE IF NOT EXISTS key (
    device TEXT NOT NULL, key TEXT NOT NULL, made TEXT NOT NULL, adopted_us INTEGER, PRIMARY KEY (device, key));
CREATE TABLE IF NOT EXISTS password (device TEXT PRIMARY KEY, was TEXT NOT NULL, now TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS hardware (device TEXT PRIMARY KEY, told TEXT NOT NULL);
"""


class Key(NamedTuple):
    """A key that was offered to a logger; `made` has 17 digits, `adopted_us` is None until the logger took it."""

    key: str
    made: str
    adopted_us: int | None


class Agreed:
    """All of it, in memory and on disk; without a folder in memory alone. Its writers raise sqlite3.Error."""

    def __init__(self, folder: Path | None = None) -> None:
        """Recall what was agreed before. Raises AgreedDamaged, and OSError where the file may not be read."""
        self._file = None if folder is None else folder / FILE
        self._keys: dict[str, list[Key]] = {}
        self._passwords: dict[str, tuple[str, str]] = {}
        self._hardware: dict[str, dict[str, str]] = {}
        if self._file is not None and self._file.exists():
            self._recall_from(self._file)

    def keys_of(self, device: str) -> list[Key]:
        """Return the keys that a logger was offered, the newest first."""
        return self._keys.get(device, [])

    def offer(self, device: str, key: str, made: str) -> None:
        """Note a key before it is sent."""
        self._write("INSERT OR REPLACE INTO key VALUES (?, ?, ?, NULL)", device, key, made)
        known = [each for each in self.keys_of(device) if each.key != key]
        self._keys[device] = [Key(key, made, None), *known]

    def adopt(self, device: str, key: str, now_us: int) -> None:
        """Note that a logger uses a key."""
        self._write("UPDATE key SET adopted_us = ? WHERE device = ? AND key = ?", now_us, device, key)
        self._keys[device] = [
            each._replace(adopted_us=now_us) if each.key == key else each for each in self.keys_of(device)
        ]

    def password_of(self, device: str, agreed: str) -> str:
        """Return the password that took the place of the one in the profile; else that one."""
        was, now = self._passwords.get(device, ("", ""))
        return now if was == agreed else agreed

    def change_password(self, device: str, agreed: str, now: str) -> None:
        """Note that a logger took another password than the one in its profile."""
        self._write("INSERT OR REPLACE INTO password VALUES (?, ?, ?)", device, agreed, now)
        self._passwords[device] = (agreed, now)

    def hardware_of(self, device: str) -> dict[str, str]:
        """Return the serials that a logger told of itself."""
        return self._hardware.get(device, {})

    def note_hardware(self, device: str, told: Mapping[str, str]) -> None:
        """Note the serials that a logger tells of itself."""
        if told != self.hardware_of(device):
            self._write("INSERT OR REPLACE INTO hardware VALUES (?, ?)", device, json.dumps(dict(told)))
            self._hardware[device] = dict(told)

    def _write(self, statement: str, *values: object) -> None:
        if self._file is not None:
            with closing(_opened(self._file)) as database:
                database.execute(statement, values)

    def _recall_from(self, file: Path) -> None:
        file.open("rb").close()
        try:
            with closing(_opened(file)) as database:
                _check(database)
                self._recall(database)
        except sqlite3.OperationalError as error:
            raise AgreedDamaged(f"{file}：打不开（{error}）；{OPEN}") from None
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:
            raise AgreedDamaged(f"{file}：已损坏（{error}），{LOST}；{MEND}") from None

    def _recall(self, database: sqlite3.Connection) -> None:
        for device, *told in database.execute("SELECT * FROM key ORDER BY made DESC, rowid DESC"):
            self._keys.setdefault(device, []).append(Key(*told))
        for device, was, now in database.execute("SELECT * FROM password"):
            self._passwords[device] = (was, now)
        for device, serials in database.execute("SELECT * FROM hardware"):
            self._hardware[device] = json.loads(serials)


def _check(database: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError where pages or indexes are damaged that reading all rows need not come upon."""
    found = [str(row[0]) for row in database.execute("PRAGMA integrity_check")]
    if found != ["ok"]:
        raise sqlite3.DatabaseError("；".join(found[:3]))


def _opened(file: Path) -> sqlite3.Connection:
    """Open the file, each statement a transaction that is on disk when it ends."""
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    database = sqlite3.connect(file, timeout=WAIT_S, isolation_level=None)
    database.execute("PRAGMA synchronous=EXTRA")
    database.executescript(TABLES)
    return database
