"""Circulating water taken off the ribbons: what runs round is told as a figure, what is left behind flows.

>>> left = without_rounds({("tower", "mill"): Fraction(1000), ("mill", "tower"): Fraction(980)})
>>> left
{('tower', 'mill'): Fraction(20, 1)}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter

Edge = tuple[str, str]


def without_rounds(volumes: Mapping[Edge, Fraction]) -> dict[Edge, Fraction]:
    """Return what is left of flows between units when everything that comes back to where it was is taken off.

    Each round takes off the least flow on it, so at least one edge goes each time and the end is sure.
    """
    left = {edge: volume for edge, volume in volumes.items() if volume}
    while round_ := _one_round(left):
        least = min(left[edge] for edge in round_)
        for edge in round_:
            left[edge] -= least
        left = {edge: volume for edge, volume in left.items() if volume}
    return left


def _one_round(edges: Mapping[Edge, Fraction]) -> list[Edge]:
    origins: defaultdict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        origins[target].append(source)
    try:
        TopologicalSorter(origins).prepare()
    except CycleError as found:
        nodes: list[str] = found.args[1]
        return list(zip(nodes, nodes[1:], strict=False))
    return []
