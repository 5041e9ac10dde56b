"""What every bench shares: time a command, print one line a figure, fail where a target is missed."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

XUNSHUI = (sys.executable, "-m", "xunshui.cli.main")
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long a process took: on the wall, and on the processors with its children."""

    wall: float
    processor: float


def run(*command: str | Path) -> Seconds:
    """Return how long a whole process takes from start to end; its output goes nowhere."""
    before, start = _processor_seconds(), time.perf_counter()
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | ONE_THREAD,
    )
    return Seconds(time.perf_counter() - start, _processor_seconds() - before)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def median_run(*command: str | Path, runs: int) -> Seconds:
    """Return the median of several runs after one that warms the caches."""
    run(*command)
    times = [run(*command) for _ in range(runs)]
    return Seconds(median(row.wall for row in times), median(row.processor for row in times))


def median_call(call: Callable[[], object], *, runs: int) -> float:
    """Return the median seconds of a call in this process."""
    return median(_seconds(call) for _ in range(runs))


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


class Bench:
    """The figures of one bench: each is printed as it is measured, the missed targets are counted."""

    def __init__(self) -> None:
        """Start with no target missed."""
        self._missed: list[str] = []

    def at_most(self, name: str, figure: float, limit: float, unit: str, *, beside: str = "") -> None:
        """Print a figure that must stay below its target."""
        self._print(name, figure, f"< {limit:g}", unit, figure < limit, beside)

    def at_least(self, name: str, figure: float, limit: float, unit: str, *, beside: str = "") -> None:
        """Print a figure that must reach its target."""
        self._print(name, figure, f"≥ {limit:g}", unit, figure >= limit, beside)

    def told(self, name: str, figure: float, unit: str, *, beside: str = "") -> None:
        """Print a figure that has no target, such as a peer's."""
        print(_line(name, figure, unit, "", beside), flush=True)

    def end(self) -> None:
        """End the process: exit code 1 where a target was missed."""
        sys.exit(1 if self._missed else 0)

    def _print(self, name: str, figure: float, target: str, unit: str, met: bool, beside: str) -> None:
        if not met:
            self._missed.append(name)
        verdict = f"target {target} {unit} {'met' if met else 'MISSED'}"
        print(_line(name, figure, unit, verdict, beside), flush=True)


def _line(name: str, figure: float, unit: str, *notes: str) -> str:
    return "; ".join((f"{name}: {_shown(figure)} {unit}", *filter(None, notes)))


def _shown(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"


def several(parts: Sequence[float]) -> str:
    """Return figures side by side, for a line's notes.

    >>> several([0.12345, 210.4])
    '0.123, 210'
    """
    return ", ".join(map(_shown, parts))
