"""The public catalogue with 2,000 cases, asked 50 times a second: lists, searches, pages of cases, files.

Requests leave on time whether or not earlier ones were answered, so that a slow answer is not hidden by the wait for
it. Every tenth visitor searches for something nobody searched for before.
"""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from statistics import quantiles
from urllib.parse import quote

from bench.published import published_in
from bench.report import Bench
from bench.server import Browser, Server

CASES = 2000
A_SECOND = 50
SECONDS = 20
VISITORS = 16
P95_S = 0.1
CORES = 2


def main() -> None:
    """Run the bench."""
    bench = Bench()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        numbers = published_in(home, CASES)
        server = Server(home, workers=CORES)
        server.start()
        first = _first(server.port)
        asked = ask(server.port, addresses(numbers))
        idle = ask(server.port, ["/help/"] * A_SECOND * 4)
        server.stop()
    seconds = [took for took, _ in asked]
    bench.told(f"first page of {len(numbers):,} cases after a start", first, "s")
    bench.at_most("requests not answered with 200", sum(status != 200 for _, status in asked), 1, "requests")
    cuts = quantiles(seconds, n=100)
    bench.at_most(
        f"p95 of {len(asked):,} requests at {A_SECOND}/s over {len(numbers):,} cases",
        cuts[94],
        P95_S,
        "s",
        beside=f"median {cuts[49]:.3f} s, slowest {max(seconds):.3f} s",
    )
    bench.told(
        "limit: p95 of a page without data at the same rate", quantiles([t for t, _ in idle], n=20)[18], "s"
    )
    bench.end()


def addresses(numbers: list[str]) -> list[str]:
    """Return what visitors ask for, in an order that chance gave."""
    random = Random(0)
    kinds = (
        lambda place: "/catalogue/",
        lambda place: f"/catalogue/?page={random.randint(1, 40)}",
        lambda place: f"/catalogue/?direction=D{random.randint(1, 5)}&page={random.randint(1, 8)}",
        lambda place: f"/catalogue/?body={random.choice(('11', '13', '31', '32', '44'))}",
        lambda place: f"/catalogue/?q=回用 {place}",
        lambda place: f"/catalogue/{random.choice(numbers)}/",
        lambda place: f"/catalogue/{random.choice(numbers)}/",
        lambda place: f"/catalogue/{random.choice(numbers)}/",
        lambda place: f"/catalogue/{random.choice(numbers)}/",
        lambda place: "/catalogue/feed.xml",
    )
    return [kinds[place % len(kinds)](place) for place in range(A_SECOND * SECONDS)]


def ask(port: int, paths: list[str]) -> list[tuple[float, int]]:
    """Ask for the paths on time; return seconds from the moment each was due, and its status."""
    began = time.perf_counter() + 0.2
    with ThreadPoolExecutor(VISITORS) as pool:
        futures = [
            pool.submit(_ask, port, path, began + place / A_SECOND) for place, path in enumerate(paths)
        ]
        return [future.result() for future in futures]


def _ask(port: int, path: str, due: float) -> tuple[float, int]:
    time.sleep(max(0.0, due - time.perf_counter()))
    browser = Browser(port)
    status, _ = browser.get(quote(path, safe="/?=&"))
    browser.close()
    return time.perf_counter() - due, status


def _first(port: int) -> float:
    began = time.perf_counter()
    Browser(port).get("/catalogue/")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
