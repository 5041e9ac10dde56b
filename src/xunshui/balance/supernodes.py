"""A sparse Cholesky factor seen as dense blocks: many right-hand sides at once, and its selected inverse.

Columns of the factor that share their rows are taken together as a supernode; a few explicit zeros are let in,
because one dense product is quicker than many sparse ones.

Sources: Takahashi, Fagan & Chin, PICA 1973 (entries of the inverse within the factor's pattern);
Lin, Yang, Meza, Lu, Ying & E, SelInv, ACM TOMS 37(4), 2011 (by supernodes); Liu, SIAM Review 34, 1992 (fronts).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from scipy.linalg.lapack import dtrtri
from scipy.sparse import csc_array

from xunshui.balance.arrays import Floats, Integers

SMALL_TREE = 12
"""A subtree of so few columns is one supernode, whatever zeros that costs."""
ZEROS_ALLOWED = 0.25
"""Which share of a block may be explicit zeros."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supernode:
    """Columns `start` to `stop` of a factor with ones on its diagonal: dense, with the rows below them."""

    start: int
    stop: int
    below: Integers
    members: Integers
    """The numbers of its columns, then those of the rows below."""
    inverted: Floats
    """The inverse of its own unit lower triangle [columns × columns]."""
    rest: Floats
    """[rows below × columns]"""


def supernodes(lower: csc_array) -> list[Supernode]:
    """Return the supernodes of a unit lower triangular factor in postorder, first to last."""
    lower.sort_indices()
    place = np.zeros(lower.shape[0], dtype=np.intp)
    return [_dense(lower, start, stop, place) for start, stop in _spans(lower)]


def _spans(lower: csc_array) -> Iterator[tuple[int, int]]:
    """Yield the first column and the one behind the last of each supernode."""
    size = lower.shape[0]
    counts = np.diff(lower.indptr)
    parent = _parents(lower, counts)
    ends = _ends_of_small_trees(parent)
    start = 0
    while start < size:
        stop = int(ends[start])
        held = int(counts[start:stop].sum())
        while stop < size and parent[stop - 1] == stop:
            more = held + int(counts[stop])
            width = stop + 1 - start
            full = width * (width + 1) // 2 + width * (int(counts[stop]) - 1)
            if full - more > ZEROS_ALLOWED * full:
                break
            stop, held = stop + 1, more
        yield start, stop
        start = stop


def _parents(lower: csc_array, counts: Integers) -> Integers:
    """Return each column's parent in the elimination tree: its first row below the diagonal; -1 for a root."""
    parent = np.full(len(counts), -1, dtype=np.intp)
    has = counts > 1
    parent[has] = lower.indices[lower.indptr[:-1][has] + 1]
    return parent


def _ends_of_small_trees(parent: Integers) -> Integers:
    """Return for each column where the supernode that starts there ends at the earliest.

    In a postorder a subtree is a run of columns; the largest small ones are taken whole.
    """
    size = len(parent)
    first, count = np.arange(size), np.ones(size, dtype=np.intp)
    for column, above in enumerate(parent.tolist()):
        if above >= 0:
            count[above] += count[column]
            first[above] = min(first[above], first[column])
    ends = np.arange(1, size + 1)
    whole = (count <= SMALL_TREE) & (first == np.arange(size) - count + 1)
    for root in np.flatnonzero(whole).tolist():
        ends[first[root]] = root + 1
    return ends


def _dense(lower: csc_array, start: int, stop: int, place: Integers) -> Supernode:
    low, high = lower.indptr[stop - 1], lower.indptr[stop]
    below = lower.indices[low + 1 : high].astype(np.intp)
    width = stop - start
    place[start:stop] = np.arange(width)
    place[below] = np.arange(width, width + len(below))
    begin = lower.indptr[start]
    columns = np.repeat(np.arange(width), np.diff(lower.indptr[start : stop + 1]))
    block = np.zeros((width + len(below), width))
    block[place[lower.indices[begin:high]], columns] = lower.data[begin:high]
    return Supernode(
        start=start,
        stop=stop,
        below=below,
        members=np.concatenate([np.arange(start, stop), below]),
        inverted=_inverted(block[:width]),
        rest=block[width:],
    )


def _inverted(triangle: Floats) -> Floats:
    # One column has 1 alone; LAPACK's own call costs more than the work for most supernodes.
    return triangle if len(triangle) == 1 else np.asarray(dtrtri(triangle, lower=1, unitdiag=1)[0])


