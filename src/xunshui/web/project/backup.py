"""One file with everything: the records as of one moment, all uploaded files, and a manifest with their digests.

    manifest.json        what is inside, with digests, and the head of each chain
    records.sqlite3      SQLite's own online backup: whole, while the site goes on
    demo-clock           only of a demo
    files/…              attachments, seals, objections
    sensing/…            the gateway's folder as of one moment: spool, lake, keys of loggers, how far each forwarder has come

The secret key stays behind: whoever finds a backup must not be able to forge sessions.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from xunshui.seal.digest import hasher
from xunshui.telemetry.copy import copied
from xunshui.telemetry.spool import holds_spool

FORMAT = "xunshui-backup/1"
RECORDS, MANIFEST, CLOCK = "records.sqlite3", "manifest.json", "demo-clock"
FILES, SENSING = "files", "sensing"
PIECE = 1024 * 1024
PACKED = frozenset({".parquet"})
"""What is packed already is stored as it is."""


class BackupRefused(Exception):
    """A backup that cannot be made or must not be put back; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What was kept or put back."""

    files: int
    bytes: int
    sensing: bool = False
    """Whether a gateway's folder is part of it."""


def make_backup(home: Path, target: Path, *, now: dt.datetime, sensing: Path | None = None) -> Backup:
    """Write everything below `home`, and a gateway's folder, to a zip while all goes on.

    Files come after the records: a file that a record names is there, and one too many does no harm. `sensing` without
    a spool is passed over. Raises `BackupRefused` where there is nothing or `target` exists.
    """
    if not (home / RECORDS).exists():
        raise BackupRefused(f"{home} 里没有 {RECORDS}；用 PostgreSQL 时请以 pg_dump 备份数据库")
    if target.exists():
        raise BackupRefused(f"{target} 已存在；备份不覆盖文件，请另取名字")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=target.absolute().parent)))
        _copy_records(home / RECORDS, folder / RECORDS)
        measured = stack.enter_context(copied(sensing)) if sensing and holds_spool(sensing) else None
        parts = [(RECORDS, folder / RECORDS), *_rest(home), *_sensing(measured)]
        kept = _write(folder / "partial.zip", parts, now)
        # For its owner alone: it holds password hashes, and the keys of loggers.
        (folder / "partial.zip").chmod(0o600)
        # In place at once: a backup that was interrupted never bears the name that was asked for.
        (folder / "partial.zip").rename(target)
    return kept


def unpack(archive: Path, target: Path, sensing: Path) -> Backup:
    """Put a backup into the folder `target`, a gateway's folder into `sensing`, every digest recomputed on the way.

    Raises `BackupRefused` for a file that is no backup, is damaged, or would write outside.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            told = _manifest(opened)
            rows = {
                name: _unpack_one(opened, name, row, target, sensing) for name, row in told["files"].items()
            }
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BackupRefused(f"{archive} 不是完整的循水备份：{error}") from None
    return _kept(rows)


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
    """Copy a database in use, as of one moment (SQLite online backup): in several steps a busy site might never end it."""
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing)
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


def _sensing(copy: Path | None) -> Iterator[tuple[str, Path]]:
    if copy is None:
        return
    for file in sorted(copy.rglob("*")):
        if file.is_file():
            yield f"{SENSING}/{file.relative_to(copy).as_posix()}", file


def _write(target: Path, parts: Iterable[tuple[str, Path]], now: dt.datetime) -> Backup:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        rows = {name: _pack_one(archive, name, file) for name, file in parts}
        told = {"format": FORMAT, "made_at": now.isoformat(), "version": version("xunshui"), "files": rows}
        archive.writestr(MANIFEST, json.dumps(told, ensure_ascii=False, indent=1))
    return _kept({name: row["bytes"] for name, row in rows.items()})


def _pack_one(archive: zipfile.ZipFile, name: str, file: Path) -> dict[str, Any]:
    row = zipfile.ZipInfo.from_file(file, name)
    row.compress_type = zipfile.ZIP_STORED if file.suffix in PACKED else zipfile.ZIP_DEFLATED
    with file.open("rb") as source, archive.open(row, "w", force_zip64=True) as stream:
        sealed, size = _copy(source, stream)
    return {"digest": sealed, "bytes": size}


def _copy(source: IO[bytes], stream: IO[bytes]) -> tuple[str, int]:
    """Copy a stream piece by piece; return its digest and its length."""
    running, size = hasher(), 0
    while piece := source.read(PIECE):
        stream.write(piece)
        running.update(piece)
        size += len(piece)
    return f"sha256:{running.finalize().hex()}", size


def _kept(sizes: dict[str, int]) -> Backup:
    return Backup(
        files=len(sizes),
        bytes=sum(sizes.values()),
        sensing=any(name.startswith(f"{SENSING}/") for name in sizes),
    )


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise BackupRefused(f"清单不是 {FORMAT}；可恢复的是 xunshui backup 写出的文件")
    if RECORDS not in told["files"]:
        raise BackupRefused(f"备份里没有 {RECORDS}")
    return told


def _unpack_one(archive: zipfile.ZipFile, name: str, row: dict[str, Any], target: Path, sensing: Path) -> int:
    is_sensing = name.startswith(f"{SENSING}/")
    root, inside = (sensing, name.removeprefix(f"{SENSING}/")) if is_sensing else (target, name)
    file = (root / inside).resolve()
    if not file.is_relative_to(root.resolve()):
        raise BackupRefused(f"备份里的“{name}”指向文件夹之外，不予恢复")
    file.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as source, file.open("xb") as stream:
        found, size = _copy(source, stream)
    file.chmod(0o600)
    if found != row["digest"]:
        raise BackupRefused(f"“{name}”与清单不符：清单 {row['digest']}，实为 {found}")
    return size
