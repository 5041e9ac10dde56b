"""kill -9 of gateway and flusher, twenty times, at every failpoint and at random moments, while loggers send on."""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

import numpy as np

from bench.gateways import Flusher, Gateway, Load
from bench.peer_loggers import PeerLogger
from bench.readback import stored_rows
from bench.report import Bench, several
from xunshui.telemetry.lake import Reader

KILLS = 20
EARLIEST_S, LATEST_S = 0.4, 2.5
LOGGERS, WINDOW = 3, 40
ROWS_BEFORE = 1_000_000
FILL_S = 15.0
FLUSH_EVERY_S = 0.5
ANY_MOMENT = "any moment"
GATEWAY_PLACES = ("after-spool-commit",)
FLUSHER_PLACES = ("between-tables", "after-lake-commit", "in-compaction", "in-vacuum")
PLACES = (ANY_MOMENT, *GATEWAY_PLACES, *FLUSHER_PLACES)


class Killing:
    """A gateway, its flusher and the loggers, over as many kills as wanted."""

    def __init__(self, spool: Path, seed: int = 0) -> None:
        """Start all three, on about a million rows."""
        self.spool = spool
        self.gateway, self.flusher = Gateway(spool), Flusher(spool, FLUSH_EVERY_S)
        self.gateway.start()
        self.flusher.start()
        self.rows_before = self._fill()
        self.loggers = [
            PeerLogger(self.gateway.port, f"33{number:022d}", WINDOW) for number in range(LOGGERS)
        ]
        self._random = Random(seed)

    def once(self, place: str) -> tuple[int, float]:
        """Kill gateway and flusher at this place, start both; return what is missing and how long nothing was served [s]."""
        time.sleep(self._random.uniform(EARLIEST_S, LATEST_S))
        if place in GATEWAY_PLACES:
            self.gateway.kill()
            self.gateway.start(failpoint=place)
            self.gateway.process.wait(60)
        elif place in FLUSHER_PLACES:
            self.flusher.kill()
            self.flusher.start(failpoint=place)
            self.flusher.dies()
        self.gateway.kill()
        self.flusher.kill()
        missing = self.missing()
        began = time.perf_counter()
        self.gateway.start()
        self.gateway.answers()
        served_after_s = time.perf_counter() - began
        self.flusher.start()
        return missing, served_after_s

    def missing(self) -> int:
        """Return how many acknowledged readings are neither in the spool nor in the lake."""
        acknowledged = {logger.channel: logger.instants() for logger in self.loggers}
        reader = Reader(self.spool)
        known = {channel.name: channel.id for channel in reader.channels()}
        missing = 0
        for name, instants in acknowledged.items():
            found = reader.readings([known.get(name, -1)], 0, 2**62)["at_us"].to_numpy()
            missing += int((~np.isin(instants, found)).sum())
        reader.close()
        return missing

    def acknowledged(self) -> int:
        """Return how many readings the loggers were told of."""
        return sum(len(logger.acknowledged) for logger in self.loggers)

    def end(self) -> None:
        """Stop all, and carry what is left into the lake."""
        for logger in self.loggers:
            logger.end()
        self.gateway.stop()
        self.flusher.kill()
        self.flusher.once()

    def _fill(self) -> int:
        rows = first = 0
        while rows < ROWS_BEFORE:
            told = Load(self.gateway.port, seconds=FILL_S, first=first).told()
            first += max(told.acknowledged) + 1_000
            rows += 6 * sum(told.acknowledged)
        return rows


def main() -> None:
    """Run the bench."""
    bench = Bench()
    with tempfile.TemporaryDirectory() as folder:
        killing = Killing(Path(folder) / "spool")
        try:
            bench.told("rows before the first kill", killing.rows_before, "rows")
            places = [PLACES[number % len(PLACES)] for number in range(KILLS)]
            found = [killing.once(place) for place in places]
            acknowledged = killing.acknowledged()
        finally:
            killing.end()
        stored = stored_rows(killing.spool)
    for place, count in Counter(places).items():
        times = [seconds for at, (_, seconds) in zip(places, found, strict=True) if at == place]
        bench.told(f"killed at {place}", count, "times", beside=f"serving again after {several(times)} s")
    bench.told("readings acknowledged under the kills", acknowledged, "readings")
    bench.at_most("acknowledged and not there", sum(missing for missing, _ in found), 1, "readings")
    bench.at_most("readings doubled", stored.doubled, 1, "readings", beside=f"{stored.rows:,} rows")
    bench.at_most(
        "serving again after a kill, slowest",
        max(seconds for _, seconds in found),
        2,
        "s",
        beside=f"load {os.getloadavg()[0]:.1f}",
    )
    bench.end()


if __name__ == "__main__":
    main()
