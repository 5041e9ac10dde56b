"""Writing the spool: one transaction a batch; what has come before is not kept again."""

from __future__ import annotations

import sqlite3
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from xunshui.telemetry.batch import FRAMES, SAMPLES, digest_of_frames, table_bytes
from xunshui.telemetry.failpoint import reached
from xunshui.telemetry.sample import Arrival
from xunshui.telemetry.spool.schema import open_to_write

REMEMBERED = 256
"""How many keys a device's resends are looked for in; a logger resends its last frames, not last month's."""
MOST_KEYLESS = 100_000
"""How many frames without keys, such as imported history, are passed over in looking for those with."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a commit kept. `resent` counts arrivals that were there already; `seq` is None where nothing was new."""

    seq: int | None
    kept: int
    resent: int


class SpoolWriter:
    """A writer of a spool. Not for several threads at once; an import may write beside the gateway."""

    def __init__(self, folder: Path) -> None:
        """Open the spool in `folder` and recall its devices, channels and the last keys."""
        self._database = open_to_write(folder)
        self._database.execute("INSERT OR IGNORE INTO spool VALUES (1, ?, 0)", (uuid.uuid4().hex,))
        self.source, self._seq = self._database.execute("SELECT source, last_seq FROM spool").fetchone()
        self._devices: dict[tuple[str, str], int] = {}
        self._channels: dict[int, dict[str, int]] = {}
        self._seen: dict[int, OrderedDict[str, None]] = {}
        self._newest_channel = 0
        self._recall()

    def commit(
        self,
        arrivals: Sequence[Arrival],
        now_us: int,
        *,
        within: Callable[[sqlite3.Connection], None] | None = None,
    ) -> Kept:
        """Keep what is new of these arrivals; on return it is on disk. Raises sqlite3.Error, and nothing is kept.

        `within` may note in the same transaction what must hold exactly as long as the arrivals do.
        """
        try:
            self._database.execute("BEGIN IMMEDIATE")
            if within is not None:
                within(self._database)
            return self._commit(arrivals, now_us)
        except BaseException:
            # What was noted of the failed batch must be forgotten: its frames will come again.
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            self._recall()
            raise

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _commit(self, arrivals: Sequence[Arrival], now_us: int) -> Kept:
        if self._last_seq() != self._seq:
            # Another writer was here: its devices, channels and keys are news.
            self._catch_up()
        devices: list[int] = []
        received: list[int] = []
        raws: list[bytes] = []
        keys: list[str] = []
        samples: tuple[list[int], list[int], list[float], list[int]] = ([], [], [], [])
        for arrival in arrivals:
            device = self._device(arrival)
            if not self._is_new(device, arrival.key):
                continue
            devices.append(device)
            received.append(arrival.received_us)
            raws.append(arrival.raw)
            keys.append(arrival.key)
            self._take_samples(device, arrival, samples)
        if not raws:
            self._database.execute("COMMIT")
            return Kept(None, 0, len(arrivals))
        frames = pa.record_batch([devices, received, raws], schema=FRAMES)
        values = pa.record_batch(list(samples), schema=SAMPLES)
        self._append(now_us, frames, values, "\n".join(keys).encode(), digest_of_frames(raws))
        return Kept(self._seq, len(raws), len(arrivals) - len(raws))

    def _append(
        self, now_us: int, frames: pa.RecordBatch, values: pa.RecordBatch, keys: bytes, digest: str
    ) -> None:
        """Write the batch behind the last one and commit."""
        seq = self._seq + 1
        counts = (frames.num_rows, values.num_rows)
        self._database.execute(
            "INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (seq, now_us, *counts, table_bytes(frames), table_bytes(values), keys, digest),
        )
        self._database.execute("UPDATE spool SET last_seq = ?", (seq,))
        self._database.execute("COMMIT")
        reached("after-spool-commit")
        self._seq = seq

    def _take_samples(
        self, device: int, arrival: Arrival, into: tuple[list[int], list[int], list[float], list[int]]
    ) -> None:
        if not arrival.samples:
            return
        codes, at_us, values, qualities = zip(*arrival.samples, strict=True)
        channels = self._channels[device]
        try:
            numbers = [channels[code] for code in codes]
        except KeyError:
            self._learn_channels(device, codes, arrival.received_us)
            numbers = [channels[code] for code in codes]
        into[0].extend(numbers)
        into[1].extend(at_us)
        into[2].extend(values)
        into[3].extend(qualities)

    def _learn_channels(self, device: int, codes: Iterable[str], first_us: int) -> None:
        channels = self._channels[device]
        for code in codes:
            if code not in channels:
                channels[code] = self._new(
                    "INSERT INTO channel (device, code, first_us) VALUES (?, ?, ?)", (device, code, first_us)
                )

    def _device(self, arrival: Arrival) -> int:
        name = (arrival.protocol, arrival.device)
        found = self._devices.get(name)
        if found is None:
            found = self._devices[name] = self._new(
                "INSERT INTO device (protocol, name, first_us) VALUES (?, ?, ?)", (*name, arrival.received_us)
            )
            self._channels[found] = {}
        return found

    def _is_new(self, device: int, key: str) -> bool:
        if not key:
            return True
        seen = self._seen.setdefault(device, OrderedDict())
        if key in seen:
            return False
        seen[key] = None
        if len(seen) > REMEMBERED:
            seen.popitem(last=False)
        return True

    def _new(self, statement: str, values: tuple[object, ...]) -> int:
        return int(self._database.execute(statement, values).lastrowid or 0)

    def _last_seq(self) -> int:
        return int(self._database.execute("SELECT last_seq FROM spool").fetchone()[0])

    def _recall(self) -> None:
        """Forget what was noted and read it from the file."""
        self._devices, self._channels, self._seen = {}, {}, {}
        self._newest_channel = 0
        self._learn_names()
        self._remember(self._last_batches())
        self._seq = self._last_seq()

    def _catch_up(self) -> None:
        """Take what another writer has added."""
        self._learn_names()
        self._remember(
            self._database.execute("SELECT frames, keys FROM batch WHERE seq > ? ORDER BY seq", (self._seq,))
        )
        self._seq = self._last_seq()

    def _learn_names(self) -> None:
        read = self._database.execute
        for number, protocol, name in read("SELECT id, protocol, name FROM device"):
            self._devices[protocol, name] = number
            self._channels.setdefault(number, {})
        for number, device, code in read(
            "SELECT id, device, code FROM channel WHERE id > ? ORDER BY id", (self._newest_channel,)
        ):
            self._channels[device][code] = self._newest_channel = number

    def _remember(self, batches: Iterable[tuple[bytes, bytes]]) -> None:
        for frames, keys in batches:
            if not keys.strip(b"\n"):
                continue
            devices = pa.ipc.open_stream(frames).read_all().column("device").to_pylist()
            for device, key in zip(devices, keys.decode().split("\n"), strict=True):
                self._is_new(device, key)

    def _last_batches(self) -> list[tuple[bytes, bytes]]:
        """Return the batches that hold the last keys of the devices, oldest first."""
        wanted, keyless = REMEMBERED * max(1, len(self._devices)), MOST_KEYLESS
        found: list[tuple[bytes, bytes]] = []
        for count, frames, keys in self._database.execute(
            "SELECT frame_count, frames, keys FROM batch ORDER BY seq DESC"
        ):
            if keys.strip(b"\n"):
                found.append((frames, keys))
                wanted -= count
            else:
                keyless -= count
            if wanted <= 0 or keyless <= 0:
                break
        return found[::-1]
