"""`python -m tools.fuzz`: run many damaged files over all cores, print how they ended, keep what failed."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import click

from tools.fuzz.run import Failure, Tally, run

AT_ONCE = 50


@click.command()
@click.option("--count", default=10_000, show_default=True, help="how many damaged files")
@click.option("--seed", default=1, show_default=True)
@click.option("--only", type=int, default=None, help="run this number alone")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), default=Path("out/fuzz"), show_default=True)
def main(count: int, seed: int, only: int | None, jobs: int, keep: Path) -> None:
    """Feed damaged JSON files and workbooks to `xunshui assess`; exit code 1 where one ends as it must not."""
    numbers = range(count) if only is None else range(only, only + 1)
    start = time.perf_counter()
    tally = spread(seed, numbers, jobs)
    seconds = time.perf_counter() - start
    for failure in tally.failures:
        click.echo(f"FAILED --seed {seed} --only {failure.case.number}: {failure.why.splitlines()[-1]}")
        _keep(failure, keep)
    ends = ", ".join(f"{times:,} ended with {code}" for code, times in sorted(tally.codes.items()))
    click.echo(
        f"fuzz: {len(numbers):,} damaged files: {ends}; {len(tally.failures)} failures; "
        f"slowest {tally.slowest_s:.2f} s (--only {tally.slowest}); {seconds:.0f} s with {jobs} processes"
    )
    sys.exit(1 if tally.failures else 0)


def spread(seed: int, numbers: range, jobs: int) -> Tally:
    """Run the cases over several processes and return how they ended together."""
    batches = [numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE)]
    if jobs == 1 or len(batches) == 1:
        return run(seed, numbers)
    with ProcessPoolExecutor(jobs) as executor:
        tallies = list(executor.map(partial(run, seed), batches))
    slowest = max(tallies, key=lambda tally: tally.slowest_s)
    return Tally(
        codes=sum((tally.codes for tally in tallies), Counter[int]()),
        failures=tuple(failure for tally in tallies for failure in tally.failures),
        slowest_s=slowest.slowest_s,
        slowest=slowest.slowest,
    )


def _keep(failure: Failure, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"seed-{failure.case.seed}-{failure.case.number}"
    (folder / f"{name}{failure.case.suffix}").write_bytes(failure.case.content)
    (folder / f"{name}.txt").write_text(failure.why, encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    main()
