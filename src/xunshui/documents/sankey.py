"""The Sankey diagram of a plant's water: where it comes from, which unit it runs through, how it leaves.

Columns, margins and height come from the labels, so that none meets another or leaves the page.

>>> flow = SankeyFlow(source="raw", target="mill", volume_m3=1200.0, kind="conventional")
>>> ends = SankeyNode(id="raw", label="水库水", role="source"), SankeyNode(id="mill", label="热轧", role="unit")
>>> [link["value"] for link in sankey_option(ends, [flow])["series"][0]["links"]]
[1200.0]
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import Any, Literal

from xunshui.documents.draw import ChartOption
from xunshui.documents.fonts import text_width, wrapped
from xunshui.documents.palette import (
    INK,
    KIND_COLOURS,
    MUTED,
    RIBBON_OPACITY,
    kind_fill,
    kind_legend,
    text_line,
)
from xunshui.documents.sankey_network import (
    SMALL_SHARE,
    Network,
    SankeyError,
    SankeyFlow,
    SankeyNode,
    drawable,
    volume_text,
    volumes,
)

__all__ = ["SankeyError", "SankeyFlow", "SankeyNode", "sankey_option", "volume_text"]

_VEIL = "rgba(255,255,255,0.72)"
_NODE_PX = 10
_LABEL_GAP_PX = 6
_LABELS_APART_PX = 6
_EDGE_PX = 6
_BODY_PX = 300
_NARROWEST_LABEL_EM = 5


def sankey_option(
    nodes: Iterable[SankeyNode],
    flows: Iterable[SankeyFlow],
    colours: Mapping[str, str] = KIND_COLOURS,
    unit_label: str = "m³/h",
    *,
    width_px: int = 1440,
    small_share: float = SMALL_SHARE,
) -> ChartOption:
    """Return the option of the diagram, with the size at which no label meets another.

    `width_px` is what the page offers: 1440 on a screen, about 700 across A4. A diagram with more columns than fit is
    laid out wider, to be scaled down. Sources and ends with less than `small_share` of the water that comes in are
    merged into one "其他（n 项）" on their side; this is written below the picture and in `notes`.
    """
    network = drawable(nodes, flows, colours, unit_label=unit_label, small_share=small_share)
    return _laid_out(network, colours, unit_label, width_px)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Type:
    """The size of type on the picture, and how wide a label may be beside it and within it [px]."""

    size_px: int
    side_px: float
    inner_px: float = 0.0

    @property
    def line_px(self) -> int:
        """The height of one line."""
        return self.size_px + 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A node where it will stand: its column, whether that is the first or last one, and all of its water."""

    node: SankeyNode
    column: int
    edge: Literal["left", "right", ""]
    volume_m3: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Label:
    """The lines beside a node, each with the name of its style: n name, v volume, o note."""

    place: _Place
    lines: tuple[tuple[str, str], ...]
    type: _Type

    @property
    def width_px(self) -> float:
        """The width of the longest line."""
        return max(text_width(text, self.type.size_px) for _, text in self.lines)

    @property
    def height_px(self) -> int:
        """The height of all lines."""
        return self.type.line_px * len(self.lines)

    @property
    def formatter(self) -> str:
        """The lines in ECharts' rich text; braces and bars would end a style, so they become full-width."""
        plain = str.maketrans("{}|", "｛｝｜")
        return "\n".join(f"{{{style}|{text.translate(plain)}}}" for style, text in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """The page and the margins of the picture within it [px]."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    gap: int


def _laid_out(network: Network, colours: Mapping[str, str], unit_label: str, width_px: int) -> ChartOption:
    """Return the option: columns and margins from the labels, height from the fullest column, legend above."""
    places = _places(network)
    type_, width = _type_and_width(places, width_px)
    labels = [_label(place, type_) for place in places]
    legend, legend_height = kind_legend(
        {flow.kind for flow in network.flows},
        colours,
        f"单位：{unit_label}",
        width_px=width,
        size_px=type_.size_px,
    )
    footnotes = [line for note in network.notes for line in wrapped(note, width - 16, type_.size_px)]
    frame = _frame(labels, width, legend_height, len(footnotes) * type_.line_px)
    option = {
        "tooltip": {"trigger": "item", "renderMode": "richText"},
        "graphic": [*legend, *_footnotes(footnotes, frame, type_)],
        "series": [_series(labels, network.flows, colours, frame)],
    }
    notes = (*network.notes, *_left_out(network, places))
    return ChartOption(option, width_px=frame.width, height_px=frame.height, notes=notes)


def _places(network: Network) -> list[_Place]:
    """Return the nodes that water runs through, each in its column."""
    columns = _columns(network.flows)
    last = max(columns.values(), default=0)
    edges: dict[int, Literal["left", "right", ""]] = {last: "right", 0: "left"}
    incoming, outgoing = volumes(network.flows)
    return [
        _Place(
            node=node,
            column=columns[node.id],
            edge=edges.get(columns[node.id], ""),
            volume_m3=max(incoming.get(node.id, 0.0), outgoing.get(node.id, 0.0)),
        )
        for node in network.nodes
        if node.id in columns
    ]


def _columns(flows: Sequence[SankeyFlow]) -> dict[str, int]:
    """Return the column of each node as ECharts will place it: longest way from the left, ends in the last."""
    incoming: defaultdict[str, set[str]] = defaultdict(set)
    for flow in flows:
        incoming[flow.target].add(flow.source)
    columns: dict[str, int] = {}
    for node in TopologicalSorter(incoming).static_order():
        columns[node] = max((columns[origin] + 1 for origin in incoming.get(node, ())), default=0)
    last = max(columns.values(), default=0)
    going_on = {flow.source for flow in flows}
    return {node: column if node in going_on else last for node, column in columns.items()}


def _type_and_width(places: Sequence[_Place], width_px: int) -> tuple[_Type, int]:
    """Return the type, and the page width at which the columns stand far enough apart for their labels."""
    wide = width_px >= 900
    size = 12 if wide else 11
    type_ = _Type(size_px=size, side_px=size * (13 if wide else 7))
    steps = max((place.column for place in places), default=0) or 1
    labels = [_label(place, type_) for place in places if place.edge]
    margins = _NODE_PX + _margin(labels, "left") + _margin(labels, "right")
    narrowest = _NODE_PX + 2 * _LABEL_GAP_PX + _NARROWEST_LABEL_EM * size
    pitch = max(narrowest, (width_px - margins) / steps)
    width = max(width_px, math.ceil(margins + pitch * steps))
    return replace(type_, inner_px=pitch - _NODE_PX - 2 * _LABEL_GAP_PX), width


def _margin(labels: Iterable[_Label], edge: str) -> int:
    """Return the room that the labels beyond one edge take."""
    widest = max((label.width_px for label in labels if label.place.edge == edge), default=0.0)
    return math.ceil(widest) + _LABEL_GAP_PX + _EDGE_PX


def _label(place: _Place, type_: _Type) -> _Label:
    """Return the lines beside a node: its name, its volume, its note."""
    limit = type_.side_px if place.edge else type_.inner_px
    name = [("n", line) for line in wrapped(place.node.label, limit, type_.size_px)]
    note = [("o", line) for line in wrapped(place.node.note, limit, type_.size_px) if line]
    return _Label(place=place, lines=(*name, ("v", volume_text(place.volume_m3)), *note), type=type_)


def _frame(labels: Sequence[_Label], width: int, legend_height: int, footer_height: int) -> _Frame:
    """Return margins that hold the outer labels, and a gap and height that part the labels of every column."""
    columns: defaultdict[int, list[_Label]] = defaultdict(list)
    for label in labels:
        columns[label.place.column].append(label)
    fullest = max(
        (sum(label.place.volume_m3 for label in column) for column in columns.values()), default=0.0
    )
    # The body is never thinner than this, so labels that stand apart at this scale do so at any.
    px_per_m3 = _BODY_PX / (fullest or 1.0)
    gap = max((_gap(column, px_per_m3) for column in columns.values()), default=0)
    rise = max((math.ceil(_overhang(label, px_per_m3)) for label in labels), default=0)
    crowd = max((len(column) for column in columns.values()), default=1)
    top, bottom = legend_height + rise, rise + footer_height + _EDGE_PX
    return _Frame(
        width=width,
        height=top + _BODY_PX + gap * (crowd - 1) + bottom,
        left=_margin(labels, "left"),
        right=_margin(labels, "right"),
        top=top,
        bottom=bottom,
        gap=gap,
    )


def _overhang(label: _Label, px_per_m3: float) -> float:
    """Return how far a label rises above its node, negative where the node is taller."""
    return (label.height_px - px_per_m3 * label.place.volume_m3) / 2


def _gap(column: Sequence[_Label], px_per_m3: float) -> int:
    """Return the room between two nodes of a column at which no two labels meet, whichever stand together."""
    tallest = sorted((_overhang(label, px_per_m3) for label in column), reverse=True)[:2]
    return max(_LABELS_APART_PX, math.ceil(sum(tallest)) + _LABELS_APART_PX)


def _series(
    labels: Sequence[_Label], flows: Sequence[SankeyFlow], colours: Mapping[str, str], frame: _Frame
) -> dict[str, Any]:
    """Return the Sankey series itself."""
    return {
        "type": "sankey",
        "left": frame.left,
        "right": frame.right,
        "top": frame.top,
        "bottom": frame.bottom,
        "nodeWidth": _NODE_PX,
        "nodeGap": frame.gap,
        "nodeAlign": "justify",
        "draggable": False,
        "emphasis": {"focus": "adjacency"},
        "data": [_drawn_node(label) for label in labels],
        "links": [_drawn_link(flow, colours) for flow in flows],
    }


def _drawn_node(label: _Label) -> dict[str, Any]:
    """Return one node: an ink bar, its label beyond the edges, or on a pale ground over the ribbons."""
    node, style = label.place.node, {"fontSize": label.type.size_px, "lineHeight": label.type.line_px}
    ground = {} if label.place.edge else {"backgroundColor": _VEIL, "borderRadius": 3, "padding": [1, 3]}
    return {
        "id": node.id,
        "name": node.label,
        "itemStyle": {"color": INK, "borderWidth": 0},
        "label": {
            "position": label.place.edge or "right",
            "distance": _LABEL_GAP_PX if label.place.edge else _LABEL_GAP_PX - 3,
            "formatter": label.formatter,
            "textBorderWidth": 0,
            "rich": {
                "n": style | {"color": INK},
                "v": style | {"color": INK},
                "o": style | {"color": MUTED},
            },
            **ground,
        },
    }


def _drawn_link(flow: SankeyFlow, colours: Mapping[str, str]) -> dict[str, Any]:
    """Return one ribbon in the colour of its water."""
    return {
        "source": flow.source,
        "target": flow.target,
        "value": flow.volume_m3,
        "lineStyle": {"color": kind_fill(flow.kind, colours), "opacity": RIBBON_OPACITY, "curveness": 0.5},
    }


def _footnotes(lines: Sequence[str], frame: _Frame, type_: _Type) -> list[dict[str, Any]]:
    """Return the notes below the picture."""
    first = frame.height - _EDGE_PX - (len(lines) - 0.5) * type_.line_px
    return [
        text_line(line, 8, first + row * type_.line_px, MUTED, type_.size_px)
        for row, line in enumerate(lines)
    ]


def _left_out(network: Network, places: Sequence[_Place]) -> tuple[str, ...]:
    """Return a note that names the nodes without any water, which are not drawn."""
    placed = {place.node.id for place in places}
    dry = [node.label for node in network.nodes if node.id not in placed]
    return (f"没有水量、未画出：{'、'.join(dry)}。",) if dry else ()
