"""The proposed assignment as the ministry looks at it: total and bound, loads, cases with few free experts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from xunshui.review.assignment import AssignmentImpossible
from xunshui.web.programme.assign import Problem, Solution, free_experts, problem_of, propose
from xunshui.web.programme.models import Application, Expert, Round

MOST_SCARCE = 12
_EXACT = 1e-3  # fits are whole numbers; the solver's bound carries rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How many cases an expert has and would get."""

    expert: Expert
    existing: int
    added: int

    @property
    def total(self) -> int:
        """Return both together."""
        return self.existing + self.added


@dataclass(frozen=True, slots=True, kw_only=True)
class Scarce:
    """A case with how many further experts are free for it and how many it still needs."""

    case: Application
    free: int
    needed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An expert for a case."""

    expert: Expert
    case: Application
    fit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What would be assigned now, or in `problem` why nothing can be."""

    pairs: tuple[Pair, ...] = ()
    total: float = 0.0
    bound: float = 0.0
    loads: tuple[Load, ...] = ()
    scarce: tuple[Scarce, ...] = ()
    problem: str = ""

    @property
    def gap(self) -> float:
        """Return how much better an assignment could be at most."""
        return max(self.bound - self.total, 0.0)

    @property
    def is_optimal(self) -> bool:
        """Return whether no better assignment exists."""
        return self.gap <= _EXACT


def proposal_for(round_: Round, *, on: dt.date) -> Proposal:
    """Return the assignment that could be made now; nothing is written."""
    asked = problem_of(round_, on=on)
    try:
        found = propose(round_, asked)
    except AssignmentImpossible as error:
        nothing = Solution(added=(), total=0.0, bound=0.0)
        return Proposal(problem=str(error), loads=_loads(asked, nothing), scarce=_scarce(round_, asked))
    pairs = tuple(
        Pair(expert=asked.experts[row], case=asked.cases[column], fit=asked.fits[row][column])
        for row, column in sorted(found.added, key=lambda pair: (pair[1], pair[0]))
    )
    return Proposal(
        pairs=pairs,
        total=found.total,
        bound=found.bound,
        loads=_loads(asked, found),
        scarce=_scarce(round_, asked),
    )


def _loads(asked: Problem, found: Solution) -> tuple[Load, ...]:
    held, added = Counter(row for row, _ in asked.held), Counter(row for row, _ in found.added)
    loads = [
        Load(expert=expert, existing=held[row], added=added[row]) for row, expert in enumerate(asked.experts)
    ]
    return tuple(sorted(loads, key=lambda load: (-load.total, load.expert.person.name)))


def _scarce(round_: Round, asked: Problem) -> tuple[Scarce, ...]:
    taken = Counter(column for _, column in asked.held)
    rows = [
        Scarce(
            case=case,
            free=free_experts(asked, column) - taken[column],
            needed=max(round_.experts_per_case - taken[column], 0),
        )
        for column, case in enumerate(asked.cases)
    ]
    waiting = [row for row in rows if row.needed]
    return tuple(sorted(waiting, key=lambda row: (row.free - row.needed, row.case.number))[:MOST_SCARCE])
