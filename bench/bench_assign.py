"""Assigning 60 experts to 400 cases, 3 a case and at most 25 an expert, beside two solvers that prove its limit.

The peers solve less: `linear_sum_assignment` may give a case one expert several times (each expert is 25 rows, each
case 3 columns), so its total is a bound; the linear programme may split an expert.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import coo_array

from bench.report import Bench
from xunshui.review.assignment import Assignment, assign

EXPERTS, CASES, PER_CASE, LOAD = 60, 400, 3, 25
CONFLICTS = 0.05
TARGET_S = 10.0
NAME = f"assign {EXPERTS} experts × {CASES} cases, {PER_CASE} a case, load {LOAD}"

Pairs = list[tuple[int, int]]


def main() -> None:
    """Run the bench."""
    bench, chance = Bench(), np.random.default_rng(2024)
    marks = chance.integers(0, 7, (EXPERTS, CASES)).astype(np.float64)
    for kind, fit in (("whole marks 0–6", marks), ("fits of any size", chance.random((EXPERTS, CASES)))):
        forbidden = _conflicts(chance)
        start = time.perf_counter()
        found = assign(fit.tolist(), per_case=PER_CASE, load=LOAD, forbidden=forbidden)
        seconds = time.perf_counter() - start
        bench.at_most(f"{NAME}, {kind}", seconds, TARGET_S, "s", beside=_beside(found, fit, forbidden))
        gap = (found.total_bound - found.total) / found.total
        bench.at_most(f"its gap to the proven bound, {kind}", gap, 1e-6, "of the total")
    bench.end()


def _conflicts(chance: np.random.Generator) -> Pairs:
    rows, columns = np.nonzero(chance.random((EXPERTS, CASES)) < CONFLICTS)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _beside(found: Assignment, fit: NDArray[np.float64], forbidden: Pairs) -> str:
    allowed = fit.copy()
    allowed[tuple(zip(*forbidden, strict=True))] = -1e6
    copies, copied = _timed(_of_copies, allowed)
    linear, solved = _timed(_of_parts, allowed)
    return (
        f"total {found.total:.6g}, bound {found.total_bound:.6g}; "
        f"peer linear_sum_assignment of copies {copied:.2f} s, {copies:.6g}; "
        f"limit by the linear programme {solved:.2f} s, {linear:.6g}"
    )


def _timed(solve: Callable[[NDArray[np.float64]], float], fit: NDArray[np.float64]) -> tuple[float, float]:
    start = time.perf_counter()
    return solve(fit), time.perf_counter() - start


def _of_copies(fit: NDArray[np.float64]) -> float:
    wide = np.repeat(np.repeat(fit, LOAD, axis=0), PER_CASE, axis=1)
    return float(wide[linear_sum_assignment(wide, maximize=True)].sum())


def _of_parts(fit: NDArray[np.float64]) -> float:
    loads = coo_array(np.kron(np.eye(EXPERTS), np.ones(CASES)))
    teams = coo_array(np.kron(np.ones(EXPERTS), np.eye(CASES)))
    solved = milp(
        -fit.ravel(),
        constraints=[LinearConstraint(loads, 0, LOAD), LinearConstraint(teams, PER_CASE, PER_CASE)],
        bounds=Bounds(0, 1),
    )
    assert solved.fun is not None
    return -float(solved.fun)


if __name__ == "__main__":
    main()
