"""`xunshui --help`, whole process, beside a Python that does nothing."""

from __future__ import annotations

import sys

from bench.report import XUNSHUI, Bench, median_run

RUNS = 15
TARGET_S = 0.3


def main() -> None:
    """Run the bench."""
    bench = Bench()
    nothing = median_run(sys.executable, "-c", "pass", runs=RUNS).wall
    shown = median_run(*XUNSHUI, "--help", runs=RUNS).wall
    bench.at_most(
        f"xunshui --help, whole process, median of {RUNS}",
        shown,
        TARGET_S,
        "s",
        beside=f"peer python -c pass {nothing:.3f} s",
    )
    bench.end()


if __name__ == "__main__":
    main()
