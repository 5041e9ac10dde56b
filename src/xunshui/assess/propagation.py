"""Figures at the reconciled flows of a period, with their standard uncertainty (GUM 5.1.2, 5.2.2).

    u²(f) = gᵀ C g,    g = ∂f / ∂flow at the reconciled flows, C their covariance

Only flows are uncertain: output, value added and energy are taken as exact, and so is what tanks took in.
g is an exact difference over a billionth of a cubic metre: figures are quotients of sums, so smooth that this is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import numpy as np
from scipy.sparse import csr_array

from xunshui.balance import Balanced, Floats, Flow, Reconciliation, SiteNetwork, Volumes
from xunshui.indicators.at_flows import Flows, Moved
from xunshui.site.graph import Stream
from xunshui.site.model import Site

Key = TypeVar("Key", bound=Hashable)
STEP_M3 = Fraction(1, 10**9)
ROUNDING = 1e-6
"""Of a meter's standard uncertainty: a correction so small is rounding, and the reading stands exactly."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure at the reconciled flows with its standard uncertainty."""

    value: Fraction
    u: float


def reconciled_flows(site: Site, period: str, balanced: Balanced) -> dict[str, Fraction]:
    """Return the reconciled flows [m³] of the site's streams, those that can be told."""
    told = {flow.id: flow for flow in balanced.flows}
    exact = {row.id: _exact(row, period, told[row.id]) for row in site.streams}
    return {name: flow for name, flow in exact.items() if flow is not None}


def _exact(stream: Stream, period: str, flow: Flow) -> Fraction | None:
    if flow.value is None:
        return None
    if flow.reading is not None and abs(flow.value - flow.reading) <= ROUNDING * (flow.sd or 0.0):
        return Fraction(stream.volume_m3[period])
    return Fraction(flow.value)


def propagated(
    network: SiteNetwork, flows: Flows, figures: Callable[[Volumes], Mapping[Key, Fraction]]
) -> dict[Key, Estimate]:
    """Return what `figures` makes of the reconciled `flows` of a network, with the standard uncertainties.

    A figure that rests on a flow which nothing tells is left out.
    """
    found = figures(flows)
    gradients = csr_array(_gradients(network, flows, found, figures))
    variance = Reconciliation(network.network, network.sd).variance_of_flows(gradients)
    rows = zip(found.items(), variance.tolist(), strict=True)
    return {key: Estimate(value, spread**0.5) for (key, value), spread in rows if spread >= 0}


def _gradients(
    network: SiteNetwork,
    flows: Flows,
    found: Mapping[Key, Fraction],
    figures: Callable[[Volumes], Mapping[Key, Fraction]],
) -> Floats:
    """Return how every figure answers to every stream [figures × streams]; NaN where it has no value beside them."""
    column = {name: at for at, name in enumerate(network.network.streams)}
    gradients = np.zeros((len(found), len(column)))
    for alike in flows.alike():
        beside = figures(Moved(flows, alike[0], STEP_M3))
        slopes = np.array([_slope(value, beside.get(key)) for key, value in found.items()])
        gradients[:, [column[name] for name in alike]] = slopes[:, None]
    return gradients


def _slope(value: Fraction, beside: Fraction | None) -> float:
    if beside is None:
        return float("nan")
    # The same object, most of the time: what does not rest on the moved stream is not computed anew.
    return 0.0 if beside is value or beside == value else float((beside - value) / STEP_M3)
