"""A folder of 1,000 sites of thirty streams and three years: sites a second for each core.

Told as a person asks for it, a line a site, and as JSON with every figure, 50 kB a site. The limits measured
beside it: `json.loads` of the same files alone, pydantic's structural validation of what it gives, and how much
of itself this machine keeps when both cores are at work (two processes that share nothing).
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
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
        for form in ((), ("--json",)):
            how = " ".join(form) or "a line a site"
            _tell(bench, f"{how}, --jobs 1", _assess(folder, form, jobs=1), 1)
            _tell(bench, f"{how}, all {cores} cores", _assess(folder, form, jobs=cores), cores)
        _tell_limits(bench, sorted(folder.iterdir()))
    bench.told("limit: speed a core keeps with all cores at work", _kept(cores) * 100, "%")
    bench.end()


def _assess(folder: Path, form: tuple[str, ...], *, jobs: int) -> Seconds:
    return median_run(*XUNSHUI, "assess", folder, *form, "--jobs", str(jobs), runs=RUNS)


def _kept(cores: int) -> float:
    """Return how fast a core is beside busy neighbours, as a share of its speed alone."""
    alone = _count(0)
    with ProcessPoolExecutor(cores) as executor:
        together = list(executor.map(_count, range(cores)))
    return alone / (sum(together) / cores)


def _count(_: int) -> float:
    return median_call(lambda: sum(number % 7 for number in range(5_000_000)), runs=RUNS)


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
