"""Indicators at other flows than the file tells: at the reconciled ones, and a little beside them.

An indicator sees the streams only through sums, so that streams which take part in the same sums move it alike: one of
each such set is enough to learn how it answers to all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from xunshui.balance import Chosen, SiteStreams, Total, Volumes
from xunshui.quantities import ZERO
from xunshui.site.graph import Stream
from xunshui.site.model import Site


class Flows(Volumes):
    """The volumes of a period told as numbers, by stream; a stream that is not among them has no volume.

    `sums` keeps every sum that was asked for.
    """

    def __init__(
        self, site: Site, period: str, flows: Mapping[str, Fraction], streams: SiteStreams | None = None
    ) -> None:
        """Take the flows [m³ in the period]."""
        super().__init__(site, period, streams)
        self.flows = flows
        self.sums: dict[tuple[str, ...], Total] = {}

    def of(self, stream: Stream) -> Fraction | None:
        """Return the flow of one stream, or None where it is not told."""
        return self.flows.get(stream.id)

    def sum(self, rows: Chosen) -> Total:
        """Return the sum over these streams."""
        if rows.ids not in self.sums:
            self.sums[rows.ids] = Total(
                known=sum((self.flows.get(name, ZERO) for name in rows.ids), ZERO),
                streams=rows.ids,
                missing=tuple(name for name in rows.ids if name not in self.flows),
            )
        return self.sums[rows.ids]

    def alike(self) -> list[tuple[str, ...]]:
        """Return the streams in sets that took part in the same of the sums asked for so far."""
        sums_of: dict[str, list[int]] = {}
        for number, names in enumerate(self.sums):
            for name in names:
                sums_of.setdefault(name, []).append(number)
        found: dict[tuple[int, ...], list[str]] = {}
        for name, numbers in sums_of.items():
            found.setdefault(tuple(numbers), []).append(name)
        return [tuple(names) for names in found.values()]

    def fresh(self) -> Flows:
        """Return the same flows, of which no sum has been asked for."""
        return Flows(self.site, self.period, self.flows, self.streams)

    @property
    def summed(self) -> frozenset[str]:
        """Return the streams that took part in any of the sums asked for so far."""
        return frozenset(name for names in self.sums for name in names)


class Moved(Volumes):
    """Flows of which one stream carries `step` more."""

    def __init__(self, around: Flows, stream: str, step: Fraction) -> None:
        """Move `stream` of the flows `around`."""
        super().__init__(around.site, around.period, around.streams)
        self.around, self.stream, self._step = around, stream, step

    def of(self, stream: Stream) -> Fraction | None:
        """Return the flow of one stream, or None where it is not told."""
        flow = self.around.of(stream)
        return flow if flow is None or stream.id != self.stream else flow + self._step

    def sum(self, rows: Chosen) -> Total:
        """Return the sum over these streams."""
        total = self.around.sum(rows)
        times = rows.ids.count(self.stream)
        return total if not times else total + Total(known=times * self._step, streams=(), missing=())
