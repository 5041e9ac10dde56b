"""Reading readings: the spool first, then the lake, so that what moves between them is seen, and seen once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from deltalake import DeltaTable

from xunshui.telemetry.lake.flush import READER
from xunshui.telemetry.lake.tables import READINGS, check_plain, days_and_files, lake_of
from xunshui.telemetry.localtime import day_of
from xunshui.telemetry.spool import Channel, channels_of, open_to_read, place_of, samples_after

COLUMNS = "channel, at_us, value, quality"
NO_READINGS = pa.schema([field for field in READINGS if field.name != "day"]).empty_table()
ANSWER = pa.schema([READINGS.field(name) for name in ("channel", "at_us", "value", "quality")])
MOST_CHUNKS = 64
"""Pieces of the fresh readings beyond which they are copied into one, which is quicker to search."""


class Reader:
    """All readings of one spool and its lake. Not for several threads at once."""

    def __init__(self, spool: Path) -> None:
        """Open the spool in this folder and the lake beside it; raises `SpoolMissing`, `ForeignLake`."""
        self._spool = open_to_read(spool)
        self._lake = lake_of(spool) / "readings"
        self._table: DeltaTable | None = None
        self._version = -1
        self._days: list[tuple[int, str]] = []
        self._engine = duckdb.connect(config={"preserve_insertion_order": False})
        self._fresh = Fresh()

    def close(self) -> None:
        """Let go of the files."""
        self._engine.close()
        self._spool.close()

    def channels(self) -> list[Channel]:
        """Return every channel that was ever heard."""
        return list(channels_of(self._spool))

    def readings(self, channels: Sequence[int], from_us: int, to_us: int) -> pa.Table:
        """Return channel, at_us, value, quality of instants in [from_us, to_us), by channel and instant.

        Of several readings for one channel and instant the one received last counts.
        """
        return _latest(self._asked(f"SELECT {COLUMNS}, seq FROM found", channels, from_us, to_us))

    def last(self, channels: Sequence[int], from_us: int, to_us: int) -> dict[int, tuple[int, float, int]]:
        """Return instant, value and quality of the last reading of each channel in [from_us, to_us)."""
        rows = self._asked(
            "SELECT channel, max(at_us) AS at_us, arg_max(value, (at_us, seq)) AS value, "
            "arg_max(quality, (at_us, seq)) AS quality FROM found GROUP BY channel",
            channels,
            from_us,
            to_us,
        )
        return {row["channel"]: (row["at_us"], row["value"], row["quality"]) for row in rows.to_pylist()}

    def all_told(self, channels: Sequence[int], from_us: int, to_us: int) -> pa.Table:
        """Return channel, at_us, value, quality, seq of every reading that ever came, by channel, instant and batch."""
        return self._asked("SELECT * FROM found ORDER BY channel, at_us, seq", channels, from_us, to_us)

    def history(self, channel: int, at_us: int) -> pa.Table:
        """Return every reading that ever came for one channel and instant, the latest last, with its batch."""
        return self._asked("SELECT * FROM found ORDER BY seq", [channel], at_us, at_us + 1)

    def _asked(self, query: str, channels: Sequence[int], from_us: int, to_us: int) -> pa.Table:
        fresh, flushed = self._spooled()
        files = self._files(day_of(from_us), day_of(to_us - 1))
        self._engine.register("fresh", fresh)
        wanted = f"channel IN ({', '.join(map(str, channels)) or 'NULL'}) AND at_us >= {from_us} AND at_us < {to_us}"
        parts = [f"SELECT {COLUMNS}, seq FROM fresh WHERE {wanted}"]
        if files:
            # The lake may be ahead of the spool's own note where a flush was cut off between the two.
            parts.append(
                f"SELECT {COLUMNS}, seq FROM read_parquet($files) WHERE {wanted} AND seq <= {flushed}"
            )
        found = f"WITH found AS ({' UNION ALL '.join(parts)}) "
        return self._engine.sql(found + query, params={"files": files} if files else None).to_arrow_table()

    def _spooled(self) -> tuple[pa.Table, int]:
        """Return the readings that are in the spool alone, and the last batch that is in the lake."""
        self._spool.execute("BEGIN")
        try:
            flushed, _ = place_of(self._spool, READER)
            self._fresh.forget(flushed)
            self._fresh.add(samples_after(self._spool, self._fresh.newest))
        finally:
            self._spool.execute("COMMIT")
        return self._fresh.rows, flushed

    def _files(self, first: int, last: int) -> list[str]:
        if self._table is None:
            if not DeltaTable.is_deltatable(str(self._lake)):
                return []
            self._table = DeltaTable(str(self._lake))
            check_plain(self._table)
        self._table.update_incremental()
        if self._table.version() != self._version:
            self._version = self._table.version()
            self._days = days_and_files(self._table)
        return [file for day, file in self._days if first <= day <= last]


class Fresh:
    """The readings of the batches that are not in the lake yet: one table that grows and shrinks with the spool."""

    def __init__(self) -> None:
        """Start with no batch."""
        self.rows: pa.Table = NO_READINGS
        self.newest = 0
        self._counts: deque[tuple[int, int]] = deque()

    def forget(self, flushed: int) -> None:
        """Let go of the batches up to `flushed`."""
        gone = 0
        while self._counts and self._counts[0][0] <= flushed:
            gone += self._counts.popleft()[1]
        self.rows = self.rows.slice(gone)
        if not self._counts:
            self.newest = flushed

    def add(self, batches: Iterable[tuple[int, pa.Table]]) -> None:
        """Add batches, each with its number, oldest first."""
        parts = [self.rows]
        for seq, samples in batches:
            parts.append(_with_seq(samples, seq))
            self._counts.append((seq, samples.num_rows))
            self.newest = seq
        if len(parts) > 1:
            self.rows = pa.concat_tables(parts)
            if self.rows.column("seq").num_chunks > MOST_CHUNKS:
                self.rows = self.rows.combine_chunks()


def _latest(found: pa.Table) -> pa.Table:
    """Return the rows by channel and instant, of each only the one of the last batch.

    Sorted here and not by the engine, which takes three times as long: the rows come in long runs that are sorted.
    """
    rows = {name: found.column(name).to_numpy() for name in found.column_names}
    order = np.lexsort((rows["seq"], rows["at_us"], rows["channel"]))
    channel, at_us = rows["channel"][order], rows["at_us"][order]
    is_last = np.append((np.diff(channel) != 0) | (np.diff(at_us) != 0), True)[: len(order)]
    if not is_last.all():
        order, channel, at_us = order[is_last], channel[is_last], at_us[is_last]
    return pa.table([channel, at_us, rows["value"][order], rows["quality"][order]], schema=ANSWER)


def _with_seq(samples: pa.Table, seq: int) -> pa.Table:
    numbers = pa.array(np.full(samples.num_rows, seq, np.int64))
    return samples.append_column(READINGS.field("seq"), numbers)
