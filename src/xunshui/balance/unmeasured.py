"""Unmeasured streams: which of them the balances tell, and how.

A stream on no cycle of unmeasured streams is told: cut there, a group of nodes falls in two, and what flows through is
what the measured streams bring to one side. A stream on such a cycle cannot be told (Mah, Stanley & Downing 1976).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order

from xunshui.balance.arrays import Booleans, Integers
from xunshui.balance.bridges import bridges
from xunshui.balance.merging import joined
from xunshui.balance.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """Which unmeasured streams can be told.

    `told` are their numbers; `sums` [told × nodes] adds up the net inflow of the nodes on one side of each, so that
    `sums @ (net inflow by measured streams - held)` is their flow.
    `block` [nodes + 1] is the set of nodes, joined by streams that cannot be told, in which each node lies.
    """

    told: Integers
    sums: csr_array
    block: Integers


def unmeasured(network: Network, measured: Booleans) -> Unmeasured:
    """Return what can be told of the unmeasured streams."""
    numbers = np.flatnonzero(~measured)
    size = network.outside + 1
    if not len(numbers):
        return Unmeasured(told=numbers, sums=csr_array((0, size - 1)), block=np.arange(size))
    is_bridge = bridges(size, network.tail[numbers], network.head[numbers])
    hidden, told = numbers[~is_bridge], numbers[is_bridge]
    count, block = joined(size, network.tail[hidden], network.head[hidden])
    tail, head = block[network.tail[told]], block[network.head[told]]
    above = _towards_roots(count, tail, head, int(block[network.outside]))
    return Unmeasured(told=told, sums=_sums(block[:-1], above, tail, head), block=block)


def _towards_roots(count: int, tail: Integers, head: Integers, outside: int) -> Integers:
    """Return the next block on each block's way to its tree's root; -1 for a root. The outside is one."""
    _, tree = joined(count, tail, head)
    root = np.full(count, -1, dtype=np.intp)
    root[tree[::-1]] = np.arange(count)[::-1]
    root[tree[outside]] = outside
    roots = np.unique(root[root >= 0])
    above_all = count
    rows = np.concatenate([tail, np.full(len(roots), above_all)])
    columns = np.concatenate([head, roots])
    graph = csr_array(
        coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(count + 1, count + 1))
    )
    _, before = breadth_first_order(graph, above_all, directed=False)
    above = before[:count].astype(np.intp)
    above[above == above_all] = -1
    return above


def _sums(block: Integers, above: Integers, tail: Integers, head: Integers) -> csr_array:
    """Return the signed sums over each told stream's far side, walking from every node up to its root."""
    leaves = above[tail] == head  # else it is the head that lies on the far side
    far = np.where(leaves, tail, head)
    stream_of, sign = np.full(len(above), -1, dtype=np.intp), np.where(leaves, 1.0, -1.0)
    stream_of[far] = np.arange(len(far))
    rows, columns = [np.zeros(0, dtype=np.intp)], [np.zeros(0, dtype=np.intp)]
    nodes, at = np.arange(len(block)), block
    while len(nodes):
        below_root = above[at] >= 0
        nodes, at = nodes[below_root], at[below_root]
        rows.append(stream_of[at])
        columns.append(nodes)
        at = above[at]
    row, column = np.concatenate(rows), np.concatenate(columns)
    return csr_array((sign[row], (row, column)), shape=(len(tail), len(block)))
