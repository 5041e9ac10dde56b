"""Volumes of one period: exact sums of streams that say what they are made of and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import wraps
from operator import itemgetter
from typing import TypeVar, cast

from xunshui.quantities import ZERO, fraction_of, sum_of_decimals
from xunshui.site.graph import Stream
from xunshui.site.kinds import WaterKind
from xunshui.site.model import Site

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A sum of stream volumes [m³].

    `value` is None where a stream of the sum has no volume in the period: a missing volume is
    never taken for zero. `known` sums those that are told.
    """

    known: Fraction
    streams: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def value(self) -> Fraction | None:
        """Return the sum, or None where a part of it is missing."""
        return None if self.missing else self.known

    def __add__(self, other: Total) -> Total:
        """Return the sum over both sets of streams."""
        return Total(
            known=self.known + other.known,
            streams=self.streams + other.streams,
            missing=self.missing + other.missing,
        )

    def __sub__(self, other: Total) -> Total:
        """Return the difference; a part missing on either side makes it unknown."""
        return Total(
            known=self.known - other.known,
            streams=self.streams + other.streams,
            missing=self.missing + other.missing,
        )


NOTHING = Total(known=ZERO, streams=(), missing=())


class Volumes:
    """The volumes of a site's streams in one period, ready to be summed by kind or by any condition.

    `found` keeps what was made from them `once`.
    """

    def __init__(self, site: Site, period: str) -> None:
        """Take the volumes of `period` from the streams of `site`."""
        self.site = site
        self.period = period
        self.found: dict[Callable[[Volumes], object], object] = {}
        self._totals: dict[frozenset[WaterKind], Total] = {}
        self._by_kind: dict[WaterKind, list[tuple[int, Stream]]] = {}
        for row, stream in enumerate(site.streams):
            self._by_kind.setdefault(stream.kind, []).append((row, stream))
        self._volumes = {
            stream.id: stream.volume_m3[period] for stream in site.streams if period in stream.volume_m3
        }

    def of(self, stream: Stream) -> Fraction | None:
        """Return the volume of one stream [m³], or None where it is not told."""
        volume = self._volumes.get(stream.id)
        return None if volume is None else fraction_of(volume)

    def total(self, kinds: Iterable[WaterKind], condition: Callable[[Stream], bool] | None = None) -> Total:
        """Return the sum over the streams of these kinds that meet the condition."""
        wanted = frozenset(kinds)
        if condition is not None:
            return self.sum(stream for stream in self._of_kinds(wanted) if condition(stream))
        # Many indicators ask for the same sums.
        if wanted not in self._totals:
            self._totals[wanted] = self.sum(self._of_kinds(wanted))
        return self._totals[wanted]

    def _of_kinds(self, kinds: frozenset[WaterKind]) -> Iterable[Stream]:
        rows = [row for kind in kinds & self._by_kind.keys() for row in self._by_kind[kind]]
        # In the order of the file, whatever the order of the kinds; a row's number is its own.
        return (stream for _, stream in sorted(rows, key=itemgetter(0)))

    def sum(self, streams: Iterable[Stream]) -> Total:
        """Return the sum over these streams."""
        ids, told = tuple([stream.id for stream in streams]), self._volumes
        return Total(
            known=sum_of_decimals([told[stream] for stream in ids if stream in told]),
            streams=ids,
            missing=tuple([stream for stream in ids if stream not in told]),
        )


def once(make: Callable[[Volumes], Found]) -> Callable[[Volumes], Found]:
    """Let `make` work once for the same volumes: many indicators ask for the same quantity."""

    @wraps(make)
    def kept(volumes: Volumes) -> Found:
        if make not in volumes.found:
            volumes.found[make] = make(volumes)
        return cast("Found", volumes.found[make])

    return kept
