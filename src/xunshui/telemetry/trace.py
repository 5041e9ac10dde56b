"""The way from a reading back to the frame that told it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable

from xunshui.telemetry.batch import table_of
from xunshui.telemetry.hj212 import Framer, read_segment, samples_of
from xunshui.telemetry.lake.tables import check_plain, days_and_files, lake_of
from xunshui.telemetry.spool import Channel, open_to_read


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An arrival that may have told a reading: its batch with the batch's seal, when it came, and its bytes."""

    seq: int
    digest: str
    received_us: int
    raw: bytes


def told_by(spool: Path, channel: Channel, at_us: int, seq: int) -> list[Told]:
    """Return the arrivals of a batch that told this channel at this instant.

    Where none of them can be read here — other protocols, ciphertext, lines of an imported file — all that the device
    sent in the batch.

    Raises `SpoolMissing`, `ForeignLake`.
    """
    database = open_to_read(spool)
    try:
        (device,) = database.execute(
            "SELECT id FROM device WHERE protocol = ? AND name = ?", (channel.protocol, channel.device)
        ).fetchone()
        row = database.execute("SELECT frames, digest FROM batch WHERE seq = ?", (seq,)).fetchone()
    finally:
        database.close()
    content = row or _from_lake(spool, seq)
    if content is None:
        return []
    frames, digest = table_of(content[0]), content[1]
    sent = [
        Told(seq=seq, digest=digest, received_us=received_us, raw=raw)
        for received_us, raw in _of_device(frames, device)
    ]
    if channel.protocol != "hj212":
        return sent
    return [told for told in sent if _tells(told.raw, channel.code, at_us)] or sent


def seals(spool: Path, seqs: Sequence[int]) -> dict[int, str]:
    """Return the seal of each of these batches, from the lake and from what is in the spool alone."""
    database = open_to_read(spool)
    found = dict(database.execute("SELECT seq, digest FROM batch").fetchall())
    database.close()
    folder = lake_of(spool) / "batches"
    if DeltaTable.is_deltatable(str(folder)):
        table = DeltaTable(str(folder))
        check_plain(table)
        files = [file for _, file in days_and_files(table)]
        engine = duckdb.connect()
        found |= dict(
            engine.execute("SELECT seq, digest FROM read_parquet($files)", {"files": files}).fetchall()
        )
        engine.close()
    return {seq: found[seq] for seq in seqs if seq in found}


def _from_lake(spool: Path, seq: int) -> tuple[bytes, str] | None:
    folder = lake_of(spool) / "batches"
    if not DeltaTable.is_deltatable(str(folder)):
        return None
    table = DeltaTable(str(folder))
    check_plain(table)
    files = [file for _, file in days_and_files(table)]
    engine = duckdb.connect()
    asked = "SELECT frames, digest FROM read_parquet($files) WHERE seq = $seq"
    found = engine.execute(asked, {"files": files, "seq": seq}).fetchone()
    engine.close()
    return None if found is None else (bytes(found[0]), str(found[1]))


def _of_device(frames: pa.Table, device: int) -> Iterator[tuple[int, bytes]]:
    columns = (frames.column(name).to_pylist() for name in ("device", "received_us", "raw"))
    for number, received_us, raw in zip(*columns, strict=True):
        if number == device:
            yield received_us, raw


def _tells(raw: bytes, code: str, at_us: int) -> bool:
    framer = Framer()
    frames = [*framer.feed(raw), *framer.end()]
    return any(
        sample.code == code and sample.at_us == at_us
        for frame in frames
        if frame.segment
        for sample in samples_of(read_segment(frame.segment))
    )
