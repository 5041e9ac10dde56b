"""What goes wrong in the simulated plant: from its moment on, at its place, and typed mistakes are told."""

from __future__ import annotations

import pytest

from xunshui.simulator.faults import Bias, Leak, read_bias, read_leak, way_to
from xunshui.simulator.plant import Plant
from xunshui.simulator.points import with_points
from xunshui.site.templates import template
from xunshui.telemetry.localtime import DAY_US, HOUR_US, MINUTE_US, instant_of_text

SITE = with_points(template("steel"))
NOW = instant_of_text("2026-11-29T10:00")
BEGIN = instant_of_text("2026-11-29T02:10")
SOUND = Plant(SITE)


def test_bias_is_there_from_its_moment_on() -> None:
    plant = Plant(SITE, faults=[Bias("FM-301", 0.06, BEGIN)])
    ratios = [
        plant.hour("FM-301", at) / SOUND.hour("FM-301", at)
        for at in (BEGIN - 70 * MINUTE_US, BEGIN - 10 * MINUTE_US, BEGIN + 50 * MINUTE_US)
    ]

    assert ratios == pytest.approx([1, 1 + 0.06 * 50 / 60, 1.06])
    assert plant.flow("FM-301", BEGIN - 1) == SOUND.flow("FM-301", BEGIN - 1)
    assert plant.flow("FM-301", BEGIN) == pytest.approx(1.06 * SOUND.flow("FM-301", BEGIN))
    assert plant.hour("FM-302", BEGIN) == SOUND.hour("FM-302", BEGIN)


def test_totaliser_counts_what_is_wrong() -> None:
    plant = Plant(SITE, faults=[Bias("FM-301", 0.5, BEGIN)])
    more = plant.total("FM-301", BEGIN + 50 * MINUTE_US) - SOUND.total("FM-301", BEGIN + 50 * MINUTE_US)

    assert more == pytest.approx(0.5 * SOUND.hour("FM-301", BEGIN - 10 * MINUTE_US) * 50 / 60)


def test_leaking_water_comes_through_every_meter_on_its_way() -> None:
    plant = Plant(SITE, faults=[Leak("CT1", 41, BEGIN)])
    at = BEGIN + 50 * MINUTE_US
    more = {meter.id: plant.hour(meter.id, at) - SOUND.hour(meter.id, at) for meter in SITE.meters}

    assert [stream.id for stream in way_to(SITE, "CT1")] == ["S06", "S01"]
    assert {meter for meter, water in more.items() if water} == {"FM-101", "FM-301"}
    assert more["FM-301"] == pytest.approx(41, rel=0.02)  # as the meter shows it


def test_moment_without_a_date_is_the_last_one_past() -> None:
    assert read_leak("CT1=41@02:10", now_us=NOW) == Leak("CT1", 41.0, BEGIN)
    assert read_leak("CT1=41@22:00", now_us=NOW).from_us == BEGIN + 19 * HOUR_US + 50 * MINUTE_US - DAY_US
    assert read_bias("FM-301=-6%", now_us=NOW, default="2026-11-29T02:10") == Bias("FM-301", -0.06, BEGIN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FM-301", "应写作 FM-118=6%@02:10"),
        ("FM-301=many@02:10", "“many”不是数"),
        ("FM-301=6%", "没有说从何时起"),
        ("FM-301=6%@25:00", "“25:00”不是时刻"),
    ],
)
def test_what_cannot_be_read_says_how_it_is_written(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_bias(text, now_us=NOW)


def test_fault_of_nothing_on_the_site_says_what_there_is() -> None:
    with pytest.raises(ValueError, match="没有水表“FM-999”；可选：FM-101、"):
        Plant(SITE, faults=[Bias("FM-999", 0.06, BEGIN)])
    with pytest.raises(ValueError, match="没有从外面进水的单元“IR”；可选：WS、"):
        Plant(SITE, faults=[Leak("IR", 41, BEGIN)])
