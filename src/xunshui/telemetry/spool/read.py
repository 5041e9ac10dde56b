"""Reading the spool while the gateway writes: batches, devices and channels, how far others have read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from xunshui.telemetry.batch import Batch, table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What one device sends under one code. `name` is how people and commands write it."""

    id: int
    protocol: str
    device: str
    code: str
    first_us: int

    @property
    def name(self) -> str:
        """Return protocol, device and code: hj212:MN/2011/w00000-Rtd."""
        return f"{self.protocol}:{self.device}/{self.code}"


def source_of(spool: sqlite3.Connection) -> str:
    """Return the name that this spool's batches bear in the lake."""
    return str(spool.execute("SELECT source FROM spool").fetchone()[0])


def newest_of(spool: sqlite3.Connection) -> int:
    """Return the number of the last batch that was committed; 0 before the first."""
    return int(spool.execute("SELECT last_seq FROM spool").fetchone()[0])


def batches_after(
    spool: sqlite3.Connection, seq: int, *, most: int = -1, most_bytes: int | None = None
) -> list[Batch]:
    """Return the batches behind `seq`, oldest first, read as of one moment.

    With `most_bytes` no more than fit into that many bytes, but one where there is any.
    """
    rows = spool.execute(
        "SELECT seq, committed_us, frames, samples, digest FROM batch WHERE seq > ? ORDER BY seq LIMIT ?",
        (seq, most),
    )
    found: list[Batch] = []
    size = 0
    for number, at, frames, samples, digest in rows:
        size += len(frames) + len(samples)
        if found and most_bytes is not None and size > most_bytes:
            break
        found.append(
            Batch(
                seq=number, committed_us=at, frames=table_of(frames), samples=table_of(samples), digest=digest
            )
        )
    rows.close()
    return found


def samples_after(spool: sqlite3.Connection, seq: int) -> Iterator[tuple[int, pa.Table]]:
    """Yield the number and the samples of each batch behind `seq`, oldest first; the frames are not read."""
    for number, samples in spool.execute("SELECT seq, samples FROM batch WHERE seq > ? ORDER BY seq", (seq,)):
        yield number, table_of(samples)


def channels_of(spool: sqlite3.Connection) -> Iterator[Channel]:
    """Yield every channel that was ever heard, known or not."""
    for number, protocol, device, code, first_us in spool.execute(
        "SELECT channel.id, protocol, name, code, channel.first_us FROM channel "
        "JOIN device ON device.id = channel.device ORDER BY channel.id"
    ):
        yield Channel(id=number, protocol=protocol, device=device, code=code, first_us=first_us)
