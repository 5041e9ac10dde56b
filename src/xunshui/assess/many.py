"""Assess many files, spread over any `concurrent.futures` executor."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from xunshui.assess.assessment import Assessment, assess
from xunshui.register import Overlay
from xunshui.site import SiteFileInvalid, read_site

Shape = TypeVar("Shape")
FILES_AT_ONCE = 16
"""Small enough that progress is seen, large enough that sending work costs little."""


def settle_worker() -> None:
    """Spare a worker process the search for garbage among what it has imported; an assessment makes no circles."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file: its assessment, or the mistakes in it."""

    file: str
    assessment: Assessment | None
    mistakes: str = ""


def assess_many(
    files: Sequence[Path],
    executor: Executor,
    shape: Callable[[Outcome], Shape],
    *,
    readings: Mapping[str, str] | None = None,
    overlay: Overlay | None = None,
    told: Callable[[int], None] = lambda done: None,
) -> Iterator[Shape]:
    """Yield the `shape` of every file's outcome, in the order of `files`; `told` hears how many more are done.

    The executor's own processes give the outcome its shape, so that only what is shown travels back.
    """
    batches = [files[start : start + FILES_AT_ONCE] for start in range(0, len(files), FILES_AT_ONCE)]
    work = partial(_assess_batch, shape=shape, readings=readings, overlay=overlay)
    futures = [executor.submit(work, batch) for batch in batches]
    sizes = dict(zip(futures, map(len, batches), strict=True))
    for future in as_completed(futures):
        told(sizes[future])
    for future in futures:
        yield from future.result()


def _assess_batch(
    files: Sequence[Path],
    *,
    shape: Callable[[Outcome], Shape],
    readings: Mapping[str, str] | None,
    overlay: Overlay | None,
) -> list[Shape]:
    return [shape(_assess_file(file, readings, overlay)) for file in files]


def _assess_file(file: Path, readings: Mapping[str, str] | None, overlay: Overlay | None) -> Outcome:
    try:
        assessment = assess(read_site(file), readings=readings, overlay=overlay)
    except SiteFileInvalid as error:
        return Outcome(file=file.name, assessment=None, mistakes=str(error))
    return Outcome(file=file.name, assessment=assessment)
