"""Volumes against hand calculations, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.site.points import PointKind
from xunshui.telemetry.localtime import HOUR_US
from xunshui.telemetry.volume import Counter, Event, EventKind, Line, line_of

START = 1_704_038_400_000_000
MINUTE = HOUR_US // 60


def line(counter: Counter, readings: Mapping[int, float], bad: tuple[int, ...] = ()) -> Line:
    """Return the line of readings by minute."""
    return line_of(
        counter,
        np.array([START + round(minute * MINUTE) for minute in readings], np.int64),
        np.array(list(readings.values()), float),
        np.array([4 if minute in bad else 0 for minute in readings], np.int8),
    )


def hours(count: int) -> list[int]:
    return [START + hour * HOUR_US for hour in range(count + 1)]


def test_totaliser_is_read_between_its_readings() -> None:
    # 10 m³ from 0:00 to 0:40, 30 m³ from 0:40 to 1:20: half of the second stretch lies before 1:00.
    told = line(Counter(kind=PointKind.TOTALISER), {0: 100, 40: 110, 80: 140, 120: 140}).volumes(hours(2))

    assert told.m3.tolist() == pytest.approx([25, 15])
    assert told.covered.tolist() == pytest.approx([1, 1])


def test_totaliser_in_litres_rolls_over() -> None:
    counter = Counter(kind=PointKind.TOTALISER, m3_per_unit=0.001, capacity=1_000_000)
    found = line(counter, {0: 999_000, 60: 500})

    assert found.volumes(hours(1)).m3.tolist() == pytest.approx([1.5])
    assert [(event.kind, round(event.m3, 9)) for event in found.events] == [(EventKind.ROLLED_OVER, 1.5)]


def test_reset_counts_what_stands_on_the_meter_and_is_told() -> None:
    counter = Counter(kind=PointKind.TOTALISER, capacity=1_000_000)
    found = line(counter, {0: 500, 30: 2, 60: 5})

    assert found.volumes(hours(1)).m3.tolist() == pytest.approx([5])
    assert [event.kind for event in found.events] == [EventKind.RESET]


def test_rate_is_integrated_by_trapezoids() -> None:
    # (6 + 10) / 2 · 0.5 h + (10 + 4) / 2 · 0.5 h = 7.5
    told = line(Counter(kind=PointKind.RATE), {0: 6, 30: 10, 60: 4}).volumes(hours(1))

    assert (told.m3.tolist(), told.uncertainty_m3.tolist()) == (pytest.approx([7.5]), [0])


def test_gap_of_a_rate_is_bridged_not_covered_and_uncertain() -> None:
    # Rates from 2 to 8 m³/h; the gap of 2 h bears (8 − 2) · 2 / √12.
    found = line(Counter(kind=PointKind.RATE), {0: 8, 60: 2, 180: 4, 240: 4})
    told = found.volumes([START, START + 4 * HOUR_US])

    assert told.m3.tolist() == pytest.approx([5 + 6 + 4])
    assert told.covered.tolist() == pytest.approx([0.5])
    assert told.uncertainty_m3.tolist() == pytest.approx([12 / sqrt(12)])
    assert found.events == (Event(EventKind.GAP, START + HOUR_US, START + 3 * HOUR_US, 6.0),)


def test_gap_of_a_totaliser_is_certain_over_the_whole() -> None:
    told = line(Counter(kind=PointKind.TOTALISER), {0: 0, 240: 40}).volumes([START, START + 4 * HOUR_US])

    assert (told.m3[0], told.covered[0], told.uncertainty_m3[0]) == (pytest.approx(40), 0, 0)


def test_intervals_are_added_up_and_a_missing_one_is_not_covered() -> None:
    counter = Counter(kind=PointKind.INTERVAL, interval_s=600)
    readings = dict.fromkeys((0, 10, 20, 40, 50), 1.0)
    found = line(counter, readings)
    told = found.volumes(hours(1))

    assert told.m3.tolist() == pytest.approx([5])
    assert told.covered.tolist() == pytest.approx([50 / 60])
    assert [event.from_us for event in found.events] == [START + 30 * MINUTE]


def test_faulty_and_impossible_readings_do_not_count() -> None:
    counter = Counter(kind=PointKind.RATE, highest=50)
    told = line(counter, {0: 6, 20: 30, 30: 400, 40: -3, 60: 6}, bad=(20,)).volumes(hours(1))

    assert told.m3.tolist() == pytest.approx([6])


@pytest.mark.parametrize("counting", PointKind)
def test_nothing_before_the_first_and_behind_the_last_reading(counting: PointKind) -> None:
    for readings in ({}, {30: 7.0}):
        told = line(Counter(kind=counting, interval_s=60), readings).volumes(
            [START + HOUR_US, START + 2 * HOUR_US]
        )
        assert (told.m3.tolist(), told.covered.tolist()) == ([0], [0])


volumes = st.lists(st.tuples(st.integers(1, 200), st.integers(0, 1_000)), min_size=2, max_size=40)


@given(volumes)
def test_hours_add_up_to_the_whole_and_rolling_over_changes_nothing(steps: list[tuple[int, int]]) -> None:
    minutes = np.cumsum([minutes for minutes, _ in steps])
    total = np.cumsum([amount for _, amount in steps])
    plain = line(Counter(kind=PointKind.TOTALISER), dict(zip(minutes.tolist(), total.tolist(), strict=True)))
    rolled = line(
        Counter(kind=PointKind.TOTALISER, capacity=10_000),
        dict(zip(minutes.tolist(), ((total + 9_500) % 10_000).tolist(), strict=True)),
    )
    edges = hours(140)

    assert plain.volumes(edges).m3.sum() == pytest.approx(total[-1] - total[0])
    assert plain.volumes(edges).m3.sum() == pytest.approx(plain.volumes([edges[0], edges[-1]]).m3[0])
    assert rolled.volumes(edges).m3 == pytest.approx(plain.volumes(edges).m3, abs=1e-6)
