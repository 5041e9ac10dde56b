"""The committer: all connectors hand their arrivals to it; it keeps what waits with one commit and then tells each.

The batch sizes itself: while one commit is on its way to the disk, the next gathers. What waits is bounded: a
connector that finds no room stops reading its socket, and the sender's own network buffer fills.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from xunshui.telemetry.sample import Arrival
from xunshui.telemetry.spool import Kept, SpoolWriter

MOST_WAITING = 20_000
MOST_AT_ONCE = 5_000
RETRY_S = 1.0


@dataclass(slots=True)
class Counts:
    """What a committer has done since it started."""

    batches: int = 0
    frames: int = 0
    resent: int = 0
    samples: int = 0
    failures: int = 0
    failing: bool = False
    """Whether the disk refuses now."""
    last_error: str = ""
    slowest_commit_s: float = field(default=0.0)


class Committer:
    """Keeps arrivals in one spool. Its methods are called in the loop; only the commit itself runs in a thread."""

    def __init__(self, spool: SpoolWriter) -> None:
        """Take the spool to write."""
        self.counts = Counts()
        self._spool = spool
        self._waiting: list[Arrival] = []
        self._done: list[Callable[[], None]] = []
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._thread = ThreadPoolExecutor(1, "commit")
        self._closing = False

    @property
    def is_full(self) -> bool:
        """Return whether connectors should stop reading."""
        return len(self._waiting) >= MOST_WAITING

    @property
    def waiting(self) -> int:
        """Return how many arrivals wait for a commit."""
        return len(self._waiting)

    def add(self, arrival: Arrival, done: Callable[[], None]) -> None:
        """Take an arrival; `done` is called in the loop once it is on disk."""
        self._waiting.append(arrival)
        self._done.append(done)
        if len(self._waiting) >= MOST_WAITING:
            self._room.clear()
        self._wake.set()

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Take arrivals and return once all are on disk."""
        await self._room.wait()
        kept = asyncio.Event()
        for arrival in arrivals[:-1]:
            self.add(arrival, _nothing)
        if arrivals:
            self.add(arrivals[-1], kept.set)
            await kept.wait()

    async def room(self) -> None:
        """Return as soon as there is room for more."""
        await self._room.wait()

    async def run(self) -> None:
        """Commit what comes until closed; what was taken before is kept first."""
        while not (self._closing and not self._waiting):
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                await self._commit()

    def close(self) -> None:
        """Let `run` end when nothing waits any more."""
        self._closing = True
        self._wake.set()

    async def _commit(self) -> None:
        arrivals, done = self._waiting[:MOST_AT_ONCE], self._done[:MOST_AT_ONCE]
        began = time.monotonic()
        kept = await self._persist(arrivals)
        if kept is None:
            # Nobody was told that these are kept: their senders will send them again.
            self._waiting.clear()
            self._done.clear()
            return
        counts = self.counts
        counts.failing = False
        counts.slowest_commit_s = max(counts.slowest_commit_s, time.monotonic() - began)
        counts.batches += kept.seq is not None
        counts.frames += kept.kept
        counts.resent += kept.resent
        counts.samples += sum(len(arrival.samples) for arrival in arrivals)
        del self._waiting[: len(arrivals)], self._done[: len(done)]
        if not self.is_full:
            self._room.set()
        for tell in done:
            tell()

    async def _persist(self, arrivals: list[Arrival]) -> Kept | None:
        """Commit, again and again while the disk refuses; None where that lasts until the end."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                return await loop.run_in_executor(
                    self._thread, self._spool.commit, arrivals, time.time_ns() // 1000
                )
            except OSError as error:
                self._failed(error)
            except (
                Exception
            ) as error:  # a full disk comes as sqlite3.OperationalError, a damaged one as DatabaseError
                self._failed(error)
            if self._closing:
                return None
            await asyncio.sleep(RETRY_S)

    def _failed(self, error: Exception) -> None:
        self.counts.failures += 1
        self.counts.failing = True
        self.counts.last_error = f"{type(error).__name__}: {error}"


def _nothing() -> None:
    """Tell nobody."""
