"""Laws of reconciliation: it closes, leaves true values alone, knows no names, and more meters never make it less sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xunshui.balance import Class, Floats, Network, Reconciliation, classes, forward_flows

NODES = 6


@dataclass(frozen=True)
class Sampled:
    """A network, true flows that close, one reading of them and the meters' sd; NaN where there is no meter."""

    rows: tuple[tuple[str, str, str], ...]
    true: Floats
    held: Floats
    readings: Floats
    sd: Floats

    @property
    def network(self) -> Network:
        return Network.of(self.rows)

    @property
    def problem(self) -> Reconciliation:
        return Reconciliation(self.network, self.sd)


@st.composite
def samples(draw: st.DrawFn) -> Sampled:
    """Draw a network of any shape; what its true flows do not close is held in the nodes."""
    ends = st.integers(0, NODES).map(lambda at: "env" if at == NODES else f"n{at}")
    pairs = draw(st.lists(st.tuples(ends, ends), min_size=1, max_size=14))
    rows = tuple((f"s{at}", *pair) for at, pair in enumerate(pairs))
    assume(any(end != "env" for pair in pairs for end in pair))
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    true = chance.uniform(1, 10, len(rows))
    sd = chance.uniform(0.01, 0.5, len(rows))
    sd[chance.random(len(rows)) < draw(st.sampled_from([0.0, 0.2, 0.6]))] = np.nan
    held = Network.of(rows).net_inflow(true)
    return Sampled(rows, true, held, true + sd * chance.normal(size=len(rows)), sd)


@given(samples())
def test_balances_close_exactly(sample: Sampled) -> None:
    flow = sample.problem.flows(sample.readings, sample.held)
    left = sample.network.net_inflow(np.nan_to_num(flow)) - sample.held
    # A node that a hidden stream touches closes by a flow that is not told.
    hidden = {end for row, value in zip(sample.rows, flow, strict=True) if np.isnan(value) for end in row[1:]}
    told = [at for at, node in enumerate(sample.network.nodes) if node not in hidden]

    assert np.abs(left[told]).max(initial=0.0) < 1e-11


@given(samples())
def test_true_values_stay(sample: Sampled) -> None:
    flow = sample.problem.flows(sample.true, sample.held)
    told = ~np.isnan(flow)

    assert np.abs(flow - sample.true)[told].max(initial=0.0) < 1e-9
    assert sample.problem.statistic(sample.problem.residuals(sample.true, sample.held)) < 1e-12


@given(samples(), st.randoms(use_true_random=False))
def test_names_and_order_change_nothing(sample: Sampled, chance: object) -> None:
    order = list(range(len(sample.rows)))
    chance.shuffle(order)  # type: ignore[attr-defined]  # hypothesis' Random
    renamed = Network.of(
        [(f"x{at}", _renamed(sample.rows[at][1]), _renamed(sample.rows[at][2])) for at in order]
    )
    held = dict(zip(sample.network.nodes, sample.held, strict=True))
    other = Reconciliation(renamed, sample.sd[order])
    other_held = np.array([held[node[1:]] for node in renamed.nodes])
    flow = sample.problem.flows(sample.readings, sample.held)[order]

    np.testing.assert_allclose(other.flows(sample.readings[order], other_held), flow, atol=1e-9)
    np.testing.assert_allclose(
        other.standard_uncertainty, sample.problem.standard_uncertainty[order], atol=1e-6
    )


def _renamed(end: str) -> str:
    return end if end == "env" else f"y{end}"


@given(samples(), st.integers(0, 13), st.floats(0.01, 10))
def test_one_more_meter_never_makes_a_flow_less_sure(sample: Sampled, at: int, sd: float) -> None:
    more = sample.sd.copy()
    more[at % len(more)] = np.fmin(more[at % len(more)], sd)
    before, after = sample.problem, Reconciliation(sample.network, more)
    u = before.standard_uncertainty
    was, now = np.where(np.isnan(u), np.inf, u), after.standard_uncertainty
    now = np.where(np.isnan(now), np.inf, now)

    assert (now <= was + 1e-5).all()


@given(samples())
@settings(max_examples=25)
def test_uncertainty_is_that_of_many_readings(sample: Sampled) -> None:
    chance = np.random.default_rng(0)
    many = sample.true + chance.normal(size=(40_000, len(sample.sd))) * np.nan_to_num(sample.sd)
    spread = sample.problem.flows(many, sample.held).std(axis=0)
    u = sample.problem.standard_uncertainty

    # 2 % of the figure; 40,000 draws leave an error of 0.35 % in it.
    np.testing.assert_allclose(spread, u, rtol=0.02, atol=1e-6)


@given(samples())
def test_what_is_told_is_what_the_classes_say(sample: Sampled) -> None:
    kinds = classes(sample.network, ~np.isnan(sample.sd))
    flow = sample.problem.flows(sample.readings, sample.held)

    assert [kind is Class.UNOBSERVABLE for kind in kinds] == np.isnan(flow).tolist()


@given(samples())
def test_no_flow_runs_backwards(sample: Sampled) -> None:
    readings = np.abs(sample.readings - 3)
    flow = forward_flows(sample.problem, readings, sample.held)
    told = flow[~np.isnan(flow)]

    assert (told >= 0).all()
    assert np.nansum((flow - readings) ** 2 / sample.sd**2) >= (
        sample.problem.statistic(sample.problem.residuals(readings, sample.held)) - 1e-6
    )
