"""A hash chain: rows of a trail, each sealed together with the one before it.

    GENESIS ◀── 1 ◀── 2 ◀── 3 …      hash = digest(chain, seq, at, body, previous)

Whoever changes, removes, swaps or inserts a row must recompute every later one, and then the head no
longer is the one that others have noted. The end alone can be cut off without a trace in what is left:
only a head noted elsewhere shows that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from xunshui.seal.canonical import NotCanonical, canonical_bytes
from xunshui.seal.digest import UnknownAlgorithm, matches
from xunshui.seal.digest import digest as digest_of

GENESIS = f"sha256:{'0' * 64}"
"""What stands for the hash before the first row; no bytes are known to have this digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One row of a chain: number `seq` from 1, the instant, what happened, and the hashes that seal it."""

    chain: str
    seq: int
    at: dt.datetime
    body: Any
    previous: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How long a chain was at some time, and the hash of its last row: what others note down."""

    seq: int
    hash: str


class BreakKind(StrEnum):
    """What is wrong with a row."""

    CHAIN = "chain"
    GAP = "gap"
    PREVIOUS = "previous"
    TIME = "time"
    BODY = "body"
    HEAD = "head"


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first row that does not hold: its place among the rows, from 1, and what is wrong with it."""

    position: int
    seq: int
    kind: BreakKind
    text: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"第 {self.position} 行（序号 {self.seq}）：{self.text}"


def first_link(chain: str, body: Any, at: dt.datetime, *, algorithm: str = "sha256") -> Link:
    """Return the first row of a chain; raises `NotCanonical` where the body or a naive `at` cannot be sealed."""
    return _sealed(chain, 1, at, body, GENESIS, algorithm)


def next_link(previous: Link, body: Any, at: dt.datetime, *, algorithm: str = "sha256") -> Link:
    """Return the row that follows `previous`, which must have been read under the lock that writes this one.

    Raises `NotCanonical` like `first_link`, and `ValueError` where `at` lies before the previous row.

    >>> row = first_link("round-2024", {"act": "open"}, dt.datetime(2024, 8, 1, tzinfo=dt.UTC))
    >>> later = next_link(row, {"act": "submit"}, dt.datetime(2024, 8, 2, tzinfo=dt.UTC))
    >>> later.seq, later.previous == row.hash, first_break([row, later])
    (2, True, None)
    """
    link = _sealed(previous.chain, previous.seq + 1, at, body, previous.hash, algorithm)
    if at < previous.at:
        raise ValueError(
            f"{at.isoformat()} 早于前一行的 {previous.at.isoformat()}；先校准时钟，或取前一行的时刻"
        )
    return link


def head_of(link: Link) -> Head:
    """Return the head of a chain whose last row is `link`."""
    return Head(seq=link.seq, hash=link.hash)


def first_break(links: Iterable[Link], *, head: Head | None = None) -> Break | None:
    """Return the first row that does not hold, or None.

    With a `head` noted earlier, rows after it are welcome; a row missing up to it, or another in its place, is
    a break. Rows are looked at once, in order, so any length of chain fits.
    """
    before: Link | None = None
    for position, link in enumerate(links, start=1):
        found = _wrong(link, before, head)
        if found is not None:
            kind, text = found
            return Break(position=position, seq=link.seq, kind=kind, text=text)
        before = link
    last = before.seq if before else 0
    if head is not None and last < head.seq:
        text = f"链到第 {last} 行为止，而记下的链头是第 {head.seq} 行：末尾被截去"
        return Break(position=last + 1, seq=last + 1, kind=BreakKind.HEAD, text=text)
    return None


def _sealed(chain: str, seq: int, at: dt.datetime, body: Any, previous: str, algorithm: str) -> Link:
    sealed = digest_of(_covered(chain, seq, at, body, previous), algorithm)
    return Link(chain=chain, seq=seq, at=at, body=body, previous=previous, hash=sealed)


def _covered(chain: str, seq: int, at: dt.datetime, body: Any, previous: str) -> bytes:
    return canonical_bytes({"chain": chain, "seq": seq, "at": at, "body": body, "previous": previous})


def _wrong(link: Link, before: Link | None, head: Head | None) -> tuple[BreakKind, str] | None:
    seq, previous = (before.seq + 1, before.hash) if before else (1, GENESIS)
    if before and link.chain != before.chain:
        return BreakKind.CHAIN, f"属于链“{link.chain}”，前一行属于“{before.chain}”"
    if link.seq != seq:
        return BreakKind.GAP, f"序号应为 {seq}：有行缺失、插入或调换"
    if link.previous != previous:
        return BreakKind.PREVIOUS, "所记的前一行摘要与前一行不符"
    if not _holds(link):
        return BreakKind.BODY, "内容与摘要不符：这一行被改过"
    if before and link.at < before.at:
        return BreakKind.TIME, f"时刻 {link.at.isoformat()} 早于前一行的 {before.at.isoformat()}"
    if head is not None and link.seq == head.seq and link.hash != head.hash:
        return BreakKind.HEAD, "摘要与记下的链头不符：这一行或更早的行被整体改写"
    return None


def _holds(link: Link) -> bool:
    try:
        covered = _covered(link.chain, link.seq, link.at, link.body, link.previous)
        return matches(covered, link.hash)
    except (NotCanonical, UnknownAlgorithm):
        return False
