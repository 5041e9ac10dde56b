"""What has changed since: found with its onset, beside the sequential test; errors that stay raise nothing."""

from __future__ import annotations

import numpy as np
import pytest

from xunshui.balance import Candidates, Floats, GrossError, Kind, Network, Reconciliation, Watch, threshold
from xunshui.balance.changes import HOURS_OF_TEN_YEARS, Changes, _Watched, changes
from xunshui.balance.reference import Reference, reference

NETWORK = Network.of(
    [("in", "env", "A"), ("ab", "A", "B"), ("ac", "A", "C"), ("b", "B", "env"), ("c", "C", "env")]
)
TRUE = np.array([100.0, 60.0, 40.0, 60.0, 40.0])
CLASS = 0.0144 * TRUE
BEFORE, WATCHED, NOISE = 336, 72, 0.002


def run(seed: int, *, sway: float = 0.0) -> Floats:
    """Return hours of flows, each meter with a constant error within a class of 2.5."""
    chance = np.random.default_rng(seed)
    hours = BEFORE + WATCHED
    flows = TRUE * (1 + chance.normal(0, NOISE, (hours, 5))) * (1 + chance.uniform(-0.025, 0.025, 5))
    flows[:, 4] += sway * np.sin(2 * np.pi * np.arange(hours) / 24)
    return flows


def looked(flows: Floats, load: Floats | None = None) -> Changes:
    ran = np.ones(len(flows)) if load is None else load
    found = changes(NETWORK, flows, CLASS, ran, watched=WATCHED)
    assert found is not None
    return found


def test_constant_errors_within_the_class_raise_nothing() -> None:
    assert [looked(run(seed)).found for seed in range(60)] == [()] * 60


def test_residual_that_sways_by_the_day_is_no_change() -> None:
    assert [looked(run(seed, sway=3.0)).found for seed in range(20)] == [()] * 20


def test_load_that_changes_takes_constant_errors_with_it() -> None:
    load = np.where(np.arange(BEFORE + WATCHED) < BEFORE, 1.0, 0.6)

    assert looked(run(5) * load[:, None], load).found == ()


def test_bias_is_named_with_size_and_onset_to_minutes() -> None:
    flows = run(1)
    flows[-20:, 1] += 3.6
    flows[-21, 1] += 3.6 / 4  # began when three quarters of that hour had passed
    [change] = looked(flows).found

    assert change.suspect.candidate.errors == (GrossError(Kind.BIAS, "ab"),)
    assert change.suspect.size == pytest.approx(3.6, abs=4 * change.suspect.u)
    assert change.onset == pytest.approx(WATCHED - 20.25, abs=4 * change.u_onset)
    assert change.u_onset < 0.2
    assert change.others == ()


def test_hour_in_which_it_began_does_not_make_it_smaller() -> None:
    sizes = []
    for seed in range(20):
        flows = run(seed)
        flows[-3:, 1] += 6.0
        flows[-4, 1] += 3.0  # began half an hour into it
        sizes += [
            change.suspect.size
            for change in looked(flows).found
            if GrossError(Kind.BIAS, "ab") in change.suspect.candidate.errors
        ]

    assert len(sizes) >= 18
    assert np.mean(sizes) == pytest.approx(6.0, abs=0.15)


def test_two_changes_at_different_hours_are_found_both() -> None:
    flows = run(2)
    flows[-30:, 1] += 3.6
    flows[-10:, 3] -= 5.0  # as much as if B leaked
    found = looked(flows).found
    errors = {error: change for change in found for error in change.suspect.candidate.errors}

    assert len(found) == 2
    assert errors[GrossError(Kind.BIAS, "ab")].onset == pytest.approx(WATCHED - 30, abs=0.5)
    leak = errors[GrossError(Kind.LEAK, "B")]
    assert leak.suspect.candidate.errors[0] == GrossError(Kind.BIAS, "b")
    assert leak.suspect.size == pytest.approx(-5.0, abs=0.3)
    assert leak.onset == pytest.approx(WATCHED - 10, abs=0.3)


def test_change_from_before_the_watch_begins_at_its_first_hour() -> None:
    flows = run(3)
    flows[-WATCHED - 20 :, 1] += 3.6

    assert [change.onset for change in looked(flows).found] == [0.0]


def test_meter_that_is_silent_for_hours_is_unmeasured_in_them() -> None:
    flows = run(4)
    flows[-20:, 1] += 3.6
    flows[-15:-5, 2] = np.nan
    flows[-3, :] = np.nan
    found = looked(flows)

    assert found.hours == WATCHED - 1
    assert [each.suspect.candidate.errors for each in found.found] == [(GrossError(Kind.BIAS, "ab"),)]


def test_meter_that_is_hardly_ever_heard_is_not_watched_and_the_rest_is() -> None:
    flows = run(6)
    flows[:-WATCHED:2, 4] = np.nan
    flows[-20:, 3] += 3.6
    [change] = looked(flows).found

    assert GrossError(Kind.BIAS, "b") in change.suspect.candidate.errors


def test_too_few_hours_before_tell_nothing() -> None:
    assert changes(NETWORK, run(1)[-100:], CLASS, np.ones(100), watched=WATCHED) is None


def test_nothing_is_found_where_nothing_checks() -> None:
    alone = np.array([1.0, np.nan, np.nan, np.nan, np.nan])

    assert changes(NETWORK, run(1), alone, np.ones(BEFORE + WATCHED), watched=WATCHED) is None


def test_with_all_meters_told_it_is_the_sequential_test() -> None:
    flows = run(7)[-WATCHED:]
    flows[-12:, 1] += 1.5
    usual = Reference(level=np.zeros(3), sd=0.01 * TRUE)
    candidates = Candidates(Reconciliation(NETWORK, usual.sd))
    watch = Watch(candidates, threshold=threshold(len(candidates), HOURS_OF_TEN_YEARS))
    standing = [watch.take(candidates.problem.residuals(hour)) for hour in flows][-1]
    watched = _Watched(NETWORK, usual, flows, np.ones(WATCHED))
    number, onset, best = watched._leader(watched._left([]))

    assert (number, onset) == (standing.candidate, standing.onset)
    assert best == pytest.approx(standing.statistic)
    assert watched.threshold == watch.threshold


def test_reference_takes_no_notice_of_odd_hours() -> None:
    problem, sound = Reconciliation(NETWORK, CLASS), run(8)
    odd = sound.copy()
    odd[40:46, 0] += 50.0
    found, expected = (reference(problem, flows[:BEFORE], np.ones(BEFORE)) for flows in (odd, sound))

    assert found is not None
    assert expected is not None
    assert found.level == pytest.approx(expected.level, abs=0.05)
    assert found.sd == pytest.approx(expected.sd, rel=0.15)


def test_scatter_of_a_balance_is_as_it_was_seen() -> None:
    flows = np.concatenate([run(seed) - run(seed).mean(axis=0) + TRUE for seed in range(10)])
    found = reference(Reconciliation(NETWORK, CLASS), flows, np.ones(len(flows)))

    assert found is not None
    seen = np.sqrt((found.sd[[0, 1, 2]] ** 2).sum())  # what A's residual is made of
    real = NOISE * np.sqrt((TRUE[:3] ** 2).sum())
    assert real * 0.9 <= seen <= real * 2.5
