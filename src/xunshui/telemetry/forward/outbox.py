"""The spool as an outbox: frames in order from a forwarder's own place on, and the place noted.

The place is a row of the spool, so that nothing is pruned that a forwarder has not passed. What a regulator refused
for good is written to `forward-refused.jsonl` before the place moves over it.
"""

from __future__ import annotations

import json
import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from xunshui.telemetry.batch import Batch
from xunshui.telemetry.forward.conversation import Settled
from xunshui.telemetry.forward.outgoing import Outgoing, outgoing_of
from xunshui.telemetry.forward.settings import Settings
from xunshui.telemetry.localtime import local_datetime
from xunshui.telemetry.lock import take_lock
from xunshui.telemetry.spool import batches_after, note_read, open_to_read, open_to_write, place_of

REFUSED_FILE = "forward-refused.jsonl"
BATCHES_AT_ONCE = 256
BYTES_AT_ONCE = 4_000_000
SYNCED_EVERY_S = 1.0


class AlreadyForwarding(ValueError):
    """Another process forwards under this name."""


class Loaded(NamedTuple):
    """Frames that were read, and the place in the spool behind them."""

    frames: list[Outgoing]
    passed: tuple[int, int]


class Outbox:
    """What one forwarder has still to send. Not for several threads at once."""

    def __init__(self, folder: Path, name: str, settings: Settings) -> None:
        """Open the spool in `folder` and stand where this name was left; raises `SpoolMissing`, `AlreadyForwarding`."""
        open_to_read(folder).close()
        self._lock = _locked(folder / f"forward-{name}.lock", name)
        self.folder, self.name = folder, name
        self._reader = f"forward-{name}"
        self.settings = settings
        self._database = open_to_write(folder)
        self._synced = 0.0
        self._loaded: deque[Outgoing] = deque()
        self._devices: dict[int, str | None] = {}
        self.noted = place_of(self._database, self._reader)
        self.passed = self.noted
        # From here on nothing is pruned that has not been forwarded.
        note_read(self._database, self._reader, *self.noted)

    def close(self) -> None:
        """Close the spool and let another process forward under this name."""
        self._database.close()
        self._lock.close()

    @property
    def is_taken(self) -> bool:
        """Return whether all that was loaded is taken."""
        return not self._loaded

    def next(self) -> Outgoing | None:
        """Return the next frame that is loaded, or None."""
        return self._loaded.popleft() if self._loaded else None

    def read(self) -> Loaded:
        """Return what comes next in the spool; changes nothing, so that another thread may do it."""
        batches = batches_after(
            self._database, self.passed[0], most=BATCHES_AT_ONCE, most_bytes=BYTES_AT_ONCE
        )
        skip = self.passed[1]
        found: list[Outgoing] = []
        for batch in batches:
            found += self._frames(batch, skip)
            skip = 0
        return Loaded(found, (batches[-1].seq, 0) if batches else self.passed)

    def add(self, loaded: Loaded) -> bool:
        """Take what was read; return whether there was anything."""
        is_news = loaded.passed != self.passed
        self._loaded.extend(loaded.frames)
        self.passed = loaded.passed
        return is_news

    def note(self, settled: Sequence[Settled], place: tuple[int, int]) -> None:
        """Note that these are settled and this place is reached.

        The process may be killed from here on and nothing is repeated; only a loss of power can take back the
        last second's notes. Raises sqlite3.Error, OSError, and nothing is noted.
        """
        if refused := [each for each in settled if each.refusal]:
            self._record(refused)
        now = time.monotonic()
        is_synced = now - self._synced > SYNCED_EVERY_S
        self._database.execute(f"PRAGMA synchronous={'FULL' if is_synced else 'NORMAL'}")
        note_read(self._database, self._reader, *place)
        self.noted = place
        if is_synced:
            self._synced = now

    def known_devices(self) -> set[str]:
        """Return the MN of all devices that ever sent HJ 212."""
        return {
            name for (name,) in self._database.execute("SELECT name FROM device WHERE protocol = 'hj212'")
        }

    def batches_behind(self) -> int:
        """Return how many batches are not passed yet."""
        return max(0, int(self._database.execute("SELECT last_seq FROM spool").fetchone()[0]) - self.noted[0])

    def _frames(self, batch: Batch, skip: int) -> Iterator[Outgoing]:
        """Yield the frames to forward of a batch, without its first `skip`."""
        devices, received, raws = (column.to_pylist() for column in batch.frames.columns)
        for index in range(skip, len(raws)):
            device = self._chosen(devices[index])
            if device is None:
                continue
            found = outgoing_of(
                raws[index],
                device=device,
                received_us=received[index],
                after=(batch.seq, 0) if index == len(raws) - 1 else (batch.seq - 1, index + 1),
                mn=self.settings.numbers.get(device),
            )
            if found is not None:
                yield found

    def _chosen(self, number: int) -> str | None:
        if number not in self._devices:
            chosen = self.settings.devices
            for found, protocol, name in self._database.execute("SELECT id, protocol, name FROM device"):
                wanted = protocol == "hj212" and (chosen is None or name in chosen)
                self._devices[found] = name if wanted else None
        return self._devices[number]

    def _record(self, refused: Sequence[Settled]) -> None:
        at = local_datetime(time.time_ns() // 1000).isoformat(timespec="seconds")
        with (self.folder / REFUSED_FILE).open("a", encoding="utf-8") as file:
            for outgoing, refusal in refused:
                told = {
                    "at": at,
                    "name": self.name,
                    "device": outgoing.device,
                    "qn": outgoing.qn,
                    "command": outgoing.command,
                    "refusal": refusal,
                    "segment": outgoing.segment.decode("utf-8", "backslashreplace"),
                }
                file.write(json.dumps(told, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())


def unknown_devices(outbox: Outbox) -> list[str]:
    """Return the chosen devices that nothing was ever heard of: a slip of the pen, or not connected yet."""
    return sorted((outbox.settings.devices or frozenset()) - outbox.known_devices())


def forget_forwarder(folder: Path, name: str) -> None:
    """Give a forwarder up: nothing is kept for it any more, and under this name all would begin anew.

    Raises `SpoolMissing`, `AlreadyForwarding`, and KeyError where there is none of this name.
    """
    open_to_read(folder).close()
    with _locked(folder / f"forward-{name}.lock", name):
        spool = open_to_write(folder)
        try:
            if not spool.execute("DELETE FROM reader WHERE name = ?", (f"forward-{name}",)).rowcount:
                raise KeyError(name)
        finally:
            spool.close()
        for ending in ("json", "lock"):
            (folder / f"forward-{name}.{ending}").unlink(missing_ok=True)


def _locked(file: Path, name: str) -> IO[str]:
    try:
        return take_lock(file)
    except BlockingIOError:
        raise AlreadyForwarding(
            f"名为 {name} 的转发已在运行；同一文件夹转发到另一平台时，用 --name 另起一个名字"
        ) from None
