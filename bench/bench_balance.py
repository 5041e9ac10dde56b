"""Reconciliation on networks of 2,000 and 20,000 streams, beside OSQP on the same problem; and a year of hours.

OSQP gets the problem as it stands: every stream measured, weighted squares, balances as equations, no flow below zero. Its
tolerance is that of a balance that closes to 1e-9; ours closes to rounding. It is told once more without the bounds.
The whole work has one stream in ten unmeasured, so that flows found by difference have to be kept from running backwards.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
import warnings

import numpy as np
import osqp
from scipy.sparse import csc_array, csc_matrix, diags_array, eye_array, vstack

from bench.graphs import Graph, Kind, graph
from bench.report import Bench, median_call, several
from xunshui.balance import Candidates, Floats, Reconciliation, forward_flows

SEEDS = (1, 2, 3)
KINDS: tuple[Kind, ...] = ("plant", "random")
TOLERANCE = 1e-9
TIMES_FASTER = 3.0
LIMITS_S = {2_000: 0.5, 20_000: 15.0}
MEMORY_MB = 1024.0
HOURS, SITE_STREAMS, YEAR_S = 8_760, 200, 3.0
RUNS = {2_000: 5, 20_000: 1}
OSQP_SECONDS = 10.0
"""OSQP is stopped after so long; it then counts as that fast, and the line says so."""


def main() -> None:
    """Run the bench; with an argument, measure one whole run in this process and print what it took."""
    if len(sys.argv) > 1:
        _whole(int(sys.argv[1]), "plant" if sys.argv[2] == "plant" else "random", int(sys.argv[3]))
        return
    warnings.filterwarnings("ignore", module="osqp")
    bench = Bench()
    for streams in LIMITS_S:
        for kind in KINDS:
            _beside_osqp(bench, streams, kind)
            _with_everything(bench, streams, kind)
    _year(bench)
    bench.end()


def _beside_osqp(bench: Bench, streams: int, kind: Kind) -> None:
    ours, theirs, unbounded, notes = [], [], [], []
    for seed in SEEDS:
        given = graph(streams, kind, seed, unmeasured=0.0)
        ours.append(median_call(lambda given=given: _reconcile(given), runs=RUNS[streams]))  # type: ignore[misc]  # bound now
        seconds, note = _osqp(given, bounds=True)
        theirs.append(seconds)
        unbounded.append(_osqp(given, bounds=False)[0])
        notes.append(note)
    ratio = min(their / own for their, own in zip(theirs, ours, strict=True))
    bench.at_least(
        f"{streams:,} streams, {kind}: reconciliation against OSQP, the worst of seeds 1–3",
        ratio,
        TIMES_FASTER,
        "times faster",
        beside=f"ours {several(ours)} s; OSQP {several(theirs)} s ({'; '.join(dict.fromkeys(notes))}); "
        f"without bounds OSQP {several(unbounded)} s",
    )


def _reconcile(given: Graph) -> Floats:
    return forward_flows(Reconciliation(given.network, given.sd), given.readings)


def _osqp(given: Graph, *, bounds: bool) -> tuple[float, str]:
    """Return how long OSQP takes, set-up included, and how it ended; its matrices are made beforehand."""
    measured = ~np.isnan(given.sd)
    weight = np.where(measured, 1 / np.where(measured, given.sd, 1.0) ** 2, 0.0)
    balances = csc_matrix(given.network.incidence())
    nodes, streams = balances.shape
    rows, low, high = balances, np.zeros(nodes), np.zeros(nodes)
    if bounds:
        rows = csc_matrix(vstack([csc_array(balances), eye_array(streams)]))
        low, high = np.zeros(nodes + streams), np.append(high, np.full(streams, np.inf))
    squares = csc_matrix(diags_array(weight))
    linear = -weight * np.where(measured, given.readings, 0.0)
    start = time.perf_counter()
    solver = osqp.OSQP()
    solver.setup(
        squares,
        linear,
        rows,
        low,
        high,
        eps_abs=TOLERANCE,
        eps_rel=TOLERANCE,
        verbose=False,
        max_iter=200_000,
        time_limit=OSQP_SECONDS,
    )
    told = solver.solve(raise_error=False)
    return time.perf_counter() - start, str(told.info.status)


def _with_everything(bench: Bench, streams: int, kind: Kind) -> None:
    """Measure each seed in a process of its own, for its memory."""
    seconds, memory = [], []
    for seed in SEEDS:
        command = [sys.executable, "-m", "bench.bench_balance", str(streams), kind, str(seed)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        seconds.append(float(told[0]))
        memory.append(float(told[1]))
    name = f"{streams:,} streams, {kind}: with all variances, bias and leak tests"
    bench.at_most(name, max(seconds), LIMITS_S[streams], "s", beside=several(seconds))
    bench.at_most(f"{name}, memory", max(memory), MEMORY_MB, "MB")


def _whole(streams: int, kind: Kind, seed: int) -> None:
    given = graph(streams, kind, seed)
    start = time.perf_counter()
    problem = Reconciliation(given.network, given.sd)
    forward_flows(problem, given.readings)
    potentials = problem.potentials(problem.residuals(given.readings))
    uncertainty = problem.standard_uncertainty
    tests = Candidates(problem).statistic(potentials)
    seconds = time.perf_counter() - start
    assert np.isfinite(uncertainty[~problem.hidden]).all() and np.isfinite(tests).all()
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _year(bench: Bench) -> None:
    """A year of hours of one site: flows, global test and every meter's z for each hour, every flow's uncertainty."""
    given = graph(SITE_STREAMS, "plant", 1)
    chance = np.random.default_rng(5)
    hours = given.true + np.nan_to_num(given.sd) * chance.normal(size=(HOURS, SITE_STREAMS))

    def year() -> None:
        problem = Reconciliation(given.network, given.sd)
        residuals = problem.residuals(hours)
        potentials = problem.potentials(residuals)
        problem.flows(hours)
        problem.p_value(problem.statistic(residuals))
        problem.z(potentials)
        Candidates(problem).statistic(potentials)
        assert problem.standard_uncertainty.shape == (SITE_STREAMS,)

    bench.at_most(f"{HOURS:,} samples × {SITE_STREAMS} streams", median_call(year, runs=3), YEAR_S, "s")


if __name__ == "__main__":
    main()
