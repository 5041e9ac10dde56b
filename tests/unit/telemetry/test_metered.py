"""Volumes of meters and streams out of readings, by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from xunshui.site import Site, site_of
from xunshui.telemetry.errors import PeriodMissing
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import DAY_US, HOUR_US, day_of_date, start_of_day
from xunshui.telemetry.metered import metered, period_of, with_metered_water
from xunshui.telemetry.sample import Arrival, Quality, Sample
from xunshui.telemetry.spool import SpoolWriter
from xunshui.telemetry.volume import EventKind

START = start_of_day(day_of_date(dt.date(2024, 1, 1)))
RAW: dict[str, Any] = {
    "id": "mill",
    "name": "厂",
    "kind": "enterprise",
    "periods": [{"id": "jan", "start": "2024-01-01", "end": "2024-01-02"}],
    "units": [{"id": "U", "name": "U"}],
    "meters": [{"id": "A"}, {"id": "B"}, {"id": "C"}],
    "streams": [
        {
            "id": "in",
            "from": "env",
            "to": "U",
            "kind": "surface",
            "meters": ["A", "B"],
            "volume_m3": {"jan": 1},
        },
        {
            "id": "out",
            "from": "U",
            "to": "env",
            "kind": "discharge",
            "meters": ["C"],
            "volume_m3": {"jan": 10},
            "compliant_m3": {"jan": 9},
        },
        {"id": "lost", "from": "U", "to": "env", "kind": "evaporation", "volume_m3": {"jan": 5}},
    ],
    "points": [
        {"id": "A1", "channel": "hj212:L/a-day", "at": "A", "kind": "interval", "interval_min": 1440},
        {"id": "A2", "channel": "hj212:L/a", "at": "A", "kind": "totaliser", "rolls_over_at": 1000},
        {"id": "B1", "channel": "hj212:L/b", "at": "B", "kind": "rate", "factor": 3.6, "interval_min": 60},
        {"id": "C1", "channel": "hj212:L/c", "at": "C", "kind": "interval", "interval_min": 1440},
    ],
}


def site() -> Site:
    return site_of(RAW)


def read(folder: Path, *samples: Sample) -> Reader:
    writer = SpoolWriter(folder)
    writer.commit([Arrival("hj212", "L", START, b"frame", list(samples))], START)
    writer.close()
    return Reader(folder)


def days(code: str, *values: float) -> list[Sample]:
    return [Sample(code, START + number * DAY_US, value) for number, value in enumerate(values)]


def rates(*values: float) -> list[Sample]:
    return [Sample("b", START + number * HOUR_US, value) for number, value in enumerate(values)]


def test_stream_of_two_meters_is_their_sum(tmp_path: Path) -> None:
    # A: 100 + 50 m³ by day; B: 2 L/s for 48 h = 345.6 m³.
    reader = read(tmp_path, *days("a-day", 100, 50), *rates(*[2.0] * 49))
    found = metered(site(), site().periods[0], reader)

    assert found.streams["in"] == Decimal("495.600")
    assert [(found.meters[name].point, found.meters[name].readings) for name in "AB"] == [
        ("A1", 2),
        ("B1", 49),
    ]


def test_second_point_stands_in_where_the_first_does_not_cover(tmp_path: Path) -> None:
    # The daily data lack a day; the totaliser goes 900 → 990 → 40 over its end at 1000.
    totals = [Sample("a", START + round(day * DAY_US), value) for day, value in ((0, 900), (1, 990), (2, 40))]
    reader = read(tmp_path, *days("a-day", 100), *totals)
    volume = metered(site(), site().periods[0], reader).meters["A"]

    assert (volume.point, volume.m3) == ("A2", Decimal("140.000"))
    assert [event.kind for event in volume.events] == [EventKind.GAP, EventKind.ROLLED_OVER, EventKind.GAP]


def test_readings_that_do_not_cover_give_no_volume(tmp_path: Path) -> None:
    reader = read(tmp_path, *days("a-day", 100, 50), *rates(*[2.0] * 40))
    found = metered(site(), site().periods[0], reader)
    told = with_metered_water(site(), found)

    assert (found.meters["B"].m3, round(found.meters["B"].covered, 4)) == (None, round(39 / 48, 4))
    assert (found.streams["in"], dict(told.streams[0].volume_m3)) == (None, {})


def test_compliant_share_stays_and_estimates_stay(tmp_path: Path) -> None:
    reader = read(tmp_path, *days("c", 20, 30))
    told = with_metered_water(site(), metered(site(), site().periods[0], reader))

    assert told.streams[1].volume_m3 == {"jan": Decimal(50)}
    assert told.streams[1].compliant_m3 == {"jan": Decimal(45)}
    assert told.streams[2].volume_m3 == {"jan": 5}


def test_bad_readings_do_not_count(tmp_path: Path) -> None:
    bad = Sample("c", START + DAY_US, 30, Quality.FAULT)
    found = metered(site(), site().periods[0], read(tmp_path, *days("c", 20), bad))

    assert (found.meters["C"].m3, found.meters["C"].covered) == (None, 0.5)


def test_channel_never_heard_is_told(tmp_path: Path) -> None:
    volume = metered(site(), site().periods[0], read(tmp_path, *days("a", 1))).meters["C"]

    assert (volume.m3, volume.readings, volume.channel) == (None, 0, "hj212:L/c")


def test_period_that_is_not_there_is_told() -> None:
    with pytest.raises(PeriodMissing, match="没有时期“2023”；可选 jan"):
        period_of(site(), "2023")
