"""A site's water in a period as a network: units are nodes, streams are flows, what tanks took in is held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import nan

import numpy as np

from xunshui.balance.arrays import Floats
from xunshui.balance.metering import Assumptions, Known, Metering, assumptions, metering
from xunshui.balance.network import Network
from xunshui.balance.redundancy import Class
from xunshui.balance.result import Balanced, balanced
from xunshui.site.kinds import OUTSIDE
from xunshui.site.model import Site

WITHIN, STORED, UNTOLD = "within:", "stored:", "untold:"
"""What begins the names of flows that no stream of the file tells: between a unit and its parts, into a tank, and the
side that a unit does not tell of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNetwork:
    """The network with one reading a stream [m³ in the period]; `metering` tells for each stream how sure it is.

    Flows that no stream of the file tells come last; they have no meter.
    """

    period: str
    network: Network
    values: Floats
    sd: Floats
    held: Floats
    metering: Mapping[str, Metering]
    assumed: Assumptions

    def balanced(self) -> Balanced:
        """Return the period balanced as a whole."""
        result = balanced(self.network, self.values, self.sd, self.held)
        checked = [flow.id for flow in result.flows if flow.kind is Class.REDUNDANT]
        estimated = sum(self.metering[name].known is Known.ESTIMATED for name in checked)
        return replace(result, estimated=estimated)


def site_network(site: Site, period: str, assumed: Assumptions | None = None) -> SiteNetwork | None:
    """Return the network of a site in a period; None where no stream joins a unit with anything.

    Water that a unit sends to itself is told, but no balance can check it. A unit of the upper level that has streams
    of its own and no stream to its parts is taken to pass its water on to them, unseen. A tank whose change is not told
    takes in or gives what the balance leaves. A unit that tells only what enters, or only what leaves, has the other side
    untold: else its balance would correct all of it away.
    """
    assumed = assumed or assumptions()
    until = next((each.end for each in site.periods if each.id == period), None)
    meters = {meter.id: meter for meter in site.meters}
    known = {stream.id: metering(stream, meters, period, until, assumed) for stream in site.streams}
    told = [(stream.id, stream.source, stream.target) for stream in site.streams]
    signed = [*_within(site), *_into_tanks(site, period)]
    unseen = [*signed, *_other_sides(site, period, [*told, *signed])]
    if all(source == target == OUTSIDE for _, source, target in [*told, *unseen]):
        return None
    network = Network.of([*told, *unseen], signed=[name for name, _, _ in signed])
    volumes = [float(stream.volume_m3.get(period, nan)) for stream in site.streams]
    sure = [_sd(known[stream.id], volume) for stream, volume in zip(site.streams, volumes, strict=True)]
    without = [nan] * len(unseen)
    return SiteNetwork(
        period=period,
        network=network,
        values=np.array([*volumes, *without]),
        sd=np.array([*sure, *without]),
        held=_held(site, period, network),
        metering=known,
        assumed=assumed,
    )


def _sd(known: Metering, volume: float) -> float:
    """Return the standard uncertainty [m³]; NaN where nothing is told. Where there was no water, that is exact."""
    return nan if known.known is Known.MISSING else volume * known.percent / 100


def _within(site: Site) -> Iterator[tuple[str, str, str]]:
    """Yield the unseen flows between units with streams of their own and their parts."""
    ends = {end for stream in site.streams for end in (stream.source, stream.target)}
    joined = {frozenset((stream.source, stream.target)) for stream in site.streams}
    parts: dict[str, list[str]] = {}
    for unit in site.units:
        if unit.parent is not None and unit.id in ends:
            parts.setdefault(unit.parent, []).append(unit.id)
    for whole, inside in parts.items():
        if whole in ends and not any(frozenset((whole, part)) in joined for part in inside):
            yield from ((f"{WITHIN}{part}", whole, part) for part in inside)


def _into_tanks(site: Site, period: str) -> Iterator[tuple[str, str, str]]:
    """Yield the unseen flows into tanks whose change is told for another period, but not for this one."""
    for tank in site.tanks:
        if tank.change_m3 and period not in tank.change_m3:
            yield f"{STORED}{tank.id}", tank.unit, OUTSIDE


def _other_sides(
    site: Site, period: str, flows: list[tuple[str, str, str]]
) -> Iterator[tuple[str, str, str]]:
    """Yield the unseen flows of units with one side only; where there was no water there is no side."""
    dry = {stream.id for stream in site.streams if stream.volume_m3.get(period) == 0}
    moving = [(source, target) for name, source, target in flows if source != target and name not in dry]
    enters, leaves = {target for _, target in moving}, {source for source, _ in moving}
    stored = {tank.unit for tank in site.tanks if tank.change_m3.get(period)}
    for unit in (unit.id for unit in site.units if unit.id not in stored):
        if unit in enters and unit not in leaves:
            yield f"{UNTOLD}{unit}", unit, OUTSIDE
        elif unit in leaves and unit not in enters:
            yield f"{UNTOLD}{unit}", OUTSIDE, unit


def _held(site: Site, period: str, network: Network) -> Floats:
    number = {node: at for at, node in enumerate(network.nodes)}
    held = np.zeros(len(network.nodes))
    for tank in site.tanks:
        if period in tank.change_m3 and tank.unit in number:
            held[number[tank.unit]] += float(tank.change_m3[period])
    return held
