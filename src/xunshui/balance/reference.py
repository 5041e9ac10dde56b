"""How residuals were before: their level and their scatter from hour to hour, learnt from hours that went before.

A meter's class bounds an error that stays, not one that changes from hour to hour. Whoever looks for a change compares
with the balances as they were, constant errors and all, and asks how much they scatter of themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xunshui.balance.arrays import Booleans, Floats
from xunshui.balance.reconciliation import Reconciliation

BLOCKS = (1, 3, 6, 12, 24)
"""Hours whose means are compared: what sways over half a day scatters more in the mean than its hours tell."""
LEAST_BLOCKS = 6
MAD = 1.4826
"""Standard deviations in a median absolute deviation of normal values."""
ODD = 6.0
"""How many standard deviations off an hour is left out of the level."""
LEAST_HOURS = 48
FLOOR = 0.01
"""Of a stream's variance by its class: what it scatters at least, a tenth of its class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """`level` [nodes] is what usually stays open at each node, at a load of one; `sd` [streams] how much each stream
    scatters from hour to hour.
    """

    level: Floats
    sd: Floats


def reference(problem: Reconciliation, values: Floats, load: Floats) -> Reference | None:
    """Learn from `values` [hours × streams] under `load` [hours]; None where fewer than 48 hours tell all meters.

    The problem's own `sd` tells how the scatter of a balance is shared among its streams: each has as much as the
    more restless of its two ends needs.
    """
    whole = np.isfinite(values[:, problem.measured]).all(axis=1) & np.isfinite(load) & (load > 0)
    if whole.sum() < LEAST_HOURS:
        return None
    residuals = problem.residuals(values[whole]) / load[whole, None]
    usual = np.median(residuals, axis=0)
    spread = MAD * np.median(np.abs(residuals - usual), axis=0)
    ordinary: Booleans = np.all(np.abs(residuals - usual) <= ODD * np.maximum(spread, 1e-9), axis=1)
    if ordinary.sum() < LEAST_HOURS:
        ordinary = np.ones_like(ordinary)
    told = np.where(problem.measured, values[whole], 0.0)[ordinary] / load[whole][ordinary][:, None]
    level = problem.network.net_inflow(told).mean(axis=0)
    off = residuals - problem.residuals(np.zeros(len(problem.sd)), held=-level)
    mean_load = float(load[whole].mean())
    return Reference(level=level, sd=_shared(problem, mean_load**2 * scatter(_placed(off, whole))))


def scatter(deviations: Floats) -> Floats:
    """Return the variance of one hour [rows] that makes sums of `deviations` [hours × rows] scatter as they do.

    For hours that have nothing to do with one another that is their variance; where they go together it is more. It is
    the largest over blocks of up to a day, each by its median deviation, so that odd days do not count.

    >>> steady = np.tile([[1.0], [-1.0]], (240, 1))
    >>> swaying = np.tile([[1.0]] * 12 + [[-1.0]] * 12, (20, 1))
    >>> float(scatter(swaying)[0] / scatter(steady)[0])
    12.0
    """
    found = [_of_blocks(deviations, length) for length in BLOCKS]
    return np.asarray(np.max([each for each in found if each is not None], axis=0))


def _of_blocks(deviations: Floats, length: int) -> Floats | None:
    count = len(deviations) // length
    if count < LEAST_BLOCKS:
        return None
    parts = deviations[-count * length :].reshape(count, length, -1)
    told = np.isfinite(parts).all(axis=(1, 2))
    if told.sum() < LEAST_BLOCKS:
        return None
    means = parts[told].mean(axis=1)
    return np.asarray(length * (MAD * np.median(np.abs(means), axis=0)) ** 2)


def _placed(rows: Floats, whole: Booleans) -> Floats:
    """Return the rows at their hours; hours that tell too little are not numbers."""
    placed = np.full((len(whole), rows.shape[1]), np.nan)
    placed[whole] = rows
    return placed


def _shared(problem: Reconciliation, seen: Floats) -> Floats:
    """Return the streams' scatter that lets every balance scatter as it was seen to."""
    tail, head = problem.ends(np.arange(len(problem.sd)))
    variance = np.where(problem.measured & problem.merged.checked, problem.variance, 0.0)
    told = np.zeros(problem.dof + 1)
    np.add.at(told, tail, variance)
    np.add.at(told, head, variance)
    needs = np.append(seen / np.maximum(told[:-1], 1e-12), 0.0)
    factor = np.maximum(np.maximum(needs[tail], needs[head]), FLOOR)
    return np.asarray(np.where(problem.measured, problem.sd * np.sqrt(factor), np.nan))
