"""Ten thousand damaged JSON files and workbooks over all cores: none may end with a traceback."""

from __future__ import annotations

import os
import time

from tools.fuzz.__main__ import spread
from tools.fuzz.run import ALLOWED_S

from bench.report import Bench

FILES = 10_000
SEED = 1


def main() -> None:
    """Run the bench."""
    bench, cores = Bench(), os.cpu_count() or 1
    start = time.perf_counter()
    tally = spread(SEED, range(FILES), cores)
    seconds = time.perf_counter() - start
    ends = ", ".join(f"{times:,} ended with {code}" for code, times in sorted(tally.codes.items()))
    bench.at_most(
        f"fuzz: failures among {FILES:,} damaged files, seed {SEED}",
        len(tally.failures),
        1,
        "failures",
        beside=f"{ends}; {seconds:.0f} s on {cores} cores",
    )
    bench.at_most("fuzz: the slowest file", tally.slowest_s, ALLOWED_S, "s")
    bench.end()


if __name__ == "__main__":
    main()
