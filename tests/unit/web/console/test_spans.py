"""Volumes of a span: the same as of all points read at once, with fewer readings; and the band of a trend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from xunshui.site import Site, site_of
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import DAY_US, HOUR_US, MINUTE_US
from xunshui.telemetry.sample import Arrival, Sample
from xunshui.telemetry.series import series
from xunshui.telemetry.spool import SpoolWriter
from xunshui.web.console.spans import DAY, edges_of, in_turn
from xunshui.web.console.trend import LOW_HEIGHT, Band, Line, trend

NOW = 1_764_403_200_000_000


class Counting(Reader):
    """A reader that notes how many channels it was asked for at once."""

    def __init__(self, spool: Path) -> None:
        """Open the spool; nothing was asked yet."""
        super().__init__(spool)
        self.asked: list[int] = []

    def readings(self, channels: Sequence[int], from_us: int, to_us: int) -> pa.Table:
        self.asked.append(len(channels))
        return super().readings(channels, from_us, to_us)


def site() -> Site:
    points = [
        {"id": f"{meter}{kind[:1]}", "channel": f"hj212:{meter}/{kind}", "at": meter, "kind": kind, **more}
        for meter in "AB"
        for kind, more in (("interval", {"interval_min": 60}), ("rate", {"interval_min": 10}))
    ]
    return site_of(
        {
            "id": "m",
            "name": "m",
            "kind": "enterprise",
            "periods": [],
            "units": [{"id": "U", "name": "U"}],
            "meters": [{"id": "A"}, {"id": "B"}],
            "streams": [{"id": "s", "from": "env", "to": "U", "kind": "surface", "meters": ["A", "B"]}],
            "points": points,
        }
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A day of hourly volumes and ten-minute flows of two meters; B's hours stop six hours ago."""
    writer = SpoolWriter(tmp_path)
    for meter in "AB":
        hours = range(25, 0 if meter == "A" else 6, -1)
        samples = [Sample("interval", NOW - hour * HOUR_US, 5.0) for hour in hours]
        samples += [Sample("rate", NOW - ten * 10 * MINUTE_US, 7.0) for ten in range(200)]
        writer.commit([Arrival("hj212", meter, NOW, b"##", samples)], NOW)
    writer.close()
    return tmp_path


def test_reading_in_turn_gives_the_same_and_asks_for_less(folder: Path) -> None:
    edges, reader = edges_of(DAY, NOW), Counting(folder)
    whole = series(site(), edges, reader)
    reader.asked.clear()
    found = in_turn(site(), edges, reader)

    for meter in "AB":
        np.testing.assert_array_equal(found.meters[meter], whole.meters[meter])
    assert (found.meters["B"][:18] == 5).all()
    assert found.meters["B"][18:] == pytest.approx(7)
    assert reader.asked == [2, 1]  # the hours of both, the flow of B alone


def test_meter_that_tells_nothing_stays_missing(tmp_path: Path) -> None:
    SpoolWriter(tmp_path).close()
    found = in_turn(site(), edges_of(DAY, NOW), Reader(tmp_path))

    assert all(np.isnan(volumes).all() for volumes in found.meters.values())


def test_band_is_broken_where_a_bound_is_missing_and_zero_is_marked() -> None:
    at = [number * HOUR_US for number in range(5)]
    line = Line(title="x", kind="residual", at_us=at, values=[-1, 1, math.nan, 2, -2])
    band = Band(title="b", at_us=at, low=[-2, 0, math.nan, 1, -3], high=[0, 2, math.nan, 3, -1])
    found = trend([line], 0, DAY_US, bands=[band], height=LOW_HEIGHT)

    assert found is not None
    assert (found.bands[0].path.count("M"), found.bands[0].path.count("Z")) == (2, 2)
    assert found.zero is not None
    assert float(found.up[0].text.replace("−", "-")) <= -3
    assert float(found.up[-1].text) >= 3
    assert all(0 <= tick.at <= LOW_HEIGHT for tick in found.up)
