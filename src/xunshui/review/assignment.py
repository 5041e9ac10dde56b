"""Assign experts to cases: the largest total fit within loads and without conflicts, with its proven bound."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

Pair = tuple[int, int]
"""Expert and case, by their rows and columns in the fits."""

INFEASIBLE = 2
TIME_UP = 1
MOST_TOLD = 8
LARGEST_FIT = 1e9
"""Solvers count in doubles and take a difference of a millionth for none: fits have to be of one scale."""


class AssignmentInvalid(ValueError):
    """Input that is no assignment problem; the text names every mistake."""


class AssignmentImpossible(Exception):
    """No assignment satisfies what is asked; the text says what stands in the way and what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The pairs, their total fit, and the proven bound that no assignment can exceed."""

    pairs: tuple[Pair, ...]
    total: float
    total_bound: float


def assign(
    fit: Sequence[Sequence[float]],
    *,
    per_case: int,
    load: int,
    forbidden: Iterable[Pair] = (),
    time_limit_s: float = 60.0,
) -> Assignment:
    """Return the assignment of largest total fit: `per_case` experts a case, at most `load` cases an expert.

    Rows of `fit` are experts, columns cases. Solved as an integer programme by HiGHS; where the time is up the
    best assignment found comes with a bound above its total. Raises `AssignmentInvalid`, `AssignmentImpossible`.

    >>> assign([[3, 1], [2, 4], [1, 1]], per_case=1, load=1).pairs
    ((0, 0), (1, 1))
    """
    barred = frozenset(forbidden)
    mistakes = mistakes_in(fit, per_case=per_case, load=load, forbidden=barred)
    if mistakes:
        raise AssignmentInvalid("；".join(mistakes))
    fits = np.array(fit, dtype=np.float64)
    if fits.shape[1] == 0:
        return Assignment(pairs=(), total=0.0, total_bound=0.0)
    _refuse_obvious(fits.shape, per_case, load, barred)
    # Nobody can have more cases than there are, and a number of any length is not one the solver counts with.
    return _solved(fits, per_case, min(load, fits.shape[1]), barred, time_limit_s)


def _solved(
    fits: NDArray[np.float64], per_case: int, load: int, barred: frozenset[Pair], time_limit_s: float
) -> Assignment:
    free = [(row, column) for row, column in np.ndindex(*fits.shape) if (row, column) not in barred]
    # The solver's tolerances are absolute: a largest fit of 1 puts every table on the scale they are meant for.
    scale = float(np.abs(fits).max()) or 1.0
    values = np.array([fits[pair] for pair in free]) / scale
    cases, experts = _sums(free, 1, fits.shape[1]), _sums(free, 0, fits.shape[0])
    result = milp(
        -values,
        constraints=[LinearConstraint(cases, per_case, per_case), LinearConstraint(experts, 0, load)],
        integrality=np.ones(len(free), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"time_limit": time_limit_s, "mip_rel_gap": 0.0},
    )
    if result.x is None:
        raise AssignmentImpossible(_why(result.status, time_limit_s))
    chosen = tuple(pair for pair, taken in zip(free, result.x, strict=True) if taken > 0.5)
    total = math.fsum(float(fits[pair]) for pair in chosen)
    proven = min(-float(result.mip_dual_bound) * scale, _sum_of_best(fits, per_case))
    return Assignment(pairs=chosen, total=total, total_bound=max(total, proven))


def _sum_of_best(fits: NDArray[np.float64], per_case: int) -> float:
    """Return a bound that needs no solver: every case gets its best experts, whatever their load."""
    return math.fsum(np.sort(fits, axis=0)[-per_case:].ravel().tolist())


def _sums(free: list[Pair], axis: int, size: int) -> coo_array:
    """Return the matrix that sums the pairs of each expert (axis 0) or of each case (axis 1)."""
    rows = [pair[axis] for pair in free]
    return coo_array((np.ones(len(free)), (rows, range(len(free)))), shape=(size, len(free)))


def _why(status: int, time_limit_s: float) -> str:
    if status == TIME_UP:
        return f"{time_limit_s:g} 秒内没有找到可行的分配；放宽时限、增加专家或每位专家的案例数"
    if status == INFEASIBLE:
        return (
            "每个案例可用的专家各自够数，但合在一起排不开（同几位专家被多个案例争用）；"
            "增加专家或每位专家的案例数"
        )
    return "求解没有给出结果；请检查 fit 的数值是否相差悬殊"


def mistakes_in(
    fit: Sequence[Sequence[float]], *, per_case: int, load: int, forbidden: Iterable[Pair] = ()
) -> list[str]:
    """Return everything that makes the input no assignment problem, each in a sentence.

    >>> mistakes_in([[1.0], [2.0]], per_case=1, load=1, forbidden=[(2, 0)])
    ['forbidden 的 [2, 0] 超出范围（2 位专家、1 个案例，从 0 数起）']
    """
    size = len(fit), max((len(row) for row in fit), default=0)
    return [
        *_wrong_shape(fit),
        *_wrong_numbers(per_case, load),
        *_wrong_values(fit),
        *_wrong_pairs(forbidden, size),
    ]


def _wrong_shape(fit: Sequence[Sequence[float]]) -> Iterator[str]:
    widths = [len(row) for row in fit]
    if len(set(widths)) != 1:
        told = f"，现为 {'、'.join(map(str, widths[:MOST_TOLD]))} 列" if widths else ""
        yield f"fit 应是一张矩形的表：每位专家一行，各行案例数相同{told}"


def _wrong_numbers(per_case: int, load: int) -> Iterator[str]:
    if per_case < 1 or load < 1:
        yield f"每案专家数 {per_case} 和每位专家案例数 {load} 都应不小于 1"


def _wrong_values(fit: Sequence[Sequence[float]]) -> Iterator[str]:
    wrong = (
        f"fit 的 [{row}, {column}] 是 {value:g}；应为 ±{LARGEST_FIT:g} 以内的数"
        for row, line in enumerate(fit)
        for column, value in enumerate(line)
        if not abs(value) <= LARGEST_FIT
    )
    return islice(wrong, MOST_TOLD)


def _wrong_pairs(forbidden: Iterable[Pair], size: tuple[int, int]) -> Iterator[str]:
    wrong = (
        f"forbidden 的 [{row}, {column}] 超出范围（{size[0]} 位专家、{size[1]} 个案例，从 0 数起）"
        for row, column in sorted(set(forbidden))
        if not (0 <= row < size[0] and 0 <= column < size[1])
    )
    return islice(wrong, MOST_TOLD)


def _refuse_obvious(shape: tuple[int, ...], per_case: int, load: int, barred: frozenset[Pair]) -> None:
    experts, cases = shape
    if experts * load < cases * per_case:
        raise AssignmentImpossible(
            f"{cases} 个案例各需 {per_case} 位，共 {cases * per_case} 人次；"
            f"{experts} 位专家每人最多 {load} 个，只有 {experts * load} 人次"
        )
    if experts < per_case:
        raise AssignmentImpossible(
            f"每案需 {per_case} 位专家，名单里只有 {experts} 位；增加专家或减少每案专家数"
        )
    taken = [0] * cases
    for _, column in barred:
        taken[column] += 1
    short = [(column, experts - count) for column, count in enumerate(taken) if experts - count < per_case]
    if short:
        told = "、".join(f"案例 {column}（只有 {count} 位可用）" for column, count in short[:8])
        raise AssignmentImpossible(f"回避之后专家不够，每案需 {per_case} 位：{told}")
