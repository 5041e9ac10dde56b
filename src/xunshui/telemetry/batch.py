"""A batch: what a gateway keeps with one commit, and the two tables it is made of.

`frames` holds every arrival byte for byte, `samples` the values read from them. Both are Arrow tables, so that the
spool, the lake and the queries share one form and nothing is copied row by row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

FRAMES = pa.schema(
    [
        pa.field("device", pa.int32(), nullable=False),
        pa.field("received_us", pa.int64(), nullable=False),
        pa.field("raw", pa.binary(), nullable=False),
    ]
)
SAMPLES = pa.schema(
    [
        pa.field("channel", pa.int32(), nullable=False),
        pa.field("at_us", pa.int64(), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
        pa.field("quality", pa.int8(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One commit of a gateway. `seq` counts from 1 without a gap; `digest` seals the frames."""

    seq: int
    committed_us: int
    frames: pa.Table
    samples: pa.Table
    digest: str


def table_bytes(table: pa.Table | pa.RecordBatch, options: pa.ipc.IpcWriteOptions | None = None) -> bytes:
    """Return a table as an Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write(table)
    return bytes(sink.getvalue())


def table_of(content: bytes) -> pa.Table:
    """Return the table of an Arrow stream, without copying it."""
    return pa.ipc.open_stream(pa.py_buffer(content)).read_all()


def digest_of_frames(raws: Sequence[bytes]) -> str:
    """Return the seal of a batch: SHA-256 over each frame behind its length of four bytes, high byte first."""
    whole = hashlib.sha256()
    for raw in raws:
        whole.update(len(raw).to_bytes(4, "big"))
        whole.update(raw)
    return f"sha256:{whole.hexdigest()}"
