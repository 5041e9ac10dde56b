"""Where the water goes: the graph of one period as a Sankey diagram, circulation taken off the ribbons.

Water that runs round between two units and back is told as circulation of the unit that sends it; only
what is left behind on the way is a ribbon. What a unit took in and nobody saw leave ends in 未查明去向.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from xunshui.balance import Volumes
from xunshui.documents.draw import ChartOption
from xunshui.documents.report.circulation import without_rounds
from xunshui.documents.report.names import Names
from xunshui.documents.sankey import SankeyFlow, SankeyNode, sankey_option
from xunshui.documents.typeset import shortened
from xunshui.site.graph import Stream
from xunshui.site.kinds import CIRCULATING, INTAKE, KINDS, OUTSIDE, RECLAIMED, Group, WaterKind
from xunshui.site.model import Site
from xunshui.site.operation import Period

M3_PER_H_FROM = 20
MOST_UNITS = 24
MOST_SOURCES = 8
_LONGEST_LABEL = 16
_ROUND_KINDS = CIRCULATING | {WaterKind.CIRCULATING_RETURN}
_KINDS_OF_GROUPS = {
    Group.CONVENTIONAL: "conventional",
    Group.NON_CONVENTIONAL: "other_nonconventional",
    Group.SUPPLIED: "supplied",
    Group.CONSUMED: "consumption",
    Group.DISCHARGED: "discharge",
    Group.LEAKED: "leakage",
}
_UNKNOWN_IN, _UNKNOWN_OUT = "in/unaccounted", "out/unaccounted"
_UNKNOWN_TITLES = {_UNKNOWN_IN: "未查明来源", _UNKNOWN_OUT: "未查明去向"}

Told = Sequence[tuple[Stream, Fraction]]
Ends = dict[tuple[str, str, str], Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterMap:
    """The diagram's content: nodes, flows in `unit`, and what the reader must be told."""

    title: str
    unit: str
    nodes: tuple[SankeyNode, ...]
    flows: tuple[SankeyFlow, ...]
    notes: tuple[str, ...]

    def chart(self, width_px: int) -> ChartOption:
        """Return the diagram laid out for a page of that width."""
        return sankey_option(self.nodes, self.flows, unit_label=self.unit, width_px=width_px)


def water_map(site: Site, period: Period, title: str) -> WaterMap | None:
    """Return the diagram of a period; None where nothing flows that could be drawn."""
    volumes = Volumes(site, period.id)
    told = [(stream, volume) for stream in site.streams if (volume := volumes.of(stream))]
    if not told:
        return None
    homes, rolled = _homes(site, told)
    found = _pipes(told, homes) | _unaccounted(site, homes, volumes, period.id)
    unit, divisor = _scale(told, period)
    flows = tuple(
        SankeyFlow(source=source, target=target, kind=kind, volume_m3=float(volume / divisor))
        for (source, target, kind), volume in found.items()
    )
    missing = sum(volumes.of(stream) is None for stream in site.streams)
    return WaterMap(
        title=f"{title}水量走向",
        unit=unit,
        nodes=_nodes(site, told, flows),
        flows=flows,
        notes=tuple(_notes(rolled, missing)),
    )


def _scale(told: Told, period: Period) -> tuple[str, int]:
    """Return the unit in which the figures read well: an hourly mean for a plant, the volume for a small site."""
    taken = sum((volume for stream, volume in told if stream.kind in INTAKE), Fraction(0))
    return ("m³/h", period.hours) if taken >= M3_PER_H_FROM * period.hours else ("m³", 1)


def _notes(rolled: bool, missing: int) -> Iterator[str]:
    if rolled:
        yield "单元较多，图中并入上级单元；逐条水流见下表。"
    if missing:
        yield f"{missing} 条水流没有水量，未画入图中。"


def _homes(site: Site, told: Told) -> tuple[Mapping[str, str], bool]:
    """Return the unit that each unit is drawn as: itself, or where there are too many the one it belongs to."""
    homes = {end: end for stream, _ in told for end in (stream.source, stream.target) if end != OUTSIDE}
    units = {unit.id: unit for unit in site.units}
    rolled = False
    for level in (3, 2):
        if len(set(homes.values())) <= MOST_UNITS:
            break
        deep = {unit.id: unit.parent for unit in site.units if unit.level == level and unit.parent in units}
        homes = {unit: deep.get(home) or home for unit, home in homes.items()}
        rolled = rolled or bool(deep)
    return homes, rolled


