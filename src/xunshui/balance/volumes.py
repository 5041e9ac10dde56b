"""Volumes of one period: exact sums of streams that say what they are made of and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import wraps
from typing import Protocol, TypeVar, cast

from xunshui.quantities import ZERO, fraction_of, sum_of_decimals
from xunshui.site.graph import Stream
from xunshui.site.kinds import WaterKind
from xunshui.site.model import Site


class Keeper(Protocol):
    """Keeps what was once found from it."""

    found: dict[object, object]


From = TypeVar("From", bound=Keeper)
Found = TypeVar("Found")


def once(find: Callable[[From], Found]) -> Callable[[From], Found]:
    """Let `find` work once for the same site or the same volumes: many indicators ask for the same quantity."""

    @wraps(find)
    def kept(keeper: From) -> Found:
        if find not in keeper.found:
            keeper.found[find] = find(keeper)
        return cast("Found", keeper.found[find])

    return kept


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


@dataclass(frozen=True, slots=True)
class Chosen:
    """Streams that are summed together, with their ids."""

    streams: tuple[Stream, ...]
    ids: tuple[str, ...]


def chosen(streams: Iterable[Stream]) -> Chosen:
    """Return these streams as ones that are summed together."""
    rows = tuple(streams)
    return Chosen(rows, tuple([stream.id for stream in rows]))


class SiteStreams:
    """A site's streams and which of them are summed together: chosen once for all periods."""

    def __init__(self, site: Site) -> None:
        """Take the streams of `site`."""
        self.site = site
        self.found: dict[object, object] = {}
        self._of_kinds: dict[frozenset[WaterKind], Chosen] = {}

    def of(self, kinds: Iterable[WaterKind]) -> Chosen:
        """Return the streams of these kinds, in the order of the file."""
        wanted = frozenset(kinds)
        if wanted not in self._of_kinds:
            self._of_kinds[wanted] = chosen([row for row in self.site.streams if row.kind in wanted])
        return self._of_kinds[wanted]


class Volumes:
    """The volumes of a site's streams in one period, ready to be summed by kind or by any condition.

    `streams` may be shared by the volumes of all periods of a site.
    """

    def __init__(self, site: Site, period: str, streams: SiteStreams | None = None) -> None:
        """Take the volumes of `period` from the streams of `site`."""
        self.site = site
        self.period = period
        self.streams = streams or SiteStreams(site)
        self.found: dict[object, object] = {}

    def of(self, stream: Stream) -> Fraction | None:
        """Return the volume of one stream [m³], or None where it is not told."""
        volume = stream.volume_m3.get(self.period)
        return None if volume is None else fraction_of(volume)

    def total(self, kinds: Iterable[WaterKind], condition: Callable[[Stream], bool] | None = None) -> Total:
        """Return the sum over the streams of these kinds that meet the condition."""
        of_kinds = self.streams.of(kinds)
        if condition is not None:
            return self.sum(chosen(filter(condition, of_kinds.streams)))
        return self.sum(of_kinds)

    def sum(self, rows: Chosen) -> Total:
        """Return the sum over these streams."""
        period = self.period
        told = [row.volume_m3[period] for row in rows.streams if period in row.volume_m3]
        missing = len(told) < len(rows.ids)
        return Total(
            known=sum_of_decimals(told),
            streams=rows.ids,
            missing=tuple(row.id for row in rows.streams if period not in row.volume_m3) if missing else (),
        )
