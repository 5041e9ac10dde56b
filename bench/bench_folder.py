"""A folder of 1,000 sites of thirty streams and three years: sites a second for each core.

The limits measured beside it, on one core and in this process: `json.loads` of the same files alone,
and pydantic's structural validation of what it gives.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench.report import XUNSHUI, Bench, Seconds, median_call, median_run
from bench.sites import plant
from xunshui.site import write_site
from xunshui.site.structure import site_of_raw

SITES = 1000
STREAMS = 30
RUNS = 3
TARGET_PER_CORE = 100


def main() -> None:
    """Run the bench."""
    bench, cores = Bench(), os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed in range(SITES):
            write_site(plant(STREAMS, seed), folder / f"plant-{seed:04}.json")
        _tell(bench, "one process (--jobs 1)", _assess(folder, jobs=1), 1)
        _tell(bench, f"all {cores} cores", _assess(folder, jobs=cores), cores)
        _tell_limits(bench, sorted(folder.iterdir()))
    bench.end()


def _assess(folder: Path, *, jobs: int) -> Seconds:
    return median_run(*XUNSHUI, "assess", folder, "--json", "--jobs", str(jobs), runs=RUNS)


def _tell(bench: Bench, how: str, seconds: Seconds, cores: int) -> None:
    bench.at_least(
        f"xunshui assess of {SITES:,} sites, {STREAMS} streams × 3 years, {how}, whole process, median of {RUNS}",
        SITES / seconds.wall / cores,
        TARGET_PER_CORE,
        "sites/s per core",
        beside=f"{seconds.wall:.2f} s on the wall, {SITES / seconds.processor:.0f} sites per processor second",
    )


def _tell_limits(bench: Bench, files: list[Path]) -> None:
    texts = [file.read_bytes() for file in files]
    loaded = [json.loads(text) for text in texts]
    parsed = median_call(lambda: _each(json.loads, texts), runs=RUNS)
    validated = median_call(lambda: _each(site_of_raw, loaded), runs=RUNS)
    bench.told("limit: json.loads of the same files alone", SITES / parsed, "sites/s per core")
    bench.told("limit: pydantic's structural validation alone", SITES / validated, "sites/s per core")


def _each(work: Callable[[Any], object], items: Iterable[Any]) -> None:
    # Nothing is kept: a thousand results at once would be searched for garbage over and over.
    for item in items:
        work(item)


if __name__ == "__main__":
    main()
