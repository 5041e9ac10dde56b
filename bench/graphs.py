"""Networks of any size for benches: half as many nodes as streams, flows that close, meters of 1–5 %.

"plant": 70 % of the streams join neighbours, as pipes of one workshop do; "random": any node may be joined to any other.
One stream in ten has no meter; one in ten runs to or from the outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu

from xunshui.balance import Booleans, Floats, Integers, Network

Kind = Literal["plant", "random"]
LOCAL = {"plant": 0.7, "random": 0.0}
NEAR = 9
OUTSIDE = 0.1
UNMEASURED = 0.1


@dataclass(frozen=True, slots=True)
class Graph:
    """A network, its true flows, one reading of them, and the meters' sd; NaN where there is no meter."""

    network: Network
    true: Floats
    readings: Floats
    sd: Floats


def graph(streams: int, kind: Kind, seed: int, *, unmeasured: float = UNMEASURED) -> Graph:
    """Return a network of `streams` streams."""
    chance = np.random.default_rng(seed)
    nodes = streams // 2
    tail, head = _ends(streams, nodes, kind, chance)
    tail, head, true = _closing(nodes, tail, head, chance)
    sd = np.maximum(true, 0.1) * chance.uniform(0.01, 0.05, streams)
    readings = np.maximum(true + sd * chance.normal(size=streams), 0.0)
    hidden = chance.random(streams) < unmeasured
    return Graph(
        _network(nodes, tail, head), true, np.where(hidden, np.nan, readings), np.where(hidden, np.nan, sd)
    )


def _ends(streams: int, nodes: int, kind: Kind, chance: np.random.Generator) -> tuple[Integers, Integers]:
    """Return a tree that reaches every node from the outside, then further streams."""
    child = np.arange(nodes)
    near = np.maximum(child - chance.integers(1, NEAR, nodes), 0)
    parent = near if kind == "plant" else (chance.random(nodes) * child).astype(np.intp)
    parent[0] = nodes  # the outside
    more = streams - nodes
    one = chance.integers(0, nodes, more)
    beside = np.clip(one + chance.integers(1, NEAR, more) * chance.choice([-1, 1], more), 0, nodes - 1)
    other = np.where(chance.random(more) < LOCAL[kind], beside, chance.integers(0, nodes, more))
    other[(chance.random(more) < OUTSIDE) | (other == one)] = nodes
    return np.concatenate([child, one]), np.concatenate([parent, other])


def _closing(
    nodes: int, tail: Integers, head: Integers, chance: np.random.Generator
) -> tuple[Integers, Integers, Floats]:
    """Return the streams turned so that their flows close and none is negative: the tree carries what is left over."""
    flow = chance.lognormal(2, 1, len(tail))
    incidence = csc_array(_network(nodes, tail, head).incidence())
    tree = csc_array(incidence[:, :nodes])
    flow[:nodes] = splu(tree).solve(-(incidence[:, nodes:] @ flow[nodes:]))
    turned: Booleans = flow < 0
    return np.where(turned, head, tail), np.where(turned, tail, head), np.abs(flow)


def _network(nodes: int, tail: Integers, head: Integers) -> Network:
    return Network(
        nodes=tuple(f"n{at}" for at in range(nodes)),
        streams=tuple(f"s{at}" for at in range(len(tail))),
        tail=tail,
        head=head,
        signed=np.zeros(len(tail), dtype=np.bool_),
    )
