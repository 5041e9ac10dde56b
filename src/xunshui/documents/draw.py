"""Draws a chart: the ECharts option that a browser would draw becomes SVG here, and PNG for PDF and Word.

A chart is one dict built in Python. The browser gets it as JSON; `svg` runs the same library on the server, and `png`
paints that SVG with a Chinese font of the machine. PDF and Word take the PNG: WeasyPrint paints the halo of ECharts'
labels over their text, and python-docx takes no SVG.

>>> option = ChartOption({"xAxis": {"data": ["2023", "2024"]}, "yAxis": {}}, width_px=300, height_px=200)
>>> svg(option, option.width_px, option.height_px).startswith("<svg")
True
"""

from __future__ import annotations

import asyncio
import atexit
import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xunshui.documents.fonts import FONT_STACK, WIDTHS_EM, CjkFont, font_remedy, machine_font

if TYPE_CHECKING:
    from py_mini_racer import MiniRacer

ASSET = Path(__file__).parent / "assets" / "echarts.min.js"
LONGEST_DRAWING_S = 60.0

# Without a document ECharts guesses the width of text; Chinese must count a full em or labels are clipped.
_GLUE = """
function xunshuiMeasure(widths) {
  echarts.setPlatformAPI({measureText: (text, font) => {
    const size = parseFloat((/([\\d.]+)px/.exec(font || '') || [0, 12])[1]);
    let em = 0;
    for (const character of text || '') em += widths[character] ?? 1;
    return {width: em * size};
  }});
}
function xunshuiDraw(option, width, height) {
  const chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width, height});
  try {
    chart.setOption(option);
    return chart.getZr().painter.renderToString({cssEmphasis: false, cssAnimation: false});
  } finally {
    chart.dispose();
  }
}
"""


_STYLE = re.compile(r' style="((?:font-(?:style|weight|size|family):[^";]+;)+)"')
_DECLARATION = re.compile(r"([\w-]+):([^;]+);")
_OWN_ID = re.compile(r"\bzr\d+-")


class ChartsUnavailable(RuntimeError):
    """Charts cannot be drawn on this machine; `remedy` says what to do."""

    def __init__(self, missing: str, remedy: str) -> None:
        super().__init__(f"{missing}{remedy}")
        self.missing = missing
        self.remedy = remedy


class ChartOption(dict[str, Any]):
    """An ECharts option that knows the size it was laid out for, and what its reader should be told beside it."""

    def __init__(
        self, option: Mapping[str, Any], *, width_px: int, height_px: int, notes: tuple[str, ...] = ()
    ) -> None:
        super().__init__(option)
        self.width_px = width_px
        self.height_px = height_px
        self.notes = notes


def svg(option: Mapping[str, Any], width_px: int, height_px: int) -> str:
    """Return the chart as SVG text; equal options give equal text.

    The library is loaded at the first chart of a process and kept. V8 does not live through a fork, where it would
    wait for ever: a server that forks workers must draw in the workers only.
    """
    still = {"textStyle": {"fontFamily": FONT_STACK}, **option, "animation": False}
    text = json.dumps(still, allow_nan=False)
    engine = _engine(ASSET)
    if engine.process != os.getpid():
        raise ChartsUnavailable(
            "绘图引擎不能随 fork 进入子进程：", "请以 spawn 方式启动子进程，或在 fork 之后再画第一张图。"
        )
    call = f"xunshuiDraw({text}, {width_px}, {height_px})"
    with _drawing:
        drawn = engine.racer.eval(call, timeout_sec=LONGEST_DRAWING_S)
    return _tidied(str(drawn), text)


def png(svg_text: str, scale: float = 3.0, font: CjkFont | None = None) -> bytes:
    """Return `svg_text` painted on white, `scale` pixels to each of its own; `font` defaults to the machine's."""
    import resvg_py  # slow import

    chosen = font or machine_font()
    if chosen is None:
        raise ChartsUnavailable("图无法输出为 PNG：", font_remedy(None) or "")
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg_text,
            zoom=scale,
            background="#ffffff",
            font_files=[str(chosen.path)],
            font_family=chosen.family,
            sans_serif_family=chosen.family,
        )
    )


_drawing = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Engine:
    """V8 with ECharts loaded, and the process it belongs to."""

    racer: MiniRacer
    process: int

    def close(self) -> None:
        """End V8 while Python still runs: left to the interpreter's last clean-up it may wait for ever."""
        if self.process == os.getpid():
            self.racer.close()


@cache
def _engine(asset: Path) -> _Engine:
    """Return the engine, which takes a quarter of a second to load."""
    from py_mini_racer import MiniRacer  # slow import

    if not asset.is_file():
        raise ChartsUnavailable(
            f"缺少绘图库 {asset.name}：", "请在仓库根目录运行 `make setup`，或重新安装 xunshui。"
        )
    with _no_event_loop():
        racer = MiniRacer()
    racer.eval(asset.read_text(encoding="utf-8"))
    racer.eval(_GLUE)
    racer.eval(f"xunshuiMeasure({json.dumps(WIDTHS_EM)})")
    engine = _Engine(racer, os.getpid())
    atexit.register(engine.close)
    return engine


@contextmanager
def _no_event_loop() -> Iterator[None]:
    """Hide the loop that runs here, as in a notebook: V8 would take it for its own, and then refuse a time limit.

    Making the engine in a thread instead ends the process with a segmentation fault (mini-racer 0.14.1).
    """
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(running)


def _tidied(drawn: str, option_text: str) -> str:
    """Return the SVG with ids named after the picture, and type set by attributes.

    ECharts counts its pictures in the ids, so equal charts would differ; and a page that forbids inline styles would
    drop the font sizes.
    """
    digest = hashlib.sha256(option_text.encode()).hexdigest()[:10]
    attributed = _STYLE.sub(lambda style: _DECLARATION.sub(r' \1="\2"', style[1]), drawn)
    return _OWN_ID.sub(f"x{digest}-", attributed)
