"""Pictures in a report: a chart drawn for the page it goes on, or the sentence that stands where it would be.

A report without its charts still tells everything, for each chart has its table; so a machine that cannot draw
gets the remedy in the picture's place and not an error.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

from xunshui.documents.draw import ChartOption, ChartsUnavailable, png, svg

Chart = Callable[[int], ChartOption]
"""A chart that can be laid out for any width [px]."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as PNG with its size on the page, or the sentence in its place."""

    content: bytes
    width_px: int
    height_px: int
    remark: str = ""


def painted(chart: Chart, width_px: int) -> Picture:
    """Return the chart as PNG, three pixels to each of the page's."""
    try:
        option = chart(width_px)
        return Picture(png(svg(option, option.width_px, option.height_px)), option.width_px, option.height_px)
    except ChartsUnavailable as error:
        return Picture(b"", 0, 0, remark(error))


def remark(error: ChartsUnavailable) -> str:
    """Return what stands in the place of a chart that could not be drawn."""
    return f"图未生成：{error.missing}{error.remedy}"


def as_svg(chart: Chart, width_px: int, title: str) -> Markup:
    """Return the chart as SVG within the page, with a title for who cannot see it."""
    try:
        option = chart(width_px)
        drawn = svg(option, option.width_px, option.height_px)
    except ChartsUnavailable as error:
        return _in_place(error)
    start, end, rest = drawn.partition(">")
    return Markup(f'{start} role="img"{end}<title>{escape(title)}</title>{rest}')


def as_image(chart: Chart, width_px: int, title: str) -> Markup:
    """Return the chart as an image within the page, for a printer that cannot set SVG."""
    picture = painted(chart, width_px)
    if not picture.content:
        return Markup('<p class="no-chart">{}</p>').format(picture.remark)
    data = base64.b64encode(picture.content).decode("ascii")
    return Markup('<img src="data:image/png;base64,{}" width="{}" height="{}" alt="{}">').format(
        data, picture.width_px, picture.height_px, title
    )


def _in_place(error: ChartsUnavailable) -> Markup:
    return Markup('<p class="no-chart">{}</p>').format(remark(error))
