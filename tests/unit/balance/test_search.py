"""Several gross errors at once: which are named, with what size, and what balances cannot tell apart."""

from __future__ import annotations

import numpy as np
import pytest
from tests.spec.balance.published import INDUSTRIAL

from xunshui.balance import Candidates, GrossError, Kind, Network, Reconciliation, search
from xunshui.balance.words import suspect_words

PROBLEM = INDUSTRIAL.problem()
CANDIDATES = Candidates(PROBLEM)
AT = {name: at for at, name in enumerate(INDUSTRIAL.network.streams)}


def test_true_values_leave_nobody_suspected() -> None:
    found = search(CANDIDATES, PROBLEM.residuals(INDUSTRIAL.true))

    assert (found.suspects, found.dof, found.p) == ((), 8, 1.0)


def test_bias_and_leak_are_named_with_their_sizes() -> None:
    readings = INDUSTRIAL.true.copy()
    readings[AT["4"]] += 1.5
    residuals = PROBLEM.residuals(readings)
    residuals[INDUSTRIAL.network.nodes.index("6")] += 0.9
    found = search(CANDIDATES, residuals)

    told = {suspect.candidate.errors[0]: suspect.size for suspect in found.suspects}
    assert told == {
        GrossError(Kind.BIAS, "4"): pytest.approx(1.5),
        GrossError(Kind.LEAK, "6"): pytest.approx(0.9),
    }
    assert (found.dof, round(found.p, 6)) == (6, 1.0)


def test_size_has_the_sign_of_the_meter() -> None:
    readings = INDUSTRIAL.true.copy()
    readings[AT["11"]] -= 1.0
    [suspect] = search(CANDIDATES, PROBLEM.residuals(readings)).suspects

    assert suspect.candidate.errors[0].at == "11"
    assert suspect.size == pytest.approx(-1.0)
    assert suspect_words(suspect, "t/h", reading=2.0).startswith("11 疑偏低 33 %（1.0 ± 0.1 t/h）")


def test_meters_side_by_side_are_suspected_together() -> None:
    network = Network.of([("a", "env", "A"), ("b", "A", "B"), ("c", "A", "B"), ("d", "B", "env")])
    problem = Reconciliation(network, np.full(4, 0.1))
    [suspect] = search(Candidates(problem), problem.residuals(np.array([10.0, 6.0, 5.0, 10.0]))).suspects

    assert [(error.at, error.kind) for error in suspect.candidate.errors] == [
        ("b", Kind.BIAS),
        ("c", Kind.BIAS),
    ]
    assert suspect.size == pytest.approx(1.0)


def test_leak_looks_like_the_meter_on_the_way_out() -> None:
    network = Network.of([("in", "env", "A"), ("out", "A", "env")])
    problem = Reconciliation(network, np.full(2, 0.1))
    [suspect] = search(Candidates(problem), problem.residuals(np.array([10.0, 8.0]))).suspects

    assert suspect_words(suspect, "m³/h") == (
        "in 疑偏高 2.0 ± 0.1 m³/h；或 out 疑偏低 2.0 ± 0.1 m³/h；或 A 疑漏失 2.0 ± 0.1 m³/h"
    )


def test_window_of_samples_makes_a_small_error_sure() -> None:
    readings = INDUSTRIAL.true.copy()
    readings[AT["8"]] += 2.5 * INDUSTRIAL.sd[AT["8"]]
    residuals = PROBLEM.residuals(readings)

    assert search(CANDIDATES, residuals).suspects == ()
    [suspect] = search(CANDIDATES, residuals, samples=12).suspects
    assert suspect.candidate.errors == (GrossError(Kind.BIAS, "8"),)
    assert suspect.size == pytest.approx(2.5 * INDUSTRIAL.sd[AT["8"]])
