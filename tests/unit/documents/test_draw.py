"""Charts become SVG and PNG, the same every time, and say what is missing when they cannot."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest

from xunshui.documents import draw
from xunshui.documents.draw import ChartOption, ChartsUnavailable, png, svg
from xunshui.documents.fonts import machine_font
from xunshui.documents.palette import kind_fill

BARS = {
    "xAxis": {"type": "category", "data": ["净环水", "浊环水 <A&B>"]},
    "yAxis": {"type": "value"},
    "series": [{"type": "bar", "data": [12, 7], "itemStyle": {"color": kind_fill("unaccounted")}}],
}
needs_font = pytest.mark.skipif(machine_font() is None, reason="no Chinese font on this machine")


IN_A_NOTEBOOK = """
import asyncio, json, sys
from xunshui.documents.draw import svg

async def cell():
    return svg(json.load(sys.stdin), 400, 300)

sys.stdout.write(asyncio.run(cell()))
"""


def test_a_chart_is_drawn_where_an_event_loop_runs() -> None:
    # In a process of its own: the browser's tests leave a loop running in this one, and asyncio allows one a thread.
    drawn = subprocess.run(
        [sys.executable, "-c", IN_A_NOTEBOOK],
        input=json.dumps(BARS),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )

    assert drawn.stdout == svg(BARS, 400, 300)


def test_svg_is_well_formed_and_holds_every_label() -> None:
    root = ElementTree.fromstring(svg(BARS, 400, 300))

    assert (root.get("width"), root.get("height")) == ("400", "300")
    assert {"净环水", "浊环水 <A&B>"} <= {element.text for element in root.iter()}


def test_svg_of_equal_options_is_equal_text() -> None:
    assert svg(BARS, 400, 300) == svg(BARS, 400, 300)


def test_svg_of_different_options_shares_no_ids() -> None:
    other = BARS | {"xAxis": {"type": "category", "data": ["一", "二"]}}

    assert not _ids(svg(BARS, 400, 300)) & _ids(svg(other, 400, 300))


def test_svg_needs_no_inline_style() -> None:
    drawn = svg(BARS, 400, 300)

    assert "style=" not in drawn
    assert "<style" not in drawn


def test_svg_survives_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: svg(BARS, 400, 300), range(12)))

    assert len(set(drawn)) == 1


def test_svg_refuses_a_value_that_is_no_number() -> None:
    with pytest.raises(ValueError, match="JSON"):
        svg(BARS | {"series": [{"type": "bar", "data": [float("nan")]}]}, 400, 300)


def test_svg_without_the_library_names_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw, "ASSET", tmp_path / "echarts.min.js")

    with pytest.raises(ChartsUnavailable, match="make setup") as caught:
        svg(BARS, 400, 300)

    assert caught.value.missing == "缺少绘图库 echarts.min.js："


@pytest.mark.skipif(sys.platform == "win32", reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_svg_in_a_forked_child_says_so_rather_than_hang() -> None:
    svg(BARS, 400, 300)

    child = os.fork()
    if child == 0:
        try:
            svg(BARS, 400, 300)
        except ChartsUnavailable:
            os._exit(7)
        os._exit(1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


@needs_font
def test_png_has_three_pixels_to_each_of_the_svg() -> None:
    assert _size(png(svg(BARS, 400, 300))) == (1200, 900)


@needs_font
def test_png_takes_another_scale() -> None:
    assert _size(png(svg(BARS, 400, 300), scale=1.5)) == (600, 450)


def test_png_without_a_chinese_font_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw, "machine_font", lambda: None)

    with pytest.raises(ChartsUnavailable, match="中文字体"):
        png(svg(BARS, 400, 300))


def test_chart_option_is_the_option_and_its_size() -> None:
    option = ChartOption(BARS, width_px=700, height_px=200, notes=("并入“其他”",))

    assert option == BARS
    assert (option.width_px, option.height_px, option.notes) == (700, 200, ("并入“其他”",))


def _size(picture: bytes) -> tuple[int, int]:
    """Return the width and height in a PNG's header."""
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def _ids(drawn: str) -> set[str]:
    """Return the ids in an SVG."""
    return {
        element.attrib["id"] for element in ElementTree.fromstring(drawn).iter() if "id" in element.attrib
    }
