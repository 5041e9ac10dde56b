"""Residual badges: beyond what meters and estimates may err by, or within."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from xunshui.simulator.points import with_points
from xunshui.site import Site
from xunshui.site.templates import template
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import HOUR_US, instant_of_text
from xunshui.telemetry.sample import Arrival, Sample
from xunshui.telemetry.spool import SpoolWriter
from xunshui.web.console.closing import closings
from xunshui.web.console.now import Picture, picture

NOW = instant_of_text("2024-12-01T10:20")
RO = {"S45": 100.0, "S27": 30.0, "S28": 34.0, "S31": 14.0, "S32": 20.0}
"""What goes through the reverse osmosis [m³/h]: 2 m³/h are missing."""


def shown(folder: Path, site: Site) -> Picture:
    writer = SpoolWriter(folder)
    for back in range(1, 26):
        at_us = NOW // HOUR_US * HOUR_US - back * HOUR_US
        for stream, flow in RO.items():
            [meter] = next(each.meters for each in site.streams if each.id == stream)
            channel = next(each.channel for each in site.points if each.at == meter and each.id.endswith("H"))
            device, _, code = channel.removeprefix("hj212:").partition("/")
            writer.commit([Arrival("hj212", device, at_us, b"##", [Sample(code, at_us, flow)])], at_us)
    writer.close()
    return picture(site, Reader(folder), NOW)


def with_class(site: Site, percent: str, valid_to: dt.date) -> Site:
    meters = tuple(
        replace(each, standard_uncertainty_percent=Decimal(percent), valid_to=valid_to)
        for each in site.meters
    )
    return replace(site, meters=meters)


@pytest.mark.parametrize(
    ("percent", "valid_to", "closes"),
    [
        pytest.param("1", "2025-12-31", True, id="within_twice_its_uncertainty"),
        pytest.param("0.5", "2025-12-31", False, id="beyond"),
        pytest.param("0.5", "2024-11-30", True, id="expired_meters_count_double"),
    ],
)
def test_unit_closes_within_twice_its_own_uncertainty(
    tmp_path: Path, percent: str, valid_to: str, closes: bool
) -> None:
    site = with_class(with_points(template("steel")), percent, dt.date.fromisoformat(valid_to))
    own = closings(shown(tmp_path, site))["RO"]
    factor = 2 if valid_to < "2024-12" else 1

    # √(100² + 30² + 34² + 14² + 20²) = 112.48
    assert own.u == pytest.approx(factor * float(percent) / 100 * 112.48, rel=0.001)
    assert own.residual == pytest.approx(2.0, abs=0.01)
    assert own.closes is closes


def test_unit_with_a_silent_meter_cannot_be_told(tmp_path: Path) -> None:
    own = closings(shown(tmp_path, with_points(template("steel"))))["WS"]

    assert (own.residual, own.closes) == (None, None)
