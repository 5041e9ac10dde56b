"""The host's side of Sparkplug B: what is known of edge nodes and their devices, from birth to death.

A birth gives names to aliases; data uses them; a death takes the link away, so that the last values are told once
more with the quality "no link". Numbers of messages that are missing are counted, and a node that cannot be
understood is asked to be born again (Sparkplug 3.0.0, chapters 5 and 6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from xunshui.telemetry.connectors.instants import is_plausible
from xunshui.telemetry.connectors.mqtt.reading import Part, Reading, Unreadable
from xunshui.telemetry.connectors.mqtt.sparkplug_payload import (
    BOOLEAN,
    Metric,
    Payload,
    PayloadInvalid,
    decode,
    encode,
    number_of,
)
from xunshui.telemetry.localtime import SECOND_US
from xunshui.telemetry.sample import Quality, Sample

NAMESPACE = "spBv1.0"
ASK_AGAIN_US = 10 * SECOND_US
"""A node that does not answer is not asked more often than that."""
CONTROLS = ("Node Control/", "Device Control/", "bdSeq")
_BIRTHS, _DEATHS = ("NBIRTH", "DBIRTH"), ("NDEATH", "DDEATH")
_OURS = {"NBIRTH": 4, "NDATA": 4, "NDEATH": 4, "DBIRTH": 5, "DDATA": 5, "DDEATH": 5}
_QUALITIES = {0: Quality.BAD, 192: Quality.VALID, 500: Quality.UNCERTAIN}


@dataclass(slots=True)
class Source:
    """One device, or a node for its own metrics: what its birth said, and its last values."""

    name: str
    born: bool = False
    names: dict[int, str] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class EdgeNode:
    """One edge node; its own metrics are those of the source ``""``."""

    id: tuple[str, str]
    bd_seq: int | None = None
    seq: int | None = None
    asked_us: int | None = None
    sources: dict[str, Source] = field(default_factory=dict)

    @property
    def born(self) -> bool:
        """Return whether its birth was heard and no death since."""
        return "" in self.sources and self.sources[""].born

    def source(self, device: str) -> Source:
        """Return a device of the node, or the node itself."""
        if device not in self.sources:
            ids = (*self.id, device) if device else self.id
            self.sources[device] = Source(".".join(map(_id, ids)))
        return self.sources[device]


@dataclass(slots=True)
class Host:
    """All nodes of one broker."""

    nodes: dict[tuple[str, str], EdgeNode] = field(default_factory=dict)
    counts: dict[str, int] = field(
        default_factory=lambda: {"seq_gaps": 0, "rebirths_asked": 0, "stale_deaths": 0}
    )

    def take(self, topic: str, content: bytes, received_us: int) -> Reading | None:
        """Return what a message tells, or None for one that is not for a host. Raises `Unreadable`."""
        namespace, *levels = topic.split("/")
        if namespace != NAMESPACE or len(levels) < 2 or levels[1] not in _OURS:
            return None
        kind = levels[1]
        if len(levels) + 1 != _OURS[kind]:
            raise Unreadable(f"{kind} 的主题 {topic} 级数不对")
        try:
            payload = decode(content)
        except PayloadInvalid as error:
            raise Unreadable(f"不是 Sparkplug B 的负载：{error}") from None
        group, _, name, *device = levels
        node = self.nodes.setdefault((group, name), EdgeNode((group, name)))
        source = node.source(device[0] if device else "")
        if kind in _DEATHS:
            return self._death(node, source, payload, received_us, of_node=kind == "NDEATH")
        trouble = self._count(node, payload, is_birth=kind == "NBIRTH")
        if kind in _BIRTHS:
            _be_born(node, source, payload, of_node=kind == "NBIRTH")
        unknown = [metric.alias or 0 for metric, name in _named(source, payload) if name is None]
        if unknown:
            trouble = f"{source.name} 的别名 {'、'.join(map(str, unknown))} 没有出现在出生报文里"
        elif not (node.born and source.born):
            trouble = f"{source.name} 的出生报文还没有收到"
        rebirth = self._asked(node, received_us) if trouble else None
        told = _samples(source, payload, received_us)
        samples = [sample for sample in told if is_plausible(sample.at_us)]
        if len(samples) < len(told):
            trouble = f"{source.name} 的时钟不对，{len(told) - len(samples)} 个值没有收下"
        return Reading(parts=[Part(source.name, samples)], trouble=trouble, rebirth=rebirth)

    def _count(self, node: EdgeNode, payload: Payload, *, is_birth: bool) -> str:
        before, node.seq = node.seq, payload.seq
        if is_birth or before is None or payload.seq in (None, before, (before + 1) % 256):
            # The same number again is a message that the broker sent twice.
            return ""
        self.counts["seq_gaps"] += 1
        return f"{'.'.join(node.id)} 的报文序号从 {before} 跳到 {payload.seq}"

    def _asked(self, node: EdgeNode, now_us: int) -> tuple[str, str] | None:
        if node.asked_us is not None and now_us - node.asked_us < ASK_AGAIN_US:
            return None
        node.asked_us = now_us
        self.counts["rebirths_asked"] += 1
        return node.id

    def _death(
        self, node: EdgeNode, source: Source, payload: Payload, received_us: int, *, of_node: bool
    ) -> Reading:
        trouble = "" if of_node else self._count(node, payload, is_birth=False)
        if of_node and _bd_seq(payload) not in (None, node.bd_seq) and node.bd_seq is not None:
            # The will of an earlier connection that the broker tells late; the node has been born again since.
            self.counts["stale_deaths"] += 1
            return Reading(parts=[Part(source.name, [])])
        # A will is written when the node connects: its timestamp is not that of the death.
        told_us = (payload.timestamp or 0) * 1000
        at_us = told_us if not of_node and is_plausible(told_us) else received_us
        parts = []
        for dead in list(node.sources.values()) if of_node else [source]:
            lost = [Sample(name, at_us, value, Quality.NO_LINK) for name, value in dead.last.items()]
            dead.born = False
            dead.last.clear()
            if lost or dead is source:
                parts.append(Part(dead.name, lost))
        if of_node:
            node.seq = None
        return Reading(parts=parts, trouble=trouble)


def rebirth_of(now_us: int) -> bytes:
    """Return the payload of the command by which a node is asked to be born again."""
    asked = Metric(name="Node Control/Rebirth", timestamp=now_us // 1000, datatype=BOOLEAN, value=True)
    return encode(Payload(timestamp=now_us // 1000, metrics=[asked]))


def _be_born(node: EdgeNode, source: Source, payload: Payload, *, of_node: bool) -> None:
    if of_node:
        node.bd_seq = _bd_seq(payload)
        for other in node.sources.values():
            # Devices of a node that was born again are born after it.
            other.born = False
    source.born = True
    named = [metric for metric in payload.metrics if metric.name is not None]
    source.names = {metric.alias: metric.name or "" for metric in named if metric.alias is not None}
    source.types = {metric.name or "": metric.datatype for metric in named if metric.datatype is not None}


def _samples(source: Source, payload: Payload, received_us: int) -> list[Sample]:
    samples = []
    for metric, name in _named(source, payload):
        if name is None or name.startswith(CONTROLS):
            continue
        datatype = metric.datatype or source.types.get(name)
        value = None if metric.is_null else number_of(metric.value, datatype)
        if value is None:
            continue
        if not metric.is_historical:
            source.last[name] = value
        stamp = metric.timestamp or payload.timestamp
        quality = _QUALITIES.get(192 if metric.quality is None else metric.quality, Quality.UNKNOWN_FLAG)
        samples.append(Sample(name, received_us if stamp is None else stamp * 1000, value, quality))
    return samples


def _named(source: Source, payload: Payload) -> Iterator[tuple[Metric, str | None]]:
    for metric in payload.metrics:
        if metric.name:
            yield metric, metric.name
        else:
            yield metric, source.names.get(metric.alias) if metric.alias is not None else None


def _bd_seq(payload: Payload) -> int | None:
    found = next((metric.value for metric in payload.metrics if metric.name == "bdSeq"), None)
    return int(found) if isinstance(found, int) else None


def _id(level: str) -> str:
    """Return a level so that it can stand between dots, and in a channel's name."""
    return level.replace("%", "%25").replace(".", "%2E")
