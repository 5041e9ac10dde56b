"""Reading readings: the spool first, then the lake, so that what moves between them is seen, and seen once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable

from xunshui.telemetry.batch import Batch
from xunshui.telemetry.lake.flush import READER, with_seqs
from xunshui.telemetry.lake.tables import READINGS, check_plain, days_and_files, lake_of
from xunshui.telemetry.localtime import day_of
from xunshui.telemetry.spool import Channel, batches_after, channels_of, open_to_read, place_of

COLUMNS = "channel, at_us, value, quality"
NO_READINGS = pa.schema([field for field in READINGS if field.name != "day"]).empty_table()


class Reader:
    """All readings of one spool and its lake. Not for several threads at once."""

    def __init__(self, spool: Path) -> None:
        """Open the spool in this folder and the lake beside it; raises `SpoolMissing`, `ForeignLake`."""
        self._spool = open_to_read(spool)
        self._lake = lake_of(spool) / "readings"
        self._table: DeltaTable | None = None
        self._engine = duckdb.connect()
        self._fresh: dict[int, pa.Table] = {}

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
        return self._asked(
            f"SELECT {COLUMNS} FROM found QUALIFY row_number() OVER (PARTITION BY channel, at_us ORDER BY seq DESC) = 1 "
            "ORDER BY channel, at_us",
            channels,
            from_us,
            to_us,
        )

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
            newest = max(self._fresh, default=flushed)
            found = batches_after(self._spool, max(flushed, newest))
        finally:
            self._spool.execute("COMMIT")
        self._fresh = {seq: rows for seq, rows in self._fresh.items() if seq > flushed}
        self._fresh |= {batch.seq: _rows(batch) for batch in found}
        tables = list(self._fresh.values())
        return (pa.concat_tables(tables) if tables else NO_READINGS), flushed

    def _files(self, first: int, last: int) -> list[str]:
        if self._table is None:
            if not DeltaTable.is_deltatable(str(self._lake)):
                return []
            self._table = DeltaTable(str(self._lake))
            check_plain(self._table)
        self._table.update_incremental()
        return [file for day, file in days_and_files(self._table) if first <= day <= last]


def _rows(batch: Batch) -> pa.Table:
    return with_seqs([batch]).cast(NO_READINGS.schema)
