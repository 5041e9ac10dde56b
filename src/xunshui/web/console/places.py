"""Where the boxes of the water graph stand: columns in the order of the process, as few crossings as come cheaply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xunshui.site.graph import Unit
from xunshui.site.kinds import CIRCULATING, KINDS, OUTSIDE, Group, WaterKind
from xunshui.web.console.now import Flow

BOX_W, BOX_H, END_H, GAP_X, GAP_Y, MARGIN = 156, 66, 44, 52, 16, 8
PORT = 15
"""How far pipes that end in one box stand apart."""
_BACK = frozenset({WaterKind.REUSE, WaterKind.CONDENSATE, WaterKind.CIRCULATING_RETURN}) | CIRCULATING
_SWEEPS = 4
_LOSSES = frozenset({Group.CONSUMED, Group.LEAKED})


@dataclass(slots=True)
class Joined:
    """Streams of one kind between the same two ends."""

    source: str
    target: str
    kind: WaterKind
    flows: list[Flow]

    @property
    def m3_per_h(self) -> float:
        """Return the flow of all of them; what is missing adds nothing."""
        return sum(flow.m3_per_h or 0.0 for flow in self.flows)


def joined_flows(flows: Sequence[Flow]) -> list[Joined]:
    """Return the water between the boxes: streams of one kind between the same two ends together, losses left out."""
    found: dict[tuple[str, str, WaterKind], Joined] = {}
    for flow in flows:
        stream = flow.stream
        kind = stream.kind
        if stream.source == stream.target or KINDS[kind].group in _LOSSES:
            continue
        source = f"in/{kind}" if stream.source == OUTSIDE else stream.source
        target = f"out/{kind}" if stream.target == OUTSIDE else stream.target
        found.setdefault((source, target, kind), Joined(source, target, kind, [])).flows.append(flow)
    return list(found.values())


def columns_of(units: Sequence[Unit], joined: Sequence[Joined]) -> list[list[str]]:
    """Return the boxes column by column, from the sources on the left to the outlets on the right."""
    forward: dict[str, set[str]] = defaultdict(set)
    for pipe in joined:
        if pipe.kind not in _BACK and pipe.source[:3] != "in/" and pipe.target[:4] != "out/":
            forward[pipe.target].add(pipe.source)
    depth: dict[str, int] = {}
    for unit in units:
        _depth(unit.id, forward, depth, ())
    touched = {end for pipe in joined for end in (pipe.source, pipe.target)}
    inner: list[list[str]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for unit in units:
        if unit.id in touched:
            inner[depth[unit.id]].append(unit.id)
    sources = list(dict.fromkeys(pipe.source for pipe in joined if pipe.source.startswith("in/")))
    outlets = list(dict.fromkeys(pipe.target for pipe in joined if pipe.target.startswith("out/")))
    columns = [column for column in (sources, *inner, outlets) if column]
    return _uncrossed(columns, joined)


def _depth(unit: str, forward: Mapping[str, set[str]], depth: dict[str, int], above: tuple[str, ...]) -> int:
    if unit not in depth:
        # A circle of forward water is cut where it comes round again.
        fed_by = [each for each in forward.get(unit, ()) if each not in above and each != unit]
        depth[unit] = max((_depth(each, forward, depth, (*above, unit)) + 1 for each in fed_by), default=0)
    return depth[unit]


def _uncrossed(columns: list[list[str]], joined: Sequence[Joined]) -> list[list[str]]:
    """Order each column by the mean place of its neighbours, twice to and fro."""
    beside: dict[str, list[str]] = defaultdict(list)
    for pipe in joined:
        beside[pipe.source].append(pipe.target)
        beside[pipe.target].append(pipe.source)
    for _ in range(_SWEEPS):
        place = {
            name: number / max(len(column), 1) for column in columns for number, name in enumerate(column)
        }
        for column in columns:
            own = dict(place)
            column.sort(
                key=lambda name: _mean([own[each] for each in beside[name] if each in own], own[name])
            )
            place |= {name: number / max(len(column), 1) for number, name in enumerate(column)}
    return columns


def _mean(places: Sequence[float], alone: float) -> float:
    return sum(places) / len(places) if places else alone


def heights_of(columns: Sequence[Sequence[str]], joined: Sequence[Joined]) -> dict[str, float]:
    """Return the height of every box: room for each pipe that ends in it."""
    ports: dict[str, int] = defaultdict(int)
    for pipe in joined:
        ports[pipe.target] += 1
    return {
        name: max(BOX_H if "/" not in name else END_H, PORT * (ports[name] + 1))
        for column in columns
        for name in column
    }


def places_of(
    columns: Sequence[Sequence[str]], heights: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    """Return the upper left corner of every box; each column stands in the middle of the tallest."""
    tall = max((_tall(column, heights) for column in columns), default=0.0)
    places: dict[str, tuple[float, float]] = {}
    for number, column in enumerate(columns):
        spare = (tall - _tall(column, heights)) / (len(column) + 1)
        y = MARGIN + spare
        for name in column:
            places[name] = (MARGIN + number * (BOX_W + GAP_X), y)
            y += heights[name] + GAP_Y + spare
    return places


def _tall(column: Sequence[str], heights: Mapping[str, float]) -> float:
    return sum(heights[name] for name in column) + GAP_Y * (len(column) - 1)
