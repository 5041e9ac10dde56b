"""Bars against their threshold: one row for each gate and year, and small columns for a run of years.

The state of a bar is its colour, its shape and its word, so a grey print says the same as the screen.

>>> row = ThresholdRow(label="重复利用率 2023", value=97.6, value_text="97.6 %", threshold=97.0,
...                    threshold_text="> 97 %", state="met")
>>> threshold_bar_option([row])["yAxis"]["data"]
['重复利用率 2023']
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from xunshui.documents.draw import ChartOption
from xunshui.documents.fonts import text_width
from xunshui.documents.palette import BAD, GROUND, INK, LINE, MET, MUTED, UNKNOWN

State = Literal["met", "not_met", "cannot_tell"]

STATE_COLOURS: dict[State, str] = {"met": MET, "not_met": BAD, "cannot_tell": UNKNOWN}
STATE_WORDS: dict[State, str] = {"met": "● 达到", "not_met": "▲ 未达到", "cannot_tell": "? 无法判定"}

_TYPE_PX = 12
_LINE_PX = 16
_ROW_PX = 56
_BAR_PX = 12
_HEADROOM = 1.2
# Braces and bars steer ECharts' rich text, so they become full-width.
_PLAIN = str.maketrans("{}|", "｛｝｜")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdRow:
    """A value beside its threshold, with both as they are to be printed.

    `starts_at` is where the row's scale begins. With percentages close to 100 a scale from 0 hides the distance; one
    that begins elsewhere is drawn as a dot, since the length of its bar would mislead.
    """

    label: str
    value: float | None
    value_text: str
    threshold: float
    threshold_text: str
    state: State
    starts_at: float = 0.0

    @property
    def begins_at(self) -> float:
        """Where the scale begins: at 0 after all when the value or the threshold would fall off it."""
        lowest = self.threshold if self.value is None else min(self.value, self.threshold)
        return self.starts_at if lowest >= self.starts_at else 0.0

    @property
    def scale(self) -> tuple[str, float, float]:
        """What rows must have in common to be drawn on one scale: their threshold and where they begin."""
        return self.threshold_text, self.threshold, self.begins_at


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """One year's value, None where there is none, with its text and state."""

    label: str
    value: float | None
    value_text: str
    state: State


def threshold_bar_option(rows: Sequence[ThresholdRow], *, width_px: int = 700) -> ChartOption:
    """Return bars with a mark at each threshold.

    Gates differ in unit, so there is no common axis; rows with the same threshold share a scale, so that the years of
    one indicator can be compared.
    """
    verdicts = [f"{row.value_text}   {STATE_WORDS[row.state]}" for row in rows]
    values, thresholds = _shares(rows)
    grid = {
        "left": _widest([row.label for row in rows]) + 16,
        "right": _widest(verdicts) + 20,
        "top": 12,
        "bottom": 4,
    }
    option = {
        "grid": grid,
        "xAxis": {"type": "value", "min": 0, "max": 1, "show": False},
        "yAxis": _row_axis(rows),
        "series": [
            _bars(rows, values),
            _dots(rows, values),
            _threshold_marks(rows, thresholds),
            _verdicts(rows, verdicts),
        ],
    }
    return ChartOption(option, width_px=width_px, height_px=16 + _ROW_PX * len(rows))


def _shares(rows: Sequence[ThresholdRow]) -> tuple[list[float], list[float]]:
    """Return where each row's value and threshold lie on its scale, from 0 to 1."""
    spans: dict[tuple[str, float, float], float] = {}
    for row in rows:
        reach = max(row.threshold, row.value or 0.0) - row.begins_at
        spans[row.scale] = max(spans.get(row.scale, 0.0), reach * _HEADROOM)
    values = [_share((row.value or 0.0) - row.begins_at, spans[row.scale]) for row in rows]
    return values, [_share(row.threshold - row.begins_at, spans[row.scale]) for row in rows]


def _share(distance: float, span: float) -> float:
    """Return `distance` as a part of `span`, kept between 0 and 1."""
    return min(1.0, max(0.0, distance / (span or 1.0)))


def _widest(texts: Sequence[str]) -> int:
    """Return the width of the widest text."""
    return int(max((text_width(text, _TYPE_PX) for text in texts), default=0.0)) + 1


def _row_axis(rows: Sequence[ThresholdRow]) -> dict[str, Any]:
    """Return the axis of the rows' names, the first on top."""
    return {
        "type": "category",
        "inverse": True,
        "data": [row.label for row in rows],
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "axisLabel": {"color": INK, "fontSize": _TYPE_PX, "interval": 0, "margin": 10},
    }


def _bars(rows: Sequence[ThresholdRow], values: Sequence[float]) -> dict[str, Any]:
    """Return the tracks, filled up to the value where the scale begins at nothing."""
    data = [
        {
            "value": 0 if row.value is None or row.begins_at else value,
            "itemStyle": {"color": STATE_COLOURS[row.state]},
        }
        for row, value in zip(rows, values, strict=True)
    ]
    track = {"color": GROUND, "borderColor": LINE, "borderWidth": 1}
    bar = {"type": "bar", "barWidth": _BAR_PX, "silent": True, "data": data}
    return bar | {"showBackground": True, "backgroundStyle": track}


def _dots(rows: Sequence[ThresholdRow], values: Sequence[float]) -> dict[str, Any]:
    """Return the values of rows whose scale begins elsewhere, and where it begins."""
    data = [
        {
            "value": [value, index],
            "symbol": "triangle" if row.state == "not_met" else "circle",
            "itemStyle": {"color": STATE_COLOURS[row.state], "opacity": 1},
        }
        for index, (row, value) in enumerate(zip(rows, values, strict=True))
        if row.value is not None and row.begins_at
    ]
    starts = [
        {
            "value": [0, index],
            "symbolSize": 0,
            "label": _label(f"自 {row.begins_at:g} 起", "bottom", MUTED, [22, 8]),
        }
        for index, row in enumerate(rows)
        if row.begins_at
    ]
    return _scatter([*data, *starts]) | {"symbolSize": _BAR_PX - 2, "z": 4}


