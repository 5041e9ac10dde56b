"""The water graph as a picture: units as boxes in process order, streams as pipes as wide as their flow.

Columns follow the water: a unit stands right of everything that feeds it, returning water left aside. Pipes that bring
water back run below the boxes. What comes from outside and what leaves stands at both sides; losses stand in the box.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from xunshui.assess.certainty_words import places_of as decimals_of
from xunshui.documents.report.water_map import colour_of
from xunshui.documents.typeset import shortened
from xunshui.site.kinds import WaterKind
from xunshui.site.labels import label
from xunshui.web.console.closing import Closing, closings
from xunshui.web.console.now import Flow, Picture, Told
from xunshui.web.console.places import (
    BOX_W,
    MARGIN,
    PORT,
    Joined,
    columns_of,
    heights_of,
    joined_flows,
    places_of,
)

LONGEST_TITLE = 10
WIDEST, THINNEST = 13.0, 1.4
STATES = {True: "closes", False: "open", None: "cannot_tell"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A unit, or an end outside, with what is written in it."""

    id: str
    title: str
    x: float
    y: float
    height: float
    lines: tuple[str, ...]
    state: str
    """closes, open, cannot_tell, or outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipe:
    """All water of one kind between two boxes."""

    path: str
    width: float
    kind: str
    dashed: bool
    title: str
    figure: str
    figure_x: float
    figure_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Boxes and pipes with the size of the whole."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    pipes: tuple[Pipe, ...]
    box_width: float = BOX_W


def drawing(shown: Picture) -> Drawing:
    """Return the picture of the water graph."""
    joined = joined_flows(shown.flows)
    columns = columns_of(shown.site.units, joined)
    heights = heights_of(columns, joined)
    places = places_of(columns, heights)
    bottom = max((y + heights[name] for name, (_, y) in places.items()), default=0.0)
    largest = max((pipe.m3_per_h for pipe in joined), default=1.0) or 1.0
    pipes, deepest = _pipes(joined, places, heights, bottom, largest)
    closing = closings(shown)
    boxes = tuple(
        _unit_box(name, shown, closing[name], places[name], heights[name])
        if name in closing
        else _end_box(name, joined, places[name], heights[name])
        for name in places
    )
    width = max((x for x, _ in places.values()), default=0.0) + BOX_W + MARGIN
    return Drawing(width=width, height=deepest + MARGIN, boxes=boxes, pipes=pipes)


def figure(m3_per_h: float | None) -> str:
    """Return a flow with three figures or all before the point.

    >>> figure(1318.4), figure(59.04), figure(5.126), figure(None)
    ('1\\u202f318', '59.0', '5.13', '缺测')
    """
    if m3_per_h is None:
        return "缺测"
    places = 0 if m3_per_h >= 99.95 else 1 if m3_per_h >= 9.995 else 2
    return f"{m3_per_h:,.{places}f}".replace(",", "\u202f")


def with_u(value: float, u: float) -> str:
    """Return a positive flow with its standard uncertainty, both to the places that count.

    >>> with_u(41.12, 1.23), with_u(8.2, 26.9), with_u(5.9449, 0.2243)
    ('41.1 ± 1.2', '8 ± 27', '5.94 ± 0.22')
    """
    places = decimals_of(u, 2)
    return " ± ".join(f"{each:,.{places}f}".replace(",", "\u202f") for each in (value, u))


def _pipes(
    joined: Sequence[Joined],
    places: Mapping[str, tuple[float, float]],
    heights: Mapping[str, float],
    bottom: float,
    largest: float,
) -> tuple[tuple[Pipe, ...], float]:
    into: dict[str, list[Joined]] = defaultdict(list)
    for pipe in sorted(joined, key=lambda pipe: places[pipe.source][1]):
        into[pipe.target].append(pipe)
    drawn: list[Pipe] = []
    deepest = bottom
    for target, pipes in into.items():
        x, y = places[target]
        step = heights[target] / (len(pipes) + 1)
        for number, pipe in enumerate(pipes, 1):
            end = (x, y + number * step)
            start_x, start_y = places[pipe.source]
            start = (start_x + BOX_W, start_y + heights[pipe.source] / 2)
            below = 0.0
            if end[0] <= start[0]:
                deepest += PORT + 5
                below = deepest
            drawn.append(_pipe(pipe, start, end, below, largest))
    return tuple(drawn), deepest


def _pipe(
    pipe: Joined, start: tuple[float, float], end: tuple[float, float], below: float, largest: float
) -> Pipe:
    (x0, y0), (x1, y1) = start, (end[0] - 7, end[1])
    if below:
        path = (
            f"M{x0:.0f} {y0:.0f}C{x0 + 44:.0f} {y0:.0f} {x0 + 44:.0f} {below:.0f} {x0:.0f} {below:.0f}"
            f"L{x1:.0f} {below:.0f}C{x1 - 44:.0f} {below:.0f} {x1 - 40:.0f} {y1:.0f} {x1:.0f} {y1:.0f}"
        )
        figure_x, figure_y = (x0 + x1) / 2, below - 4
    else:
        middle = (x1 - x0) / 2
        path = f"M{x0:.0f} {y0:.0f}C{x0 + middle:.0f} {y0:.0f} {x1 - middle:.0f} {y1:.0f} {x1:.0f} {y1:.0f}"
        figure_x, figure_y = x1 - 4, y1 - 4
    told = [flow.told for flow in pipe.flows]
    missing = all(flow.m3_per_h is None for flow in pipe.flows)
    return Pipe(
        path=path,
        width=max(THINNEST, WIDEST * sqrt(pipe.m3_per_h / largest)),
        kind=colour_of(pipe.kind),
        dashed=any(each is not Told.METERED for each in told),
        title="\n".join(_of_flow(flow) for flow in pipe.flows),
        figure=figure(None if missing else pipe.m3_per_h),
        figure_x=figure_x,
        figure_y=figure_y,
    )


def _of_flow(flow: Flow) -> str:
    stream = flow.stream
    marks = {Told.METERED: "、".join(stream.meters), Told.ESTIMATED: "按填报推算", Told.MISSING: "缺测"}
    return (
        f"{stream.name or stream.id}（{label(stream.kind)}）{figure(flow.m3_per_h)} m³/h · {marks[flow.told]}"
    )


def _end_box(name: str, joined: Sequence[Joined], place: tuple[float, float], height: float) -> Box:
    x, y = place
    flow = sum(pipe.m3_per_h for pipe in joined if name in (pipe.source, pipe.target))
    kind = WaterKind(name.partition("/")[2])
    lines = (f"{figure(flow)} m³/h",)
    return Box(id=name, title=label(kind), x=x, y=y, height=height, lines=lines, state="outside")


def _unit_box(name: str, shown: Picture, closing: Closing, place: tuple[float, float], height: float) -> Box:
    x, y = place
    unit = shown.site.unit(name)
    return Box(
        id=name,
        title=shortened(unit.name if unit else name, LONGEST_TITLE),
        x=x,
        y=y,
        height=height,
        lines=(*_circulating(name, shown), _residual(closing)),
        state=STATES[closing.closes],
    )


def _circulating(name: str, shown: Picture) -> tuple[str, ...]:
    flows = [
        flow.m3_per_h
        for flow in shown.flows
        if flow.stream.source == flow.stream.target == name and flow.m3_per_h is not None
    ]
    return (f"循环 {figure(sum(flows))} m³/h",) if flows else ()


def _residual(closing: Closing) -> str:
    if closing.residual is None:
        return "? 有缺测，算不出差"
    sign = "+" if closing.residual >= 0 else "−"
    amount = with_u(abs(closing.residual), closing.u)
    return f"{'●' if closing.closes else '▲'} 差 {sign}{amount}"
