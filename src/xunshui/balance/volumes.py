"""Volumes of one period: exact sums of streams that say what they are made of and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from xunshui.site.graph import Stream
from xunshui.site.kinds import WaterKind
from xunshui.site.model import Site


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


NOTHING = Total(known=Fraction(0), streams=(), missing=())


class Volumes:
    """The volumes of a site's streams in one period, ready to be summed by kind or by any condition."""

    def __init__(self, site: Site, period: str) -> None:
        """Take the volumes of `period` from the streams of `site`."""
        self.site = site
        self.period = period
        self._volumes = {
            stream.id: Fraction(stream.volume_m3[period])
            for stream in site.streams
            if period in stream.volume_m3
        }

    def of(self, stream: Stream) -> Fraction | None:
        """Return the volume of one stream [m³], or None where it is not told."""
        return self._volumes.get(stream.id)

    def total(self, kinds: Iterable[WaterKind], condition: Callable[[Stream], bool] | None = None) -> Total:
        """Return the sum over the streams of these kinds that meet the condition."""
        wanted = frozenset(kinds)
        return self.sum(
            stream
            for stream in self.site.streams
            if stream.kind in wanted and (condition is None or condition(stream))
        )

    def sum(self, streams: Iterable[Stream]) -> Total:
        """Return the sum over these streams."""
        chosen = tuple(streams)
        volumes = [(stream.id, self._volumes.get(stream.id)) for stream in chosen]
        return Total(
            known=sum((volume for _, volume in volumes if volume is not None), Fraction(0)),
            streams=tuple(stream.id for stream in chosen),
            missing=tuple(stream_id for stream_id, volume in volumes if volume is None),
        )
