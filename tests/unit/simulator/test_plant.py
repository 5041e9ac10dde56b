"""The simulated plant: what it tells adds up, and repeats."""

from __future__ import annotations

import datetime as dt

import pytest

from xunshui.simulator.loggers import loggers_of
from xunshui.simulator.plant import Plant, load
from xunshui.simulator.points import with_points
from xunshui.site.templates import template
from xunshui.telemetry.hj212 import Framer, read_segment, samples_of
from xunshui.telemetry.localtime import DAY_US, HOUR_US, day_of_date, start_of_day

SITE = with_points(template("steel"))
NEW_YEAR = start_of_day(day_of_date(dt.date(2023, 1, 1)))


def test_a_year_is_what_the_file_tells_within_the_meters_class() -> None:
    plant = Plant(SITE)
    for stream in SITE.streams[:6]:
        if len(stream.meters) != 1:
            continue
        [meter] = (each for each in SITE.meters if each.id == stream.meters[0])
        told = sum(plant.day(meter.id, NEW_YEAR + day * DAY_US) for day in range(365))
        expected = float(stream.volume_m3["2023"])
        assert abs(told / expected - 1) <= float(meter.accuracy_class or 2) / 200 + 0.003


def test_load_has_a_mean_of_one() -> None:
    hours = [load(NEW_YEAR + hour * HOUR_US) for hour in range(365 * 24)]

    assert sum(hours) / len(hours) == pytest.approx(1, abs=0.002)


def test_totaliser_never_falls_within_a_year_and_agrees_with_the_days() -> None:
    plant = Plant(SITE)
    totals = [plant.total("FM-101", NEW_YEAR + hour * HOUR_US) for hour in range(0, 72, 5)]

    assert totals == sorted(totals)
    assert plant.total("FM-101", NEW_YEAR + DAY_US) == pytest.approx(plant.day("FM-101", NEW_YEAR))


def test_frames_are_read_back_as_what_flows() -> None:
    plant = Plant(SITE)
    [logger] = loggers_of(SITE)[:1]
    _, raw = logger.frame(plant, "2061", NEW_YEAR)
    [frame] = Framer().feed(raw)
    [sample] = samples_of(read_segment(frame.segment))

    assert frame.reason == ""
    assert (sample.code, sample.at_us) == ("2061/w00000-Cou", NEW_YEAR)
    assert sample.value == pytest.approx(plant.hour(SITE.meters[0].id, NEW_YEAR), abs=0.001)


def test_seed_decides() -> None:
    assert (
        Plant(SITE, 1).hour("FM-101", 0)
        == Plant(SITE, 1).hour("FM-101", 0)
        != Plant(SITE, 2).hour("FM-101", 0)
    )
