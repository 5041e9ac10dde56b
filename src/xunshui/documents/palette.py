"""The colours of every chart and document, as UI.md fixes them; a colour never stands without its word.

>>> KIND_LABELS["reuse"], KIND_COLOURS["reuse"]
('厂内回用水', '#9c7fd6')
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from xunshui.documents.fonts import FONT_STACK, text_width

INK = "#1f2733"
MUTED = "#5b6675"
LINE = "#d9dee6"
GROUND = "#f5f7fa"
SHEET = "#ffffff"
PRIMARY = "#0958d9"
MET = "#237804"
WARN = "#8a5200"
BAD = "#cf1322"
UNKNOWN = "#5b6675"

RIBBON_OPACITY = 0.55
_INDENT_PX = 8.0
_SWATCH_PX = 14

KIND_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "conventional": "#2f74c0",
        "reclaimed": "#7a5cc0",
        "other_nonconventional": "#3aa6a0",
        "distributed": "#5b97d6",
        "circulating": "#8fb8e8",
        "series": "#5fa777",
        "reuse": "#9c7fd6",
        "condensate": "#c98bb9",
        "collected": "#c08a70",
        "supplied": "#4a5f80",
        "consumption": "#e0b25a",
        "discharge": "#a05a3c",
        "leakage": "#cf1322",
        "unaccounted": "#8b94a1",
    }
)
"""The colour of each kind of water, in the order in which legends list them."""

KIND_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "conventional": "常规水取水",
        "reclaimed": "再生水",
        "other_nonconventional": "其他非常规水",
        "distributed": "厂内供水",
        "circulating": "循环水",
        "series": "串联水",
        "reuse": "厂内回用水",
        "condensate": "冷凝水回用",
        "collected": "送处理废水",
        "supplied": "外供水",
        "consumption": "耗水",
        "discharge": "排水",
        "leakage": "漏失",
        "unaccounted": "未查明水量",
    }
)

# An 8 px tile of two grey strokes; written out, because a pattern needs a picture and a file would need a path.
_HATCH_TILE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='8' height='8'%3E"
    "%3Crect width='8' height='8' fill='%23eef0f3'/%3E"
    "%3Cpath d='M-2 2L2 -2M0 8L8 0M6 10L10 6' stroke='%235b6675' stroke-width='1.6'/%3E%3C/svg%3E"
)


def kind_fill(kind: str, colours: Mapping[str, str] = KIND_COLOURS) -> str | dict[str, object]:
    """Return what ECharts fills a kind of water with: its colour, or grey hatching for unaccounted water."""
    if kind != "unaccounted":
        return colours[kind]
    return {"image": _HATCH_TILE, "repeat": "repeat", "imageWidth": 8, "imageHeight": 8}


def kind_legend(
    kinds: Collection[str], colours: Mapping[str, str], heading: str, *, width_px: int, size_px: int
) -> tuple[list[dict[str, Any]], int]:
    """Return graphic elements that name the kinds present, in rows across the top, and the height they take."""
    items, row = [text_line(heading, _INDENT_PX, 16, MUTED, size_px)], 16
    x = _INDENT_PX + text_width(heading, size_px) + 2 * _SWATCH_PX
    for kind in (kind for kind in colours if kind in kinds):
        word = KIND_LABELS.get(kind, kind)
        advance = text_width(word, size_px) + 3 * _SWATCH_PX
        if x + advance > width_px:
            x, row = _INDENT_PX, row + size_px + 10
        items.append(_swatch(kind_fill(kind, colours), x, row))
        items.append(text_line(word, x + _SWATCH_PX + 6, row, INK, size_px))
        x += advance
    return items, row + size_px + 10


def _swatch(fill: str | dict[str, object], x: float, middle: float) -> dict[str, Any]:
    """Return a swatch, as pale as the ribbons it explains."""
    shape = {"x": x, "y": middle - 6, "width": _SWATCH_PX, "height": 12, "r": 2}
    return {
        "type": "rect",
        "silent": True,
        "shape": shape,
        "style": {"fill": fill, "opacity": RIBBON_OPACITY},
    }


def text_line(text: str, x: float, middle: float, colour: str, size_px: int) -> dict[str, Any]:
    """Return a line of text as a graphic element that starts at `x` and is centred on `middle`."""
    style = {"text": text, "fill": colour, "fontSize": size_px, "fontFamily": FONT_STACK}
    return {"type": "text", "silent": True, "style": style | {"x": x, "y": middle, "verticalAlign": "middle"}}
