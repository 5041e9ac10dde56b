"""One file with everything: the records as of one moment, all uploaded files, and a manifest with their digests.

    manifest.json        what is inside, with digests, and the head of each chain
    records.sqlite3      SQLite's own online backup: whole, while the site goes on
    demo-clock           only of a demo
    files/…              attachments, seals, objections

The secret key stays behind: whoever finds a backup must not be able to forge sessions.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from xunshui.seal import digest_of_stream

FORMAT = "xunshui-backup/1"
RECORDS, MANIFEST, CLOCK, FILES = "records.sqlite3", "manifest.json", "demo-clock", "files"
PAGES_AT_ONCE = 256


class BackupRefused(Exception):
    """A backup that cannot be made or must not be put back; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What was kept or put back."""

    files: int
    bytes: int


def make_backup(home: Path, target: Path, *, now: dt.datetime) -> Backup:
    """Write everything below `home` to a zip; raises `BackupRefused` where there is nothing or `target` exists.

    Files come after the records: a file that a record names is there, and one too many does no harm.
    """
    if not (home / RECORDS).exists():
        raise BackupRefused(f"{home} 里没有 {RECORDS}；用 PostgreSQL 时请以 pg_dump 备份数据库")
    if target.exists():
        raise BackupRefused(f"{target} 已存在；备份不覆盖文件，请另取名字")
    with tempfile.TemporaryDirectory(dir=target.absolute().parent) as folder:
        records, partial = Path(folder) / RECORDS, Path(folder) / "partial.zip"
        _copy_records(home / RECORDS, records)
        kept = _write(partial, [(RECORDS, records), *_rest(home)], now)
        # In place at once: a backup that was interrupted never bears the name that was asked for.
        partial.rename(target)
    return kept


def unpack(archive: Path, target: Path) -> Backup:
    """Put a backup into the folder `target`, every digest recomputed on the way.

    Raises `BackupRefused` for a file that is no backup, is damaged, or would write outside.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            told = _manifest(opened)
            rows = [_unpack_one(opened, name, row, target) for name, row in told["files"].items()]
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BackupRefused(f"{archive} 不是完整的循水备份：{error}") from None
    return Backup(files=len(rows), bytes=sum(rows))


def check_records(records: Path) -> None:
    """Raise `BackupRefused` where SQLite finds the records damaged."""
    connection = sqlite3.connect(records)
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        found += [f"外键不符：{row}" for row in connection.execute("PRAGMA foreign_key_check")]
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    finally:
        connection.close()
    if found != ["ok"]:
        raise BackupRefused(f"{records.name} 已损坏：{'；'.join(found[:5])}")


def _copy_records(source: Path, target: Path) -> None:
    """Copy a database in use: pages that change meanwhile are copied again (SQLite online backup)."""
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing, pages=PAGES_AT_ONCE)
        # The copy travels alone: it must not look for a write-ahead log beside it.
        writing.execute("PRAGMA journal_mode=DELETE")
    finally:
        reading.close()
        writing.close()


def _rest(home: Path) -> Iterator[tuple[str, Path]]:
    if (home / CLOCK).exists():
        yield CLOCK, home / CLOCK
    for file in sorted((home / FILES).rglob("*")):
        if file.is_file():
            yield file.relative_to(home).as_posix(), file


def _write(target: Path, parts: list[tuple[str, Path]], now: dt.datetime) -> Backup:
    rows: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in parts:
            with file.open("rb") as stream:
                sealed = digest_of_stream(stream)
            archive.write(file, name)
            rows[name] = {"digest": sealed, "bytes": file.stat().st_size}
        told = {"format": FORMAT, "made_at": now.isoformat(), "version": version("xunshui"), "files": rows}
        archive.writestr(MANIFEST, json.dumps(told, ensure_ascii=False, indent=1))
    return Backup(files=len(rows), bytes=sum(row["bytes"] for row in rows.values()))


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise BackupRefused(f"清单不是 {FORMAT}；可恢复的是 xunshui backup 写出的文件")
    if RECORDS not in told["files"]:
        raise BackupRefused(f"备份里没有 {RECORDS}")
    return told


def _unpack_one(archive: zipfile.ZipFile, name: str, row: dict[str, Any], target: Path) -> int:
    file = (target / name).resolve()
    if not file.is_relative_to(target.resolve()):
        raise BackupRefused(f"备份里的“{name}”指向文件夹之外，不予恢复")
    file.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as source, file.open("xb") as stream:
        while piece := source.read(1024 * 1024):
            stream.write(piece)
    file.chmod(0o600)
    with file.open("rb") as stream:
        found = digest_of_stream(stream)
    if found != row["digest"]:
        raise BackupRefused(f"“{name}”与清单不符：清单 {row['digest']}，实为 {found}")
    return file.stat().st_size
