"""One sample of a network, balanced: every flow with its uncertainty and class, the tests, and who is suspected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xunshui.balance.arrays import Floats
from xunshui.balance.bounds import forward_flows
from xunshui.balance.elimination import LEVEL, Search, search
from xunshui.balance.gross_errors import Candidates
from xunshui.balance.network import Network
from xunshui.balance.reconciliation import Reconciliation
from xunshui.balance.redundancy import Class, Help, classes, detectable_bias, helpful_meters


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A stream's reconciled flow, in the unit of its reading; None where it cannot be told."""

    id: str
    reading: float | None
    sd: float | None
    value: float | None
    u: float | None
    kind: Class
    z: float | None
    detectable_bias: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalTest:
    """Whether the readings fit the balances at all; p is None where nothing is checked."""

    statistic: float
    dof: int
    p: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balanced:
    """A balanced sample; `estimated` is how many of the readings that it checks are no meter's."""

    flows: tuple[Flow, ...]
    test: GlobalTest
    found: Search
    helpful: tuple[Help, ...]
    estimated: int = 0

    @property
    def uncheckable(self) -> tuple[str, ...]:
        """Return the streams whose meters nothing can check."""
        return tuple(flow.id for flow in self.flows if flow.kind is Class.JUST)


def balanced(
    network: Network, values: Floats, sd: Floats, held: Floats | float = 0.0, *, level: float = LEVEL
) -> Balanced:
    """Balance one sample: `values` and `sd` [streams], both NaN where there is no meter; `held` [nodes].

    Raises `NetworkMistake`, `Contradiction` or `NoFlowFits`.
    """
    problem = Reconciliation(network, sd)
    residuals = problem.residuals(values, held)
    statistic = float(problem.statistic(residuals))
    return Balanced(
        flows=_flows(problem, values, held, problem.z(problem.potentials(residuals))),
        test=GlobalTest(
            statistic=statistic,
            dof=problem.dof,
            p=float(problem.p_value(statistic)) if problem.dof else None,
        ),
        found=search(Candidates(problem), residuals, level=level),
        helpful=helpful_meters(network, problem.measured),
    )


def _flows(problem: Reconciliation, values: Floats, held: Floats | float, z: Floats) -> tuple[Flow, ...]:
    columns = (values, problem.sd, forward_flows(problem, values, held), problem.standard_uncertainty, z)
    told = np.stack([*columns, detectable_bias(problem)], axis=1).tolist()
    kinds = classes(problem.network, problem.measured)
    return tuple(
        Flow(
            id=name,
            kind=kind,
            **dict(zip(_NUMBERS, (None if each != each else each for each in row), strict=True)),
        )
        for name, kind, row in zip(problem.network.streams, kinds, told, strict=True)
    )


_NUMBERS = ("reading", "sd", "value", "u", "z", "detectable_bias")
