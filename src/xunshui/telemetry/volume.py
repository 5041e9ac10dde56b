"""Volumes out of readings: hours, days, months and any period, with what is known of their gaps.

Three ways of telling water are read alike, as a line of the volume that has passed against time:

* a totaliser (累计读数) is that line; where it falls, it rolled over or was reset;
* a rate (瞬时流量, per hour) is integrated by trapezoids;
* interval volumes (时段水量) are added up, each at the end of its interval.

Between two readings the line is straight. A step longer than `longest_gap_s` is a gap. A totaliser and interval
volumes know what passed in it, but not when; a rate does not know, and the trapezoid over the gap bears a standard
uncertainty of (highest − lowest rate seen) · duration / √12, that of a rectangular distribution. What lies before
the first reading or behind the last is not covered and adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from xunshui.site.points import PointKind
from xunshui.telemetry.localtime import HOUR_US, SECOND_US
from xunshui.telemetry.sample import Quality

COUNTED = (Quality.VALID, Quality.TYPED_IN)
ROLLED_OVER_FROM, ROLLED_OVER_TO = 0.8, 0.2
"""A totaliser that falls from above the first to below the second part of its capacity rolled over."""

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]


class EventKind(StrEnum):
    """What happened to a meter between two readings."""

    ROLLED_OVER = "rolled_over"
    RESET = "reset"
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """How to read one channel. `m3_per_unit` turns its unit into m³; for a rate, its unit an hour.

    `capacity` is where a totaliser starts again from zero, `lowest` and `highest` what a reading may be, all in the
    channel's unit; `interval_s` is how long an interval volume took.
    """

    kind: PointKind
    m3_per_unit: float = 1.0
    capacity: float | None = None
    lowest: float = 0.0
    highest: float | None = None
    interval_s: float = 3_600.0
    longest_gap_s: float = 3_600.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a person should know of a stretch between two counted readings."""

    kind: EventKind
    from_us: int
    to_us: int
    m3: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Volumes:
    """Volumes [m³] between neighbouring edges, one element each.

    `covered` is the part of the time that lies between counted readings, gaps left out (0 to 1); `uncertainty_m3`
    the standard uncertainty that gaps bring, without the meter's own.
    """

    m3: Floats
    covered: Floats
    uncertainty_m3: Floats


@dataclass(frozen=True, slots=True)
class Line:
    """The volume that has passed [m³] at each counted instant [µs], and what is known of the way there."""

    at_us: Instants
    passed_m3: Floats
    covered_us: Floats
    variance_m6: Floats
    events: tuple[Event, ...]

    def volumes(self, edges_us: Sequence[int]) -> Volumes:
        """Return the volumes between neighbouring edges; of shape (len(edges_us) − 1,)."""
        edges = np.asarray(edges_us, np.int64)
        lengths = np.diff(edges).astype(float)
        return Volumes(
            m3=self._between(edges, self.passed_m3),
            covered=self._between(edges, self.covered_us) / lengths,
            uncertainty_m3=np.sqrt(np.maximum(self._between(edges, self.variance_m6), 0.0)),
        )

    def _between(self, edges: Instants, heights: Floats) -> Floats:
        if not len(self.at_us):
            return np.zeros(len(edges) - 1)
        start = self.at_us[0]
        # From the first instant on, so that microseconds since 1970 do not eat the digits of a float.
        return np.diff(np.interp((edges - start).astype(float), (self.at_us - start).astype(float), heights))


def line_of(counter: Counter, at_us: Instants, value: Floats, quality: NDArray[np.int8]) -> Line:
    """Return the line of the readings of one channel, which come by instant, each once.

    Readings whose quality says that they are not to be trusted, or that lie outside the range, do not count.
    """
    counts = np.isin(quality, COUNTED) & (value >= counter.lowest)
    if counter.highest is not None:
        counts &= value <= counter.highest
    at_us, value = at_us[counts], value[counts]
    if counter.kind is PointKind.INTERVAL:
        return _line_of_intervals(counter, at_us, value)
    if len(at_us) < 2:
        return Line(at_us, np.zeros(len(at_us)), np.zeros(len(at_us)), np.zeros(len(at_us)), ())
    steps_us = np.diff(at_us).astype(float)
    gaps = steps_us > counter.longest_gap_s * SECOND_US
    if counter.kind is PointKind.TOTALISER:
        steps, falls = _steps_of_totaliser(counter, at_us, value)
        variance = np.zeros(len(steps))
    else:
        steps, falls = (value[1:] + value[:-1]) / 2 * steps_us / HOUR_US, []
        spread = float(value.max() - value.min())
        variance = np.where(gaps, (spread * steps_us / HOUR_US / sqrt(12)) ** 2, 0.0)
    steps = steps * counter.m3_per_unit
    events = [*falls, *_gaps(at_us, steps, gaps)]
    return Line(
        at_us,
        _summed(steps),
        _summed(np.where(gaps, 0.0, steps_us)),
        _summed(variance * counter.m3_per_unit**2),
        tuple(sorted(events, key=lambda event: event.from_us)),
    )


def _steps_of_totaliser(counter: Counter, at_us: Instants, value: Floats) -> tuple[Floats, list[Event]]:
    steps = np.diff(value)
    events = []
    for place in np.flatnonzero(steps < 0):
        before, after = float(value[place]), float(value[place + 1])
        rolled = _rolled_over(counter.capacity, before, after)
        # After a reset at least what stands on the meter has passed; what passed before it is not known.
        steps[place] = after + (counter.capacity or 0.0) - before if rolled else after
        kind = EventKind.ROLLED_OVER if rolled else EventKind.RESET
        m3 = float(steps[place]) * counter.m3_per_unit
        events.append(Event(kind, int(at_us[place]), int(at_us[place + 1]), m3))
    return steps, events


def _rolled_over(capacity: float | None, before: float, after: float) -> bool:
    return (
        capacity is not None and before >= ROLLED_OVER_FROM * capacity and after <= ROLLED_OVER_TO * capacity
    )


def _line_of_intervals(counter: Counter, at_us: Instants, value: Floats) -> Line:
    """Return a line with two nodes an interval: nothing passes between the intervals."""
    if not len(at_us):
        empty = np.zeros(0)
        return Line(at_us, empty, empty, empty, ())
    length_us = round(counter.interval_s * SECOND_US)
    ends = np.minimum(at_us + length_us, np.append(at_us[1:], at_us[-1] + length_us))
    nodes = np.column_stack([at_us, ends]).ravel()
    m3 = np.column_stack([np.zeros(len(value)), value * counter.m3_per_unit]).ravel()
    covered = np.column_stack([np.zeros(len(value)), (ends - at_us).astype(float)]).ravel()
    missing = (at_us[1:] - ends[:-1]) > 0
    events = tuple(
        Event(EventKind.GAP, int(ends[place]), int(at_us[place + 1]), 0.0)
        for place in np.flatnonzero(missing)
    )
    return Line(nodes, np.cumsum(m3), np.cumsum(covered), np.zeros(len(nodes)), events)


def _gaps(at_us: Instants, steps_m3: Floats, gaps: NDArray[np.bool_]) -> list[Event]:
    return [
        Event(EventKind.GAP, int(at_us[place]), int(at_us[place + 1]), float(steps_m3[place]))
        for place in np.flatnonzero(gaps)
    ]


def _summed(steps: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(steps)])
