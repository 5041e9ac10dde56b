"""A flow network: nodes, joined with one another and with the outside by streams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from xunshui.balance.arrays import Booleans, Floats, Integers

OUTSIDE = "env"


class NetworkMistake(ValueError):
    """A network that cannot be read; says which stream, what is wrong with it, and what would do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Streams between nodes; the outside is the node after the last.

    Arrays have one entry a stream: `tail` is the node it leaves, `head` the node it enters, and a `signed` stream
    may run backwards (what goes into a tank, say).
    """

    nodes: tuple[str, ...]
    streams: tuple[str, ...]
    tail: Integers
    head: Integers
    signed: Booleans

    @classmethod
    def of(cls, streams: Iterable[tuple[str, str, str]], signed: Collection[str] = ()) -> Network:
        """Return the network of these streams, each (its name, from, to); "env" is the outside.

        Nodes are numbered in the order in which they are first named. Raises `NetworkMistake` where a stream's
        name comes twice.
        """
        rows = list(streams)
        names = tuple(name for name, _, _ in rows)
        if twice := [name for name, times in Counter(names).items() if times > 1]:
            raise NetworkMistake(f"水流 {'、'.join(twice)} 出现了不止一次；每条水流的编号只能用一次")
        nodes = tuple(dict.fromkeys(end for _, *ends in rows for end in ends if end != OUTSIDE))
        number = {node: at for at, node in enumerate(nodes)} | {OUTSIDE: len(nodes)}
        return cls(
            nodes=nodes,
            streams=names,
            tail=np.array([number[source] for _, source, _ in rows], dtype=np.intp),
            head=np.array([number[target] for _, _, target in rows], dtype=np.intp),
            signed=np.array([name in signed for name in names], dtype=np.bool_),
        )

    @property
    def outside(self) -> int:
        """Return the number that the outside has."""
        return len(self.nodes)

    def incidence(self) -> csr_array:
        """Return the incidence matrix [nodes × streams]: 1 where a stream enters a node, -1 where it leaves."""
        count = len(self.streams)
        rows = np.concatenate([self.head, self.tail])
        columns = np.tile(np.arange(count), 2)
        values = np.repeat([1.0, -1.0], count)
        inside = rows != self.outside
        return csr_array(
            (values[inside], (rows[inside], columns[inside])),
            shape=(len(self.nodes), count),
            dtype=np.float64,
        )

    def net_inflow(self, flow: Floats) -> Floats:
        """Return what flows into each node less what flows out of it [(…, nodes)] for `flow` [(…, streams)]."""
        return np.asarray((self.incidence() @ flow.T).T)
