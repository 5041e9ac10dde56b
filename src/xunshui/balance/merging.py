"""What unmeasured streams leave of a network: the nodes they join are balanced as one.

A balance across an unmeasured stream checks nothing, so its two ends are merged. What is left are groups of nodes
joined by measured streams alone (Mah, Stanley & Downing, Ind. Eng. Chem. Process Des. Dev. 15, 1976, 175;
Kretsovalis & Mah, Chem. Eng. Sci. 42, 1987, 2741). In each part of it one group's balance follows from the others':
it is earthed, the outside where the part holds it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from xunshui.balance.arrays import Booleans, Integers
from xunshui.balance.conductance import EARTH
from xunshui.balance.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Groups of nodes, and which of them are balanced.

    `group` [nodes + 1] is each node's, the outside's last; `row` [groups] is the number of a group's balance, `EARTH`
    where it is not asked; `checked` [streams] tells the measured streams between two groups, `adjusted` those of
    them whose value may be corrected; `open_to_outside` [rows] the balances in the outside's part.
    """

    group: Integers
    row: Integers
    checked: Booleans
    adjusted: Booleans
    open_to_outside: Booleans

    @property
    def rows(self) -> int:
        """Return how many balances there are: the degrees of freedom."""
        return len(self.open_to_outside)

    def row_of(self, nodes: Integers) -> Integers:
        """Return the number of each node's balance, or `EARTH`."""
        return self.row[self.group[nodes]]

    def summing(self) -> csr_array:
        """Return the matrix [rows × nodes] that sums the nodes of each balance; the outside has no column."""
        nodes = np.arange(len(self.group) - 1)
        row = self.row_of(nodes)
        kept = row != EARTH
        ones = np.ones(int(kept.sum()))
        return csr_array((ones, (row[kept], nodes[kept])), shape=(self.rows, len(nodes)))


def merged(network: Network, measured: Booleans, exact: Booleans) -> Merged:
    """Return the groups that the unmeasured streams of a network make; `exact` streams are not to be corrected."""
    size = network.outside + 1
    count, group = joined(size, network.tail[~measured], network.head[~measured])
    tail, head = group[network.tail], group[network.head]
    checked = measured & (tail != head)
    adjusted = checked & ~exact
    parts, part = joined(count, tail[adjusted], head[adjusted])
    outside = group[network.outside]
    earthed = np.full(parts, -1, dtype=np.intp)
    earthed[part[::-1]] = np.arange(count)[::-1]  # the first group of each part
    earthed[part[outside]] = outside
    is_row = np.ones(count, dtype=np.bool_)
    is_row[earthed] = False
    row = np.where(is_row, np.cumsum(is_row) - 1, EARTH)
    return Merged(
        group=group,
        row=row,
        checked=checked,
        adjusted=adjusted,
        open_to_outside=(part == part[outside])[is_row],
    )


def joined(size: int, tail: Integers, head: Integers) -> tuple[int, Integers]:
    """Return how many parts these edges make of `size` nodes, and each node's part."""
    if not len(tail):
        return size, np.arange(size)
    graph = coo_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(size, size))
    count, part = connected_components(graph, directed=False)
    return int(count), part.astype(np.intp)
