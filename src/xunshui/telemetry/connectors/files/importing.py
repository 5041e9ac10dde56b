"""Importing: a file's rows into the spool, a thousand at a time, each chunk exactly once.

How many chunks of a file are kept stands in the spool itself, written with the same commit as the chunk: an import
that was killed goes on where it was, and one that is repeated adds nothing. What tells a file is its content, its
name and the names given to its points.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO

from xunshui.telemetry.connectors.files.reading import BadRow, Reading, layout_of
from xunshui.telemetry.connectors.files.table import FileUnreadable, Row, digest_of, rows_of
from xunshui.telemetry.localtime import DAY_US
from xunshui.telemetry.sample import Arrival, Sample
from xunshui.telemetry.spool import SpoolWriter, open_to_write

CHUNK_ROWS = 1_000
LISTED = 20


@dataclass(slots=True)
class Imported:
    """What an import came to. `bad` holds the first of the bad rows, `bad_count` counts all.

    `unused` are the given names whose points the file does not have.
    """

    rows: int = 0
    readings: int = 0
    chunks: int = 0
    known_chunks: int = 0
    bad_count: int = 0
    bad: list[BadRow] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def take(self, bad: BadRow) -> None:
        """Count a bad row, and remember it where it is one of the first."""
        self.bad_count += 1
        if len(self.bad) < LISTED:
            self.bad.append(bad)


def import_file(
    file: Path,
    spool: Path,
    now_us: int,
    *,
    renamed: Mapping[str, str] | None = None,
    rejects: Path | None = None,
) -> Imported:
    """Keep the readings of a file in the spool, made where there is none; on return they are on disk.

    `renamed` gives points another name; all bad rows are written to `rejects`, as CSV with the reason first.
    Raises `FileUnreadable`, OSError, sqlite3.Error; what was kept until then stays, and is not kept again.
    """
    renamed = renamed or {}
    rows = rows_of(file)
    header = next(rows, None)
    if header is None:
        raise FileUnreadable(f"{file.name} 是空的")
    layout = layout_of(header.cells, device=file.stem, renamed=renamed)
    digest = _digest(file, renamed)
    known = _chunks_known(spool, digest)
    writer = SpoolWriter(spool)
    found = Imported()
    try:
        with _rejects(rejects, header) as reject:
            for number, chunk in enumerate(_chunks(rows), 1):
                said = [(row, layout.read(row.number, row.cells, latest_us=now_us + DAY_US)) for row in chunk]
                for bad in (bad for _, each in said for bad in each.bad):
                    found.take(bad)
                    reject(bad)
                arrivals = _arrivals([(row, each.readings) for row, each in said], header.raw, now_us)
                is_new = number > known and _keep(writer, digest, file.name, number, arrivals, now_us)
                found.rows += len(chunk)
                found.chunks += is_new
                found.known_chunks += not is_new
                found.readings += is_new * sum(len(each.samples) for each in arrivals)
    finally:
        writer.close()
    found.unused = [point for point in renamed if point not in layout.points]
    return found


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK_ROWS)):
        yield chunk


def _arrivals(said: list[tuple[Row, list[Reading]]], header: bytes, now_us: int) -> list[Arrival]:
    """Return one arrival a device: the header and the lines that hold its readings, and the readings."""
    lines: dict[tuple[str, str], dict[int, bytes]] = {}
    samples: dict[tuple[str, str], list[Sample]] = {}
    for row, readings in said:
        for channel, sample in readings:
            device = (channel.protocol, channel.device)
            lines.setdefault(device, {})[row.number] = row.raw
            samples.setdefault(device, []).append(sample)
    return [
        Arrival(*device, now_us, header + b"".join(lines[device].values()), found)
        for device, found in samples.items()
    ]


def _keep(
    writer: SpoolWriter, digest: str, name: str, number: int, arrivals: list[Arrival], now_us: int
) -> bool:
    """Keep a chunk, unless it is kept already; return whether it was new."""
    try:
        writer.commit(arrivals, now_us, within=_noting(digest, name, number))
    except _Known:
        return False
    return True


def _chunks_known(folder: Path, digest: str) -> int:
    spool = open_to_write(folder)
    try:
        return _chunks_in(spool, digest)
    finally:
        spool.close()


def _chunks_in(spool: sqlite3.Connection, digest: str) -> int:
    row = spool.execute("SELECT chunks FROM imported WHERE digest = ?", (digest,)).fetchone()
    return int(row[0]) if row else 0


class _Known(Exception):
    """The chunk is in the spool."""


def _noting(digest: str, name: str, number: int) -> Callable[[sqlite3.Connection], None]:
    def note(spool: sqlite3.Connection) -> None:
        if _chunks_in(spool, digest) >= number:
            # Another import of the same file was faster.
            raise _Known
        spool.execute(
            "INSERT INTO imported VALUES (?, ?, ?) ON CONFLICT (digest) DO UPDATE SET chunks = excluded.chunks",
            (digest, name, number),
        )

    return note


def _digest(file: Path, renamed: Mapping[str, str]) -> str:
    told = json.dumps([digest_of(file), file.stem, sorted(renamed.items())], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _rejects(file: Path | None, header: Row) -> AbstractContextManager[Callable[[BadRow], None]]:
    return nullcontext(lambda bad: None) if file is None else _Rejects(file, header)


class _Rejects:
    """The bad rows as CSV; opened anew for each import."""

    def __init__(self, file: Path, header: Row) -> None:
        self._file = file
        self._header = header
        self._out: IO[str]

    def __enter__(self) -> Callable[[BadRow], None]:
        self._out = self._file.open("w", encoding="utf-8-sig", newline="")
        writer = csv.writer(self._out)
        writer.writerow(["行号", "原因", *self._header.cells])

        def reject(bad: BadRow) -> None:
            writer.writerow([bad.number, bad.reason, *bad.cells])

        return reject

    def __exit__(self, *_: object) -> None:
        self._out.close()