def _threshold_marks(rows: Sequence[ThresholdRow], thresholds: Sequence[float]) -> dict[str, Any]:
    """Return a line across each bar at its threshold, with the threshold written above."""
    data = [
        {"value": [share, index], "label": _label(row.threshold_text, "top", INK, [0, 3])}
        for index, (row, share) in enumerate(zip(rows, thresholds, strict=True))
    ]
    return _scatter(data) | {"symbol": "rect", "symbolSize": [2, _BAR_PX + 12], "z": 5}


def _verdicts(rows: Sequence[ThresholdRow], labels: Sequence[str]) -> dict[str, Any]:
    """Return the value and the word of its state, in line at the right."""
    data = [
        {"value": [1, index], "label": _label(label, "right", STATE_COLOURS[row.state], [6, 0])}
        for index, (row, label) in enumerate(zip(rows, labels, strict=True))
    ]
    return _scatter(data) | {"symbolSize": 0}


def _scatter(data: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return marks in full colour; ECharts pales them otherwise, and their words with them."""
    return {"type": "scatter", "silent": True, "itemStyle": {"color": INK, "opacity": 1}, "data": list(data)}


def _label(text: str, position: str, colour: str, offset: Sequence[int]) -> dict[str, Any]:
    """Return a label without the halo that PDF would paint over it."""
    words = {"show": True, "formatter": text.translate(_PLAIN), "position": position}
    return words | {"color": colour, "fontSize": _TYPE_PX, "offset": list(offset), "textBorderWidth": 0}


def trend_option(
    points: Sequence[TrendPoint],
    *,
    threshold: float | None = None,
    threshold_text: str = "",
    starts_at: float = 0.0,
    width_px: int = 360,
    height_px: int = 200,
) -> ChartOption:
    """Return columns, one a year, with a line at the threshold; a year without a value keeps its place.

    Values and states stand below the years, where the line cannot cross them. A scale that does not begin at 0
    (`starts_at`) shows dots in place of columns, and says where it begins.
    """
    shown = [point.value for point in points if point.value is not None]
    shown += [] if threshold is None else [threshold]
    begins_at = starts_at if min(shown, default=0.0) >= starts_at else 0.0
    span = max(shown, default=0.0) - begins_at or 1.0
    scale = {"min": begins_at, "max": begins_at + span * _HEADROOM}
    option = {
        "grid": {"left": 12, "right": 16 + _widest([threshold_text]), "top": 20, "bottom": 3 * _LINE_PX + 12},
        "xAxis": _year_axis(points),
        "yAxis": {"type": "value", **scale, **_start_name(begins_at)},
        "series": [_columns(points, begins_at, threshold, threshold_text)],
    }
    return ChartOption(option, width_px=width_px, height_px=height_px)


def _start_name(begins_at: float) -> dict[str, Any]:
    """Return a value axis that shows nothing but where it begins, if that is not at 0."""
    if not begins_at:
        return {"show": False}
    hidden = {part: {"show": False} for part in ("axisLine", "axisTick", "axisLabel", "splitLine")}
    name = {"align": "left", "color": MUTED, "fontSize": _TYPE_PX}
    return hidden | {"name": f"纵轴自 {begins_at:g} 起", "nameTextStyle": name, "nameGap": 4}


def _year_axis(points: Sequence[TrendPoint]) -> dict[str, Any]:
    """Return the axis of the years, with each year's value and the word of its state below."""
    style = {"fontSize": _TYPE_PX, "lineHeight": _LINE_PX}
    rich = {state: style | {"color": colour} for state, colour in STATE_COLOURS.items()}
    return {
        "type": "category",
        "data": [_year_text(point) for point in points],
        "axisLine": {"lineStyle": {"color": LINE}},
        "axisTick": {"show": False},
        "axisLabel": {"interval": 0, "rich": {"year": style | {"color": INK}, **rich}},
    }


def _year_text(point: TrendPoint) -> str:
    """Return the three lines below a column, in ECharts' rich text."""
    lines = (("year", point.label), (point.state, point.value_text), (point.state, STATE_WORDS[point.state]))
    return "\n".join(f"{{{style}|{text.translate(_PLAIN)}}}" for style, text in lines)


def _columns(
    points: Sequence[TrendPoint], begins_at: float, threshold: float | None, threshold_text: str
) -> dict[str, Any]:
    """Return the columns, or dots where the scale does not begin at 0."""
    data = [
        {"value": [index, point.value], "itemStyle": {"color": STATE_COLOURS[point.state]}, **_dot(point)}
        for index, point in enumerate(points)
        if point.value is not None
    ]
    shape = _scatter(data) if begins_at else {"type": "bar", "barWidth": 28, "silent": True, "data": data}
    return shape | {"markLine": _threshold_line(threshold, threshold_text)}


def _dot(point: TrendPoint) -> dict[str, Any]:
    """Return the shape of a point's state, for a scale with dots."""
    return {"symbol": "triangle" if point.state == "not_met" else "circle", "symbolSize": 11}


def _threshold_line(threshold: float | None, threshold_text: str) -> dict[str, Any]:
    """Return the line across all columns at the threshold, with its text at the right end."""
    return {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": INK, "type": "dashed", "width": 1},
        "label": _label(threshold_text, "end", INK, [0, 0]),
        "data": [] if threshold is None else [{"yAxis": threshold}],
    }
