"""The water graph's layout and the trends: what stands where, by hand."""

from __future__ import annotations

import math
import re
from pathlib import Path

from xunshui.simulator.points import with_points
from xunshui.site import site_of
from xunshui.site.templates import template
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import HOUR_US
from xunshui.telemetry.spool import SpoolWriter
from xunshui.web.console.network import Drawing, drawing
from xunshui.web.console.now import picture
from xunshui.web.console.trend import Line, trend


def drawn(folder: Path, name: str) -> Drawing:
    SpoolWriter(folder).close()
    return drawing(picture(with_points(template(name)), Reader(folder), 1_764_403_200_000_000))


def test_boxes_do_not_overlap_and_nothing_leaves_the_picture(tmp_path: Path) -> None:
    for name in ("steel", "park", "petrochemical", "paper"):
        found = drawn(tmp_path / name, name)
        boxes = found.boxes
        for box in boxes:
            assert 0 <= box.x <= found.width - 156
            assert 0 <= box.y <= found.height - box.height
        for one in boxes:
            for other in boxes:
                assert (
                    one is other
                    or one.x != other.x
                    or one.y + one.height < other.y
                    or other.y + other.height < one.y
                )
        depths = [float(y) for pipe in found.pipes for y in re.findall(r"[ML](?:\d+) (\d+)", pipe.path)]
        assert max(depths) <= found.height


def test_water_runs_from_left_to_right_unless_it_returns(tmp_path: Path) -> None:
    site = site_of(
        {
            "id": "m",
            "name": "m",
            "kind": "enterprise",
            "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}],
            "units": [{"id": name, "name": name} for name in "ABC"],
            "streams": [
                {"id": "1", "from": "env", "to": "C", "kind": "surface", "volume_m3": {"2023": 8760}},
                {"id": "2", "from": "C", "to": "A", "kind": "distributed", "volume_m3": {"2023": 8760}},
                {"id": "3", "from": "A", "to": "B", "kind": "collected", "volume_m3": {"2023": 17520}},
                {"id": "4", "from": "B", "to": "A", "kind": "reuse", "volume_m3": {"2023": 8760}},
                {"id": "5", "from": "B", "to": "env", "kind": "discharge", "volume_m3": {"2023": 8760}},
            ],
        }
    )
    SpoolWriter(tmp_path).close()
    found = drawing(picture(site, Reader(tmp_path), 1_764_403_200_000_000))
    x = {box.id: box.x for box in found.boxes}

    assert x["in/surface"] < x["C"] < x["A"] < x["B"] < x["out/discharge"]
    assert sorted(pipe.figure for pipe in found.pipes) == ["1.00", "1.00", "1.00", "1.00", "2.00"]
    assert all(pipe.dashed for pipe in found.pipes)  # nothing is metered
    assert {box.id: box.state for box in found.boxes}["A"] == "closes"


def test_trend_breaks_where_nothing_was_told() -> None:
    line = Line(
        title="x",
        kind="conventional",
        at_us=[0, HOUR_US, 2 * HOUR_US, 3 * HOUR_US],
        values=[1, 2, math.nan, 3],
    )
    found = trend([line], 0, 3 * HOUR_US)

    assert found is not None
    assert found.lines[0].path.count("M") == 2
    assert found.lines[0].path.endswith("h1")
    assert [tick.text for tick in found.up] == ["0", "1", "2", "3"]
    assert [tick.text for tick in found.across] == ["08:00", "09:00", "10:00", "11:00"]


def test_trend_of_one_value_that_stands_still_has_an_axis() -> None:
    found = trend([Line(title="x", kind="reuse", at_us=[0, 1], values=[5, 5])], 0, HOUR_US, from_zero=False)

    assert found is not None
    assert float(found.up[0].text) < 5 < float(found.up[-1].text)


def test_trend_without_values_is_none() -> None:
    assert trend([Line(title="x", kind="reuse", at_us=[0], values=[math.nan])], 0, HOUR_US) is None