def forward(nodes: list[Supernode], right: Floats) -> Floats:
    """Return L⁻¹ B for B [size × columns]."""
    solved = right.copy()
    for node in nodes:
        own = slice(node.start, node.stop)
        if node.stop - node.start > 1:
            solved[own] = node.inverted @ solved[own]
        if len(node.below):
            solved[node.below] -= node.rest @ solved[own]
    return solved


@dataclass(slots=True, kw_only=True)
class _Front:
    """The inverse over a supernode's members, kept until its last child has read from it."""

    members: Integers
    inverse: Floats
    children: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedInverse:
    """Entries of the inverse of L D Lᵀ: the diagonal, and those that were asked for."""

    diagonal: Floats
    entries: Floats


def selected_inverse(
    nodes: list[Supernode], pivots: Floats, rows: Integers, columns: Integers
) -> SelectedInverse:
    """Return the inverse's diagonal and its entries at (`rows`, `columns`), all within the factor's pattern."""
    work = _Work(nodes=nodes, pivots=pivots, size=len(pivots))
    wanted = _Wanted.of(rows, columns, work.owner, len(nodes))
    diagonal = np.empty(len(pivots))
    for number in range(len(nodes) - 1, -1, -1):
        front = work.front(number)
        width = nodes[number].stop - nodes[number].start
        diagonal[nodes[number].start : nodes[number].stop] = np.diagonal(front.inverse)[:width]
        wanted.take(number, front)
    return SelectedInverse(diagonal=diagonal, entries=wanted.entries)


@dataclass(slots=True, kw_only=True)
class _Work:
    nodes: list[Supernode]
    pivots: Floats
    size: int
    owner: Integers = field(init=False)
    fronts: dict[int, _Front] = field(default_factory=dict)
    children: Integers = field(init=False)

    def __post_init__(self) -> None:
        starts = np.array([node.start for node in self.nodes] or [0])
        self.owner = np.searchsorted(starts, np.arange(self.size), side="right") - 1
        above = [self.owner[node.below[0]] for node in self.nodes if len(node.below)]
        self.children = np.bincount(np.array(above, dtype=np.intp), minlength=len(self.nodes))

    def front(self, number: int) -> _Front:
        """Return the inverse over a supernode's members; its parent's is known by now."""
        node = self.nodes[number]
        own = _own_inverse(node, self.pivots[node.start : node.stop])
        inverse = self._with_rows_below(node, own) if len(node.below) else own
        front = _Front(members=node.members, inverse=inverse, children=int(self.children[number]))
        if front.children:
            self.fronts[number] = front
        return front

    def _with_rows_below(self, node: Supernode, own: Floats) -> Floats:
        width = node.stop - node.start
        beneath = self._read(node.below)
        through = node.rest @ node.inverted
        across = beneath @ through
        size = width + len(node.below)
        inverse = np.empty((size, size))
        inverse[:width, :width] = own + through.T @ across
        inverse[width:, :width] = -across
        inverse[:width, width:] = -across.T
        inverse[width:, width:] = beneath
        return inverse

    def _read(self, below: Integers) -> Floats:
        """Return the inverse over these rows, all of them members of the first one's supernode."""
        parent = int(self.owner[below[0]])
        front = self.fronts[parent]
        at = np.searchsorted(front.members, below)
        front.children -= 1
        if not front.children:
            del self.fronts[parent]
        return front.inverse[at[:, None], at]


def _own_inverse(node: Supernode, pivots: Floats) -> Floats:
    """Return L⁻ᵀ D⁻¹ L⁻¹ of the supernode's own square."""
    return np.asarray(node.inverted.T @ (node.inverted / pivots[:, None]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Which entries are asked for, sorted by the supernode that holds them."""

    low: Integers
    high: Integers
    order: Integers
    bounds: Integers
    entries: Floats

    @classmethod
    def of(cls, rows: Integers, columns: Integers, owner: Integers, count: int) -> _Wanted:
        low, high = np.minimum(rows, columns), np.maximum(rows, columns)
        holder = owner[low]
        order = np.argsort(holder, kind="stable")
        bounds = np.searchsorted(holder[order], np.arange(count + 1))
        return cls(low=low, high=high, order=order, bounds=bounds, entries=np.empty(len(rows)))

    def take(self, number: int, front: _Front) -> None:
        asked = self.order[self.bounds[number] : self.bounds[number + 1]]
        if len(asked):
            at_low = np.searchsorted(front.members, self.low[asked])
            at_high = np.searchsorted(front.members, self.high[asked])
            self.entries[asked] = front.inverse[at_high, at_low]
