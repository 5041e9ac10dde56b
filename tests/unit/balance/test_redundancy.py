"""Which meters can be checked, what is told without a meter, and where a new meter helps."""

from __future__ import annotations

import numpy as np
import pytest

from xunshui.balance import Class, Network, Reconciliation, classes, detectable_bias, helpful_meters

#  in ─▶ A ─▶ B ─▶ out      B gives back to A by `back`; A loses `lost`
CHAIN = Network.of(
    [("in", "env", "A"), ("on", "A", "B"), ("back", "B", "A"), ("lost", "A", "env"), ("out", "B", "env")]
)
R, J, TOLD, U = Class.REDUNDANT, Class.JUST, Class.OBSERVABLE, Class.UNOBSERVABLE


@pytest.mark.parametrize(
    ("meters", "expected"),
    [
        pytest.param("in on back lost out", [R, R, R, R, R], id="all_measured"),
        pytest.param("in out", [J, U, U, TOLD, J], id="what_is_lost_is_told_but_nothing_is_checked"),
        pytest.param("in lost out", [R, U, U, R, R], id="loop_inside_stays_hidden"),
        pytest.param(
            "in on lost out", [R, J, TOLD, R, R], id="one_meter_in_the_loop_tells_the_other_unchecked"
        ),
        pytest.param("", [U, U, U, U, U], id="no_meter_at_all"),
    ],
)
def test_classes(meters: str, expected: list[Class]) -> None:
    measured = np.array([name in meters.split() for name in CHAIN.streams])

    assert list(classes(CHAIN, measured)) == expected


def test_new_meter_helps_most_where_it_checks_and_tells_most() -> None:
    measured = np.array([name in ("in", "out") for name in CHAIN.streams])
    best, *rest = helpful_meters(CHAIN, measured)

    assert (best.stream, best.checks, best.tells) == ("lost", ("in", "out"), ())
    assert {help_.stream: help_.tells for help_ in rest} == {"on": ("back",), "back": ("on",)}


def test_bias_that_can_be_found_grows_with_the_uncertainty_around() -> None:
    network = Network.of([("a", "env", "A"), ("b", "A", "env")])
    one = detectable_bias(Reconciliation(network, np.array([1.0, 1.0])))
    other = detectable_bias(Reconciliation(network, np.array([1.0, 3.0])), samples=4)

    assert one == pytest.approx([(2.236 + 1.645) * np.sqrt(2)] * 2, abs=2e-3)
    assert other == pytest.approx([(2.236 + 1.645) * np.sqrt(10) / 2] * 2, abs=2e-3)


def test_unchecked_meter_has_no_bias_that_can_be_found() -> None:
    network = Network.of([("a", "env", "A"), ("b", "A", "env")])

    assert np.isnan(detectable_bias(Reconciliation(network, np.array([1.0, np.nan])))).all()
