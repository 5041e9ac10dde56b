"""One damaged file through the real command line, and what came of it."""

from __future__ import annotations

import signal
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from types import FrameType

from click.testing import CliRunner, Result

from tools.fuzz.json_files import damaged_json
from tools.fuzz.workbooks import damaged_workbook
from xunshui.cli.main import cli
from xunshui.site import read_site, site_as_json, write_site
from xunshui.site.templates import names, template

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ALLOWED_S = 5
FORMS = (".json", ".xlsx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One damaged file; the seed and the number are all it takes to make it again."""

    seed: int
    number: int
    suffix: str
    content: bytes
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A run that did not end as it must, and why."""

    case: Case
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many runs ended with each exit code, those that must not end so, and the longest one."""

    codes: Counter[int]
    failures: tuple[Failure, ...]
    slowest_s: float
    slowest: int


def case(seed: int, number: int) -> Case:
    """Return the damaged file of that seed and number: JSON and workbooks in turn."""
    random = Random(f"{seed}:{number}")
    suffix = FORMS[number % 2]
    base = random.choice(_bases())
    if suffix == ".json":
        content = damaged_json(random, base)
    else:
        content = damaged_workbook(random, _as_workbook(base))
    arguments = random.choice(
        (("assess", "--json"), ("assess",), ("assess", "--option", "deciding_year=every"))
    )
    return Case(seed=seed, number=number, suffix=suffix, content=content, arguments=arguments)


@cache
def _bases() -> tuple[str, ...]:
    examples = [site_as_json(read_site(file)) for file in sorted(EXAMPLES.glob("*.json"))]
    return (*examples, *(site_as_json(template(name)) for name in names()))


@cache
def _as_workbook(base: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "site.json", Path(folder) / "site.xlsx"
        source.write_text(base, encoding="utf-8")
        write_site(read_site(source), target)
        return target.read_bytes()


def run(seed: int, numbers: Iterable[int]) -> Tally:
    """Run these cases and return how they ended."""
    codes: Counter[int] = Counter()
    failures, slowest = [], (0.0, 0)
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            damaged = case(seed, number)
            file = Path(folder) / f"case{damaged.suffix}"
            file.write_bytes(damaged.content)
            start = time.perf_counter()
            code, why = _ending([damaged.arguments[0], str(file), *damaged.arguments[1:]])
            slowest = max(slowest, (time.perf_counter() - start, number))
            codes[code] += 1
            if why:
                failures.append(Failure(case=damaged, why=why))
    return Tally(codes=codes, failures=tuple(failures), slowest_s=slowest[0], slowest=slowest[1])


def _ending(arguments: list[str]) -> tuple[int, str]:
    """Return the exit code of a run, and why it should not have ended so."""
    # A warning would reach the user's terminal beside the answer; here it counts as a traceback.
    with warnings.catch_warnings(), _within(ALLOWED_S):
        warnings.simplefilter("error")
        try:
            result = CliRunner().invoke(cli, arguments)
        except TooSlow as error:
            return -1, str(error)
    return result.exit_code, _why_wrong(result)


class TooSlow(BaseException):
    """A run that took longer than it may; not an `Exception`, which a reader could take for a damaged file."""


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"more than {seconds:g} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _why_wrong(result: Result) -> str:
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return "".join(traceback.format_exception(result.exception))
    if result.exit_code not in (0, 2):
        return f"exit code {result.exit_code}"
    if "Traceback (most recent call last)" in result.output:
        return f"a traceback was printed:\n{result.output}"
    if result.exit_code == 2 and not result.stderr.strip():
        return "exit code 2 without a message"
    return ""
