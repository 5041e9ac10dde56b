"""How many people can keep a site's home open while its meters report: polls every ten seconds, page by page and in all.

The plant of the demo is simulated over all its protocols and the gateway runs: 35 loggers, 70 meters, on the same
processors as the server and the people.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles

from bench.report import Bench
from bench.server import Browser, Server
from bench.watchers import EVERY_S, Told

PERSON = "applicant"
CORES = 2
SESSIONS = 20
LEAST_PEOPLE = 100
P95_S = 0.5
PAGE_S = 0.3
WATCH_S = 60.0
COUNTS = (100, 300, 600, 1000, 1500, 2000)
CAUGHT_UP, PATIENCE_S = "历史已补传", 240.0


def main() -> None:
    """Run the bench."""
    bench = Bench()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "home", workers=CORES, sensing=True)
        try:
            server.start(patience_s=PATIENCE_S)
            _caught_up(server)
            sessions = [_entered(server.port) for _ in range(SESSIONS)]
            _pages(bench, server.port, sessions[0])
            _crowds(bench, server.port, sessions)
        finally:
            server.stop()
    bench.end()


def _pages(bench: Bench, port: int, session: str) -> None:
    """Tell how long the page takes once its year has been judged in every process."""
    browser = Browser(port, session=session)
    deadline = time.monotonic() + PATIENCE_S
    judged = 0
    while judged < 2 * CORES * 4 and time.monotonic() < deadline:
        judged = judged + 1 if "结论与依据" in browser.get("/sites/1/")[1] else 0
        time.sleep(0.1)
    for view in ("graph", "sankey", "table"):
        browser.get(f"/sites/1/?view={view}")
        seconds = [_seconds(browser, f"/sites/1/?view={view}") for _ in range(40)]
        cut = quantiles(seconds, n=20)[18]
        bench.at_most(f"home as {view}, p95", 1e3 * cut, 1e3 * PAGE_S, "ms", beside=_slowest(seconds))
    browser.close()


def _crowds(bench: Bench, port: int, sessions: list[str]) -> None:
    """Tell p95 for more and more people until it is too long."""
    watched(port, LEAST_PEOPLE, sessions)  # what is read once an hour is read now
    _noise(bench, port, sessions[0])
    carried = 0
    for count in COUNTS:
        told = watched(port, count, sessions)
        cut = _p95(told)
        bench.told(f"{count} people, p95 of a poll", 1e3 * cut, "ms", beside=_words(told))
        if cut >= P95_S or told.failed:
            break
        carried = count
    bench.at_least(f"people carried with p95 < {P95_S:g} s", carried, LEAST_PEOPLE, "people")
    plain = watched(port, LEAST_PEOPLE, sessions, plain=True)
    beside = f"no 204 answers; {_words(plain)}"
    bench.told(f"{LEAST_PEOPLE} people, whole pages always, p95", 1e3 * _p95(plain), "ms", beside=beside)


def _noise(bench: Bench, port: int, session: str) -> None:
    """Tell how long a page without data takes at the rate of the fewest people: what this machine gives just now."""
    browser, seconds = Browser(port, session=session), []
    for _ in range(200):
        seconds.append(_seconds(browser, "/help/"))
        time.sleep(EVERY_S / LEAST_PEOPLE)
    browser.close()
    cut = quantiles(seconds, n=20)[18]
    bench.told("a page without data at 10/s, p95", 1e3 * cut, "ms", beside=_slowest(seconds))


def watched(port: int, count: int, sessions: list[str], *, plain: bool = False) -> Told:
    """Return what so many people met, in a process of their own."""
    command = [sys.executable, "-m", "bench.watchers", str(port), str(count), str(WATCH_S), str(int(plain))]
    done = subprocess.run([*command, *sessions], check=True, capture_output=True, text=True)
    return Told(**json.loads(done.stdout))


def _p95(told: Told) -> float:
    return quantiles(told.seconds, n=20)[18] if len(told.seconds) > 1 else float("inf")


def _words(told: Told) -> str:
    polls = len(told.seconds)
    return (
        f"{polls / WATCH_S:.0f} polls/s, {100 * told.unchanged / max(polls, 1):.0f} % unchanged, "
        f"{told.received / max(polls, 1) / 1024:.1f} KiB each, {told.failed} failed, {_slowest(told.seconds)}"
    )


def _slowest(seconds: list[float]) -> str:
    return f"slowest {1e3 * max(seconds, default=0.0):.0f} ms"


def _seconds(browser: Browser, path: str) -> float:
    start = time.perf_counter()
    status, _ = browser.get(path)
    assert status == 200
    return time.perf_counter() - start


def _entered(port: int) -> str:
    browser = Browser(port)
    browser.enter_as(PERSON)
    browser.close()
    return browser.cookies["sessionid"]


def _caught_up(server: Server) -> None:
    """Wait until the simulated past has been told."""
    deadline = time.monotonic() + PATIENCE_S
    while CAUGHT_UP not in server.log and time.monotonic() < deadline:
        time.sleep(0.5)


if __name__ == "__main__":
    main()
