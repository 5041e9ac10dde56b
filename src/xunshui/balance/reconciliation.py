"""Reconciliation by weighted least squares: the smallest corrections, in units of their uncertainty, that close all balances.

    minimise Σ ((x - y) / sd)²   such that at every node   inflow - outflow = held

Sources: Kuehn & Davidson, Chem. Eng. Prog. 57(6), 1961; Narasimhan & Jordache, Data Reconciliation and Gross Error
Detection, 2000, ch. 3 and 7. Corrections come from node potentials, uncertainties from resistances (`conductance`).
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.special import chdtrc

from xunshui.balance.arrays import Booleans, Floats, Integers
from xunshui.balance.conductance import Conductors
from xunshui.balance.merging import Merged, merged
from xunshui.balance.network import Network, NetworkMistake
from xunshui.balance.unmeasured import Unmeasured, unmeasured

CLOSES_WITHIN = 1e-7
"""Of the largest flow: what may stay open after the corrections before balances contradict one another."""
ROUNDING = 1e-11
"""Of a variance: so little of it left by the balances is rounding."""
AT_ONCE = 512


class Contradiction(ValueError):
    """Balances that no correction can close; `nodes` are those that stay open."""

    def __init__(self, nodes: tuple[str, ...]) -> None:
        """Say which."""
        super().__init__(
            f"{'、'.join(nodes)} 的进出不能平衡：四周的水流都定为准确（sd 为 0）；给其中一条不为零的 sd，或写成未计量"
        )
        self.nodes = nodes


class Reconciliation:
    """A network with its meters' uncertainties, factored once for any number of samples.

    `sd` [streams] is each meter's standard uncertainty in the unit of its flow; NaN where there is no meter; 0 where
    the value is known exactly. Raises `NetworkMistake` for a negative or endless one.

    >>> network = Network.of([("in", "env", "A"), ("through", "A", "B"), ("out", "B", "env")])
    >>> sound = Reconciliation(network, np.array([1.0, 1.0, np.nan]))
    >>> sound.flows(np.array([10.0, 12.0, np.nan])).tolist()
    [11.0, 11.0, 11.0]
    >>> sound.standard_uncertainty.round(3).tolist()
    [0.707, 0.707, 0.707]
    """

    def __init__(self, network: Network, sd: Floats) -> None:
        """Merge what is not measured and factor what is left."""
        self.network, self.sd = network, _checked_sd(network, sd)
        self.measured: Booleans = ~np.isnan(self.sd)
        self.variance: Floats = np.where(self.measured, self.sd, 0.0) ** 2
        self.merged: Merged = merged(network, self.measured, self.sd == 0)
        row_of = self.merged.row_of
        self._tail, self._head = row_of(network.tail), row_of(network.head)
        adjusted = self.merged.adjusted
        self.conductors = Conductors(
            self.merged.rows, self._tail[adjusted], self._head[adjusted], self.variance[adjusted]
        )

    @property
    def dof(self) -> int:
        """Return how many balances check the meters."""
        return self.merged.rows

    @cached_property
    def unmeasured(self) -> Unmeasured:
        """Return what can be told of the streams without a meter."""
        return unmeasured(self.network, self.measured)

    @cached_property
    def incidence(self) -> csr_array:
        """Return the network's incidence [nodes × streams]."""
        return self.network.incidence()

    @cached_property
    def balances(self) -> csr_array:
        """Return the balances [rows × nodes] as sums over nodes."""
        return self.merged.summing()

    def residuals(self, values: Floats, held: Floats | float = 0.0) -> Floats:
        """Return inflow less outflow less what is held [(…, rows)] of `values` [(…, streams)].

        `held` [(…, nodes)] is what stays in a node: its rise of storage and its known losses.
        """
        return self._sum_balances(self._open(self._filled(values), held))

    def ends(self, streams: Integers) -> tuple[Integers, Integers]:
        """Return the balances that these streams leave and enter, each a row or `EARTH`."""
        return self._tail[streams], self._head[streams]

    def potentials(self, residuals: Floats) -> Floats:
        """Return M⁻¹ r [(…, rows)]."""
        return np.asarray(self.conductors.solve(residuals.T).T)

    def difference(self, potentials: Floats) -> Floats:
        """Return the potential at each stream's head less that at its tail [(…, streams)]; the earth has none."""
        with_earth = np.concatenate([potentials, np.zeros((*potentials.shape[:-1], 1))], axis=-1)
        return np.asarray(with_earth[..., self._head] - with_earth[..., self._tail])

    def flows(self, values: Floats, held: Floats | float = 0.0) -> Floats:
        """Return the reconciled flows [(…, streams)]; NaN where a flow cannot be told.

        Raises `Contradiction` where exact values do not balance.
        """
        told = flow = self._filled(values)
        for _ in range(2):  # the second round takes away what rounding left open
            open_now = self._sum_balances(self._open(flow, held))
            flow = flow - self.variance * self.difference(self.potentials(open_now))
        flow[..., self.unmeasured.told] = (self.unmeasured.sums @ self._open(flow, held).T).T
        self._must_close(
            flow,
            held,
            largest=max(float(np.abs(each).max(initial=0.0)) for each in (told, flow, np.asarray(held))),
        )
        flow[..., self.hidden] = np.nan
        return flow

    @cached_property
    def hidden(self) -> Booleans:
        """Return which streams cannot be told at all."""
        hidden = ~self.measured
        hidden[self.unmeasured.told] = False
        return hidden

    def statistic(self, residuals: Floats) -> Floats:
        """Return the weighted sum of squared corrections [(…)], χ² with `dof` degrees of freedom."""
        return np.asarray((residuals * self.potentials(residuals)).sum(axis=-1))

    def p_value(self, statistic: Floats | float) -> Floats:
        """Return how probable so large a statistic is without gross errors; 1 where nothing is checked."""
        return np.asarray(chdtrc(self.dof, statistic) if self.dof else np.ones_like(statistic))

    @cached_property
    def resistance(self) -> Floats:
        """Return the resistance between each stream's ends [streams]; NaN where it is not adjusted.

        NaN as well where it is lost in rounding: some 1e8 times as uncertain as all around, nothing tells of a meter.
        """
        found = np.full(len(self.sd), np.nan)
        resistance = self.conductors.resistance
        found[self.merged.adjusted] = np.where(resistance > 0, resistance, np.nan)
        return found

    @cached_property
    def standard_uncertainty(self) -> Floats:
        """Return the standard uncertainty of every reconciled flow [streams]; NaN where it cannot be told.

        Bounds are left aside: they can only narrow it.
        """
        variance = np.where(self.measured, self.variance, np.nan)
        adjusted = self.merged.adjusted
        own = self.variance[adjusted]
        variance[adjusted] = _difference(own, own**2 * np.nan_to_num(self.resistance[adjusted]))
        variance[self.unmeasured.told] = self._variance_of_told()
        return np.sqrt(variance)

    def variance_of(self, weights: csr_array) -> Floats:
        """Return the variance of sums of reconciled measured flows, one for each row of `weights` [sums × streams]."""
        spread = np.asarray(weights.multiply(weights) @ self.variance, dtype=np.float64)
        reach = csr_array(self.balances @ self.incidence @ weights.multiply(self.variance).T.tocsr())
        parts = range(0, weights.shape[0], AT_ONCE)
        taken = [self.conductors.norms(reach[:, at : at + AT_ONCE].toarray()) for at in parts]
        return _difference(spread, np.concatenate([np.zeros(0), *taken]))

    def variance_of_flows(self, gradients: csr_array) -> Floats:
        """Return the variance of sums of reconciled flows, measured or told by balances [sums].

        `gradients` [sums × streams] weighs them; NaN where a sum rests on a flow that cannot be told.
        """
        told = gradients[:, self.unmeasured.told] @ self._measured_behind_told
        rests_on_hidden = np.asarray(abs(gradients)[:, self.hidden].sum(axis=1)) > 0
        return np.where(rests_on_hidden, np.nan, self.variance_of(csr_array(gradients + told)))

    @cached_property
    def _measured_behind_told(self) -> csr_array:
        """Return the unmeasured streams that are told as sums of measured ones [told × streams]."""
        return csr_array(self.unmeasured.sums @ self.incidence)

    def _variance_of_told(self) -> Floats:
        return self.variance_of(self._measured_behind_told)

    def z(self, potentials: Floats) -> Floats:
        """Return each correction against its own uncertainty [(…, streams)]; positive where a meter reads high.

        Of all tests of one meter it has the greatest power (Tamhane & Mah, Technometrics 27, 1985). NaN where
        nothing checks the meter.
        """
        return np.asarray(self.difference(potentials) / np.sqrt(self.resistance))

    def _filled(self, values: Floats) -> Floats:
        flow = np.array(values, dtype=np.float64)
        if not np.isfinite(flow[..., self.measured]).all():
            at = np.flatnonzero(~np.isfinite(flow) & self.measured)[0] % len(self.sd)
            raise NetworkMistake(
                f"水流 {self.network.streams[at]} 有 sd 而没有数值；写上数值，或把 sd 写成未计量"
            )
        flow[..., ~self.measured] = 0.0
        return flow

    def _open(self, flow: Floats, held: Floats | float) -> Floats:
        return np.asarray((self.incidence @ flow.T).T - held)

    def _sum_balances(self, at_nodes: Floats) -> Floats:
        return np.asarray((self.balances @ at_nodes.T).T)

    def _must_close(self, flow: Floats, held: Floats | float, *, largest: float) -> None:
        block = self.unmeasured.block
        open_now = np.atleast_2d(self._open(flow, held))
        size = int(block.max()) + 1
        by_block = np.zeros((len(open_now), size))
        np.add.at(by_block.T, block[:-1], open_now.T)
        by_block[:, block[-1]] = 0.0
        broken = np.abs(by_block).max(axis=0) > CLOSES_WITHIN * largest
        if broken.any():
            at = np.flatnonzero(broken[block[:-1]])
            raise Contradiction(tuple(self.network.nodes[node] for node in at))


def _difference(before: Floats, taken: Floats) -> Floats:
    """Return what is left of variances; what rounding leaves of an exactly known flow is nothing."""
    left = before - taken
    return np.where(left > ROUNDING * before, left, 0.0)


def _checked_sd(network: Network, sd: Floats) -> Floats:
    checked = np.array(sd, dtype=np.float64)
    wrong = np.flatnonzero((checked < 0) | np.isinf(checked))
    if len(wrong):
        at = wrong[0]
        raise NetworkMistake(
            f"水流 {network.streams[at]} 的 sd 是 {checked[at]}；应为不小于零的数，未计量时留空"
        )
    return checked
