"""Bridges of a network: edges that lie on no cycle."""

from __future__ import annotations

import numpy as np

from xunshui.balance.arrays import Booleans, Integers


def bridges(size: int, tail: Integers, head: Integers) -> Booleans:
    """Return which of these edges between `size` nodes are bridges, in one walk (Tarjan 1974).

    Two edges side by side are no bridges, nor is an edge from a node to itself.

    >>> bridges(4, np.array([0, 1, 2, 2]), np.array([1, 2, 0, 3])).tolist()
    [False, False, False, True]
    """
    around: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    for edge, (one, other) in enumerate(zip(tail.tolist(), head.tolist(), strict=True)):
        around[one].append((other, edge))
        around[other].append((one, edge))
    found = np.zeros(len(tail), dtype=np.bool_)
    reached = [-1] * size
    for start in range(size):
        if reached[start] < 0 and around[start]:
            _walk(start, around, reached, found)
    return found


def _walk(start: int, around: list[list[tuple[int, int]]], reached: list[int], found: Booleans) -> None:
    """Walk one part in depth first; `lowest` is the earliest node that a subtree comes back to."""
    lowest: dict[int, int] = {}
    clock = 0
    path = [(start, -1, iter(around[start]))]
    reached[start] = lowest[start] = clock
    while path:
        node, came_by, ways = path[-1]
        step = next(((other, edge) for other, edge in ways if edge != came_by), None)
        if step is None:
            path.pop()
            if path:
                above = path[-1][0]
                lowest[above] = min(lowest[above], lowest[node])
                found[came_by] = lowest[node] > reached[above]
            continue
        other, edge = step
        if reached[other] < 0:
            clock += 1
            reached[other] = lowest[other] = clock
            path.append((other, edge, iter(around[other])))
        else:
            lowest[node] = min(lowest[node], reached[other])
