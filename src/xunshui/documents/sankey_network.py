"""What a Sankey diagram of a plant's water shows: the network made drawable without telling anything untrue.

ECharts draws a Sankey only for flows without circles, and plants recycle. The picture stays true by two rules:

* Water that circulates within one unit is no ribbon. It would be fifty times wider than the make-up water that
  matters; it is told in a line under the unit's name (`SankeyNode.note`, or a flow of kind ``circulating`` from a unit
  to itself, which becomes such a line).
* A flow that would close a circle is drawn in two halves of its full width: it leaves on the right into
  "回用至 X" and comes in again on the left from "来自 Y 的回用". Each half carries the whole volume, so what runs
  through every unit is what the meters say.

Which flows are halved is decided the same way every time: flows are laid down one after another, those that bring
water back (in-plant reuse, condensate) last and the larger ones first, and one that would close a circle with those
already laid is halved. So no flow is halved without need, and small or returning ones before large forward ones.

    原水 ──▶ 净环 ──▶ 污水处理 ──▶ 排水              原水 ──────▶ 净环 ──▶ 污水处理 ──▶ 排水
              ▲           │            becomes      来自污水处理的回用 ─▶           └──▶ 回用至净环
              └── 回用 ───┘

>>> out = SankeyFlow(source="a", target="b", volume_m3=9.0, kind="series")
>>> back = SankeyFlow(source="b", target="a", volume_m3=4.0, kind="reuse")
>>> nodes = [SankeyNode(id="a", label="净环", role="unit"), SankeyNode(id="b", label="污水处理", role="unit")]
>>> [(flow.source, flow.target) for flow in drawable(nodes, [out, back], {"series": "", "reuse": ""}).flows]
[('a', 'b'), ('b/回用来', 'a'), ('b', 'b/回用去')]
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

RETURNING = frozenset({"reuse", "condensate", "circulating"})
"""Kinds that bring water back, and so are halved before any other when a circle must be opened."""

SMALL_SHARE = 0.005

Role = Literal["source", "unit", "sink"]
_SIDES: tuple[Role, Role] = ("source", "sink")


class SankeyError(ValueError):
    """The flows cannot be drawn as they were given; `problems` lists every reason."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("桑基图无法绘制：" + "；".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class SankeyFlow:
    """Water from one node to another; `kind` is a key of the colours."""

    source: str
    target: str
    volume_m3: float
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SankeyNode:
    """A place that water comes from, runs through or ends in; `note` is a line under its name."""

    id: str
    label: str
    role: Role
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What is drawn: nodes in the order given, flows without circles, and what the reader must be told."""

    nodes: tuple[SankeyNode, ...]
    flows: tuple[SankeyFlow, ...]
    notes: tuple[str, ...] = ()


def drawable(
    nodes: Iterable[SankeyNode],
    flows: Iterable[SankeyFlow],
    colours: Mapping[str, str],
    *,
    unit_label: str = "m³/h",
    small_share: float = SMALL_SHARE,
) -> Network:
    """Return the network as it can be drawn: no circles, nothing too small to see; notes say what was merged.

    Raises `SankeyError` naming every mistake in the nodes and flows.
    """
    given = Network(nodes=tuple(nodes), flows=tuple(flows))
    _check(given, colours)
    return _without_small_ends(_without_circles(_without_loops(given, unit_label)), small_share)


def _check(network: Network, colours: Mapping[str, str]) -> None:
    """Raise one error that names every mistake in the nodes and flows."""
    times = Counter(node.id for node in network.nodes)
    problems = [f"节点“{name}”重复 {count} 次" for name, count in times.items() if count > 1]
    for flow in network.flows:
        where = f"水流“{flow.source} → {flow.target}”"
        problems += [
            f"{where}的端点“{end}”不在节点表中" for end in (flow.source, flow.target) if end not in times
        ]
        if not (math.isfinite(flow.volume_m3) and flow.volume_m3 >= 0):
            problems.append(f"{where}的水量 {flow.volume_m3} 应为不小于 0 的数")
        if flow.kind not in colours:
            problems.append(f"{where}的水类“{flow.kind}”没有颜色，可选 {'、'.join(colours)}")
    if problems:
        raise SankeyError(problems)


def _without_loops(network: Network, unit_label: str) -> Network:
    """Tell water that circulates within one unit as a line under its name, and drop flows of nothing."""
    circulating: defaultdict[str, float] = defaultdict(float)
    kept = []
    for flow in network.flows:
        if flow.kind == "circulating" and flow.source == flow.target:
            circulating[flow.source] += flow.volume_m3
        elif flow.volume_m3 > 0:
            kept.append(flow)
    noted = tuple(_with_circulation(node, circulating[node.id], unit_label) for node in network.nodes)
    return replace(network, nodes=noted, flows=tuple(kept))


def _with_circulation(node: SankeyNode, volume_m3: float, unit_label: str) -> SankeyNode:
    """Return the node with its circulating water in the note."""
    if not volume_m3:
        return node
    return replace(
        node, note=" ".join(filter(None, (node.note, f"循环 {volume_text(volume_m3)} {unit_label}")))
    )


def _without_circles(network: Network) -> Network:
    """Halve the flows that close a circle, each source of such flows getting one stub on either side."""
    laid, halved = _laid_and_halved(network.flows)
    labels = {node.id: node.label for node in network.nodes}
    stubs: list[SankeyNode] = []
    halves: list[SankeyFlow] = []
    for origin in dict.fromkeys(flow.source for flow in halved):
        mine = [flow for flow in halved if flow.source == origin]
        left, right = f"{origin}/回用来", f"{origin}/回用去"
        stubs.append(SankeyNode(id=left, label=f"来自{labels[origin]}的回用", role="source"))
        stubs.append(SankeyNode(id=right, label=f"回用至{_named_targets(mine, labels)}", role="sink"))
        halves += [replace(flow, source=left) for flow in mine]
        halves += [replace(flow, target=right) for flow in mine]
    return replace(network, nodes=(*network.nodes, *stubs), flows=(*laid, *halves))


def _laid_and_halved(flows: Sequence[SankeyFlow]) -> tuple[list[SankeyFlow], list[SankeyFlow]]:
    """Part the flows into those that are drawn whole and those that would close a circle."""
    onward: defaultdict[str, set[str]] = defaultdict(set)
    laid, halved = [], []
    for flow in sorted(flows, key=lambda flow: (flow.kind in RETURNING, -flow.volume_m3)):
        if _reaches(onward, flow.target, flow.source):
            halved.append(flow)
        else:
            onward[flow.source].add(flow.target)
            laid.append(flow)
    return laid, halved


def _reaches(onward: Mapping[str, set[str]], start: str, end: str) -> bool:
    """Return whether water from `start` can come to `end` along the flows laid so far."""
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        if here == end:
            return True
        fresh = onward.get(here, set()) - seen
        seen |= fresh
        waiting.extend(fresh)
    return False


def _named_targets(flows: Sequence[SankeyFlow], labels: Mapping[str, str]) -> str:
    """Return where halved flows go: the unit, or the largest of several and how many there are."""
    volumes: defaultdict[str, float] = defaultdict(float)
    for flow in flows:
        volumes[flow.target] += flow.volume_m3
    largest = labels[max(volumes, key=lambda target: volumes[target])]
    return largest if len(volumes) == 1 else f"{largest}等 {len(volumes)} 处"


def _without_small_ends(network: Network, small_share: float) -> Network:
    """Merge small sources into one, and small ends into one, where there are two or more of them.

    Whole nodes are merged, never single flows of a node that stays: the volume beside a name must be all of it.
    """
    incoming, outgoing = volumes(network.flows)
    total = math.fsum(volume for node, volume in outgoing.items() if node not in incoming)
    small = {
        "source": _small_nodes(network, "source", outgoing, small_share * total),
        "sink": _small_nodes(network, "sink", incoming, small_share * total),
    }
    merged = network
    for role in _SIDES:
        merged = _merged(merged, small[role], role)
    gone = [node for role in _SIDES for node in small[role]]
    notes = (_merging_note(gone, small_share),) if gone else ()
    return replace(merged, flows=_summed(merged.flows), notes=notes)


def _small_nodes(
    network: Network, role: Role, volumes: Mapping[str, float], limit_m3: float
) -> list[SankeyNode]:
    """Return the nodes at one side with less water than `limit_m3`; none where merging would only rename one."""
    one_sided = {flow.source for flow in network.flows} ^ {flow.target for flow in network.flows}
    small = [
        node
        for node in network.nodes
        if node.role == role and node.id in one_sided and 0 < volumes.get(node.id, 0.0) < limit_m3
    ]
    return small if len(small) > 1 else []


def _merged(network: Network, small: Sequence[SankeyNode], role: Role) -> Network:
    """Put one node in the place of the small ones."""
    if not small:
        return network
    other = SankeyNode(id=f"其他/{role}", label=f"其他（{len(small)} 项）", role=role)
    moved = dict.fromkeys((node.id for node in small), other.id)
    flows = tuple(
        replace(flow, source=moved.get(flow.source, flow.source), target=moved.get(flow.target, flow.target))
        for flow in network.flows
    )
    kept = (node for node in network.nodes if node.id not in moved)
    return replace(network, nodes=(*kept, other), flows=flows)


def _merging_note(gone: Sequence[SankeyNode], small_share: float) -> str:
    """Return the sentence that names what was merged."""
    shown = "、".join(node.label for node in gone[:6]) + ("等" if len(gone) > 6 else "")
    return f"水量不足总入水 {small_share * 100:.3g} % 的 {len(gone)} 项（{shown}）已并入“其他”。"


def _summed(flows: Iterable[SankeyFlow]) -> tuple[SankeyFlow, ...]:
    """Join flows of one kind between the same two nodes."""
    volumes: defaultdict[tuple[str, str, str], list[float]] = defaultdict(list)
    for flow in flows:
        volumes[flow.source, flow.target, flow.kind].append(flow.volume_m3)
    return tuple(
        SankeyFlow(source=source, target=target, kind=kind, volume_m3=math.fsum(parts))
        for (source, target, kind), parts in volumes.items()
    )


def volumes(flows: Iterable[SankeyFlow]) -> tuple[dict[str, float], dict[str, float]]:
    """Return what comes into and what goes out of each node [m³]."""
    incoming: defaultdict[str, float] = defaultdict(float)
    outgoing: defaultdict[str, float] = defaultdict(float)
    for flow in flows:
        incoming[flow.target] += flow.volume_m3
        outgoing[flow.source] += flow.volume_m3
    return dict(incoming), dict(outgoing)


def volume_text(volume_m3: float) -> str:
    """Return a volume for a label: three figures at least, thousands parted by thin spaces.

    >>> [volume_text(volume).replace("\\u2009", "_") for volume in (32000.4, 41.25, 7.0)]
    ['32_000', '41.2', '7']
    """
    if volume_m3 >= 100:
        return f"{volume_m3:,.0f}".replace(",", "\u2009")
    return f"{volume_m3:.3g}"
