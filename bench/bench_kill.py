"""kill -9 of the whole server while applicants save and hand in, ten times: nothing acknowledged may be missing."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.killing import Killing
from bench.report import Bench

KILLS = 10


def main() -> None:
    """Run the bench."""
    bench = Bench()
    with tempfile.TemporaryDirectory() as folder:
        killing = Killing(Path(folder) / "home", savers=4, submitters=2)
        found = [killing.once() for _ in range(KILLS)]
        killing.end()
    acknowledged = sum(row.acknowledged for row in found)
    broken = [row.integrity for row in found if row.integrity != "ok"]
    for line in (line for row in found for line in (*row.lost, *row.errors)):
        print(line)
    bench.told(f"acts acknowledged before {KILLS} kills", acknowledged, "acts")
    bench.at_most(
        "acknowledged and not there, or there twice", sum(len(row.lost) for row in found), 1, "acts"
    )
    bench.at_most("records damaged", len(broken), 1, "kills")
    bench.at_most("acts refused", sum(len(row.errors) for row in found), 1, "acts")
    bench.told("start after a kill, mean", sum(row.restart_s for row in found) / KILLS, "s")
    bench.end()


if __name__ == "__main__":
    main()
