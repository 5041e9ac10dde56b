"""Bars and columns stand where their numbers say, and tell their state in words."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from xunshui.documents.bars import (
    STATE_COLOURS,
    State,
    ThresholdRow,
    TrendPoint,
    threshold_bar_option,
    trend_option,
)
from xunshui.documents.draw import ChartOption, svg

INTAKE = ThresholdRow(
    label="单位产品取水量 2023",
    value=2.31,
    value_text="2.31 m³/t",
    threshold=3.1,
    threshold_text="≤ 3.1 m³/t",
    state="met",
)
REUSE = ThresholdRow(
    label="重复利用率 2023",
    value=97.6,
    value_text="97.6 %",
    threshold=97.0,
    threshold_text="> 97 %",
    state="met",
    starts_at=90.0,
)


@pytest.mark.parametrize(
    ("state", "word"), [("met", "● 达到"), ("not_met", "▲ 未达到"), ("cannot_tell", "? 无法判定")], ids=str
)
def test_threshold_bar_says_its_state_in_words_and_colour(state: State, word: str) -> None:
    drawn = _texts(threshold_bar_option([replace(INTAKE, state=state)]))

    assert drawn[f"2.31 m³/t   {word}"] == STATE_COLOURS[state]
    assert {"单位产品取水量 2023", "≤ 3.1 m³/t"} <= drawn.keys()


def test_threshold_bar_length_and_mark_keep_their_proportion() -> None:
    bars, _, marks, _ = threshold_bar_option([INTAKE])["series"]

    assert bars["data"][0]["value"] / marks["data"][0]["value"][0] == pytest.approx(2.31 / 3.1)


def test_threshold_bars_of_one_threshold_share_a_scale() -> None:
    years = [INTAKE, replace(INTAKE, label="2022", value=6.2, state="not_met")]

    bars, _, marks, _ = threshold_bar_option(years)["series"]

    assert marks["data"][0]["value"][0] == marks["data"][1]["value"][0]
    assert bars["data"][1]["value"] == pytest.approx(2 * marks["data"][1]["value"][0])


def test_threshold_bar_with_a_cut_scale_is_a_dot_and_says_so() -> None:
    option = threshold_bar_option([REUSE])
    bars, dots, marks, _ = option["series"]

    assert bars["data"][0]["value"] == 0
    assert dots["data"][0]["value"][0] / marks["data"][0]["value"][0] == pytest.approx(7.6 / 7.0)
    assert "自 90 起" in _texts(option)


def test_threshold_bar_below_a_cut_scale_is_drawn_from_nothing() -> None:
    option = threshold_bar_option([replace(REUSE, value=85.0, state="not_met")])
    bars, _, marks, _ = option["series"]

    assert bars["data"][0]["value"] / marks["data"][0]["value"][0] == pytest.approx(85 / 97)
    assert "自 90 起" not in _texts(option)


def test_threshold_bar_without_a_value_keeps_its_row() -> None:
    missing = replace(INTAKE, value=None, value_text="缺数据", state="cannot_tell")

    option = threshold_bar_option([INTAKE, missing])

    assert option["series"][0]["data"][1]["value"] == 0
    assert "缺数据   ? 无法判定" in _texts(option)


def test_threshold_bars_grow_with_their_rows() -> None:
    one, four = threshold_bar_option([INTAKE]), threshold_bar_option([INTAKE] * 4)

    assert four.height_px - one.height_px == 3 * 56


def test_trend_keeps_the_place_of_a_year_without_value() -> None:
    option = trend_option(_years(3.6, None, 2.31), threshold=3.1, threshold_text="≤ 3.1 m³/t")

    assert [item["value"] for item in option["series"][0]["data"]] == [[0, 3.6], [2, 2.31]]
    assert {"2021", "2022", "2023", "缺数据", "≤ 3.1 m³/t", "▲ 未达到", "● 达到"} <= _texts(option).keys()


def test_trend_from_nothing_draws_columns_and_from_elsewhere_dots() -> None:
    years = _years(97.6, 96.4, 98.0)

    assert trend_option(years)["series"][0]["type"] == "bar"
    assert trend_option(years, starts_at=90.0)["series"][0]["type"] == "scatter"
    assert trend_option(years, starts_at=97.0)["series"][0]["type"] == "bar"


def _years(*values: float | None) -> list[TrendPoint]:
    """Return a point a year from 2021 on, met below 3."""
    return [
        TrendPoint(
            label=str(2021 + index),
            value=value,
            value_text="缺数据" if value is None else f"{value:g}",
            state="cannot_tell" if value is None else "met" if value < 3 else "not_met",
        )
        for index, value in enumerate(values)
    ]


def _texts(option: ChartOption) -> dict[str, str]:
    """Return the texts that are drawn, with their colours."""
    root = ElementTree.fromstring(svg(option, option.width_px, option.height_px))
    return {
        element.text or "": element.get("fill", "") for element in root.iter() if element.tag.endswith("text")
    }