def _pipes(told: Told, homes: Mapping[str, str]) -> Ends:
    """Return the volumes between nodes by kind of colour; circulation as a loop on the unit that sends it."""
    pipes: Ends = defaultdict(Fraction)
    rounds: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    sources = _sources(told)
    for stream, volume in told:
        source = homes.get(stream.source) or sources[stream.id]
        target = homes.get(stream.target) or f"out/{stream.kind}"
        if stream.kind in CIRCULATING:
            pipes[source, source, "circulating"] += volume
        if stream.kind in _ROUND_KINDS and source != target:
            rounds[source, target] += volume
        elif source != target:
            pipes[source, target, colour_of(stream.kind)] += volume
    left = {(*ends, "circulating"): volume for ends, volume in without_rounds(rounds).items()}
    return pipes | left


def _sources(told: Told) -> dict[str, str]:
    """Return the node that each intake comes from: its own, or where there are many that of its kind."""
    intakes = [stream for stream, _ in told if stream.source == OUTSIDE]
    apart = len(intakes) <= MOST_SOURCES
    return {stream.id: f"in/{stream.id}" if apart else f"in/{stream.kind}" for stream in intakes}


def colour_of(kind: WaterKind) -> str:
    """Return the key of a kind of water among the colours of the charts."""
    if kind in RECLAIMED:
        return "reclaimed"
    return _KINDS_OF_GROUPS.get(KINDS[kind].group, str(kind))


def _unaccounted(site: Site, homes: Mapping[str, str], volumes: Volumes, period: str) -> Ends:
    """Return what each node's water is short of or has too much of; nothing where a volume is missing."""
    residuals: dict[str, Fraction] = defaultdict(Fraction)
    unknown: set[str] = set()
    for stream in site.streams:
        volume = volumes.of(stream)
        for unit, sign in ((stream.target, 1), (stream.source, -1)):
            if volume is None:
                unknown.add(homes.get(unit, unit))
            elif unit in homes:
                residuals[homes[unit]] += sign * volume
    for tank in site.tanks:
        if tank.unit in homes:
            residuals[homes[tank.unit]] -= Fraction(tank.change_m3.get(period, 0))
    return {
        _unaccounted_ends(unit, residual): abs(residual)
        for unit, residual in residuals.items()
        if residual and unit not in unknown
    }


def _unaccounted_ends(unit: str, residual: Fraction) -> tuple[str, str, str]:
    return (unit, _UNKNOWN_OUT, "unaccounted") if residual > 0 else (_UNKNOWN_IN, unit, "unaccounted")


def _nodes(site: Site, told: Told, flows: Iterable[SankeyFlow]) -> tuple[SankeyNode, ...]:
    """Return the nodes of these flows, sources first, units in the order of the file."""
    names, labels = Names(site), _outer_labels(told)
    ends = dict.fromkeys(end for flow in flows for end in (flow.source, flow.target))
    units = [unit.id for unit in site.units if unit.id in ends]
    sources = [end for end in ends if end.startswith("in/")]
    sinks = [end for end in ends if end.startswith("out/")]
    return (
        *(SankeyNode(id=end, label=labels[end], role="source") for end in sources),
        *(
            SankeyNode(id=unit, label=shortened(names.end(unit), _LONGEST_LABEL), role="unit")
            for unit in units
        ),
        *(SankeyNode(id=end, label=labels[end], role="sink") for end in sinks),
    )


def _outer_labels(told: Told) -> dict[str, str]:
    """Return the label of every node outside the site."""
    sources = _sources(told)
    labels = dict(_UNKNOWN_TITLES)
    for stream, _ in told:
        title = KINDS[stream.kind].title
        labels[f"out/{stream.kind}"] = labels[f"in/{stream.kind}"] = title
        if stream.id in sources and sources[stream.id] == f"in/{stream.id}":
            labels[f"in/{stream.id}"] = shortened(stream.name or title, _LONGEST_LABEL)
    return labels
