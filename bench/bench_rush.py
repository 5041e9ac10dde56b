"""The last hour: 300 applicants save and hand in at once, against gunicorn on two cores; none lost, none doubled."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from bench.applicants import Applicant, applicants_in
from bench.records import background_of, rows, versions_of
from bench.report import Bench
from bench.server import Browser, Server

APPLICANTS = 300
SAVES = 2
CORES = 2
P95_S = 2.0
THINKING_S = 5.0
"""How long a person takes between two acts; nobody saves twice in a second."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: how long it took and whether it was answered with yes."""

    seconds: float
    accepted: bool


def main() -> None:
    """Run the bench."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    bench = Bench()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        applicants = applicants_in(home, APPLICANTS)
        server = Server(home, workers=CORES)
        server.start()
        began = time.perf_counter()
        asked = rush(server.port, applicants)
        took = time.perf_counter() - began
        server.stop()
        _tell(bench, home, applicants, asked, took)
    bench.end()


def rush(port: int, applicants: list[Applicant]) -> list[Asked]:
    """Let every applicant act at once, each in a thread of its own; return all requests."""
    asked: list[Asked] = []
    start = threading.Barrier(len(applicants))
    threads = [
        threading.Thread(target=_act, args=(port, applicant, place, start, asked))
        for place, applicant in enumerate(applicants)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return asked


def _act(port: int, applicant: Applicant, place: int, start: threading.Barrier, asked: list[Asked]) -> None:
    browser = Browser(port, session=applicant.session)
    start.wait()
    # People do not press in the same millisecond; they spread over the time they think between two acts.
    time.sleep(THINKING_S * place / APPLICANTS)
    for number in range(1, SAVES + 1):
        answers = {"version": str(number), "background": f"save {number}"} | NARRATIVE
        asked.append(_timed(browser, f"/apply/{applicant.number}/s/narrative/", answers))
        # A server does not keep a connection open for someone who thinks; a browser then makes a new one.
        browser.close()
        time.sleep(THINKING_S)
    asked.append(_timed(browser, f"/apply/{applicant.number}/commit/", {}))
    # Pressed twice, as people do.
    asked += [_timed(browser, f"/apply/{applicant.number}/submit/", {}) for _ in range(2)]


NARRATIVE = dict.fromkeys(
    (
        "practice",
        "innovation",
        "effect",
        "spread",
        "abstract_background",
        "abstract_practice",
        "abstract_effect",
    ),
    "分质回用，串联使用，浓水用于抑尘。",
)


def _timed(browser: Browser, path: str, fields: dict[str, str]) -> Asked:
    if "csrftoken" not in browser.cookies:
        browser.get("/help/")
    began = time.perf_counter()
    status, _ = browser.post(path, fields)
    return Asked(time.perf_counter() - began, status == 302)


def _tell(bench: Bench, home: Path, applicants: list[Applicant], asked: list[Asked], took: float) -> None:
    numbers = [row.number for row in applicants]
    lost = [
        number for number in numbers if background_of(home, number) != SAVES or versions_of(home, number) < 1
    ]
    doubled = [number for number in numbers if versions_of(home, number) > 1]
    lines = rows(home, "SELECT count(*) FROM trail_entry WHERE act = 'application.submit'")[0][0]
    bench.told(f"{APPLICANTS} applicants, {len(asked)} requests", len(asked) / took, "requests/s")
    bench.at_most("requests refused", sum(not row.accepted for row in asked), 1, "requests")
    bench.at_most("applications lost", len(lost), 1, "applications")
    bench.at_most("applications doubled", len(doubled) + abs(lines - len(numbers)), 1, "applications")
    cuts = quantiles((row.seconds for row in asked), n=100)
    bench.at_most("p95 of a request", cuts[94], P95_S, "s", beside=f"median {cuts[49]:.3f} s")


if __name__ == "__main__":
    main()
