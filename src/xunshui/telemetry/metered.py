"""Metered water: the volumes of a site's meters, and of its streams, out of the readings of its points.

A meter's volume is told by the first of its points, in the order of the site file, whose readings cover the period.
A totaliser covers it where it was read near both ends; a rate or interval volumes where no more than 2 % of the time
lies in gaps. Where no point covers, the volume is missing: a part is never told for the whole. Volumes are rounded to
litres, so that the same readings give the same number everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import pyarrow as pa

from xunshui.site import Site
from xunshui.site.graph import Stream
from xunshui.site.operation import Period
from xunshui.site.points import VOLUME_KINDS, Point, PointKind
from xunshui.telemetry.errors import PeriodMissing
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import MINUTE_US, SECOND_US, day_of_date, start_of_day
from xunshui.telemetry.volume import Counter, Event, Line, line_of

LEAST_COVERED = 0.98
SHORTEST_GAP_S = 3_600.0
READINGS_AT_ONCE = 4_000_000
"""How many readings are held at once, if each point tells one a minute; each question reads whole files."""
LITRE = Decimal("0.001")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterVolume:
    """What one point tells of its meter for a period; `m3` is None where the readings do not cover it.

    `covered` is the part of the period between counted readings without gaps, `uncertainty_m3` the standard
    uncertainty that gaps bring.
    """

    meter: str
    point: str
    channel: str
    m3: Decimal | None
    covered: float
    uncertainty_m3: float
    readings: int
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """The volumes of a period: by meter for the points tried, and by stream for those whose meters have points."""

    period: str
    meters: Mapping[str, MeterVolume]
    streams: Mapping[str, Decimal | None]


def counter_of(point: Point) -> Counter:
    """Return how to read a point of volume."""
    interval_s = float(point.interval_min or 0) * 60
    return Counter(
        kind=point.kind,
        m3_per_unit=float(point.factor),
        capacity=None if point.rolls_over_at is None else float(point.rolls_over_at),
        lowest=0.0 if point.lowest is None else float(point.lowest),
        highest=None if point.highest is None else float(point.highest),
        interval_s=interval_s or SHORTEST_GAP_S,
        longest_gap_s=max(SHORTEST_GAP_S, 2 * interval_s),
    )


def lines(
    reader: Reader, points: Sequence[Point], from_us: int, to_us: int
) -> Iterator[tuple[Point, Line, int]]:
    """Yield the line of each point and how many readings it was made of; a point never heard has an empty line."""
    known = {channel.name: channel.id for channel in reader.channels()}
    at_once = max(1, READINGS_AT_ONCE * MINUTE_US // (to_us - from_us))
    for start in range(0, len(points), at_once):
        group = points[start : start + at_once]
        widest_us = max(margin_us(point) for point in group)
        asked = [known[point.channel] for point in group if point.channel in known]
        found = reader.readings(asked, from_us - widest_us, to_us + widest_us)
        channel = found["channel"].to_numpy()
        for point in group:
            number = known.get(point.channel, -1)
            first, last = np.searchsorted(channel, np.array([number, number + 1], channel.dtype))
            own = found.slice(first, last - first)
            ends = [from_us - margin_us(point), to_us + margin_us(point)]
            first, last = np.searchsorted(own["at_us"].to_numpy(), np.array(ends, np.int64))
            yield point, line_from(point, own.slice(first, last - first)), int(last - first)


def margin_us(point: Point) -> int:
    """Return how far beyond the ends of a stretch readings may lie that its volume rests on."""
    return round(counter_of(point).longest_gap_s * SECOND_US)


def line_from(point: Point, readings: pa.Table) -> Line:
    """Return the line of one point's readings, which come by instant."""
    return line_of(
        counter_of(point),
        readings["at_us"].to_numpy(),
        readings["value"].to_numpy(),
        readings["quality"].to_numpy(),
    )


def meter_volume(point: Point, line: Line, readings: int, from_us: int, to_us: int) -> MeterVolume:
    """Return what a point tells of the stretch."""
    told = line.volumes([from_us, to_us])
    covers = _covers(counter_of(point), line, float(told.covered[0]), from_us, to_us)
    return MeterVolume(
        meter=point.at,
        point=point.id,
        channel=point.channel,
        m3=Decimal(repr(float(told.m3[0]))).quantize(LITRE) if covers else None,
        covered=float(told.covered[0]),
        uncertainty_m3=float(told.uncertainty_m3[0]),
        readings=readings,
        events=tuple(event for event in line.events if event.to_us > from_us and event.from_us < to_us),
    )


def metered(site: Site, period: Period, reader: Reader) -> Metered:
    """Return the volumes that the readings give for a period of the site."""
    from_us, to_us = edges_of(period)
    meters: dict[str, MeterVolume] = {}
    for point, line, readings in lines(reader, volume_points(site), from_us, to_us):
        before = meters.get(point.at)
        if before is None or before.m3 is None:
            found = meter_volume(point, line, readings, from_us, to_us)
            # Of points that all fall short, the one that covers most says why there is no volume.
            if before is None or found.m3 is not None or found.covered > before.covered:
                meters[point.at] = found
    return Metered(period=period.id, meters=meters, streams=stream_volumes(site, meters))


def stream_volumes(site: Site, meters: Mapping[str, MeterVolume]) -> dict[str, Decimal | None]:
    """Return the volume of each stream whose meters all have points; None where one of them has no volume."""
    return {
        stream.id: _sum([meters[meter].m3 for meter in stream.meters])
        for stream in site.streams
        if stream.meters and all(meter in meters for meter in stream.meters)
    }


def with_metered_water(site: Site, found: Metered) -> Site:
    """Return the site with the typed volumes of the period replaced by metered ones.

    A stream whose meters have no points keeps what was typed. One whose readings do not cover the period has no
    volume. Of a discharge the compliant share stays as it was declared.
    """
    return replace(site, streams=tuple(_with_volume(stream, found) for stream in site.streams))


def period_of(site: Site, period: str) -> Period:
    """Return the period of that id; raises `PeriodMissing`."""
    found = site.period(period)
    if found is None:
        known = "、".join(each.id for each in site.periods) or "（无）"
        raise PeriodMissing(f"站点没有时期“{period}”；可选 {known}")
    return found


def edges_of(period: Period) -> tuple[int, int]:
    """Return the instants [µs] at which a period begins and ends."""
    return start_of_day(day_of_date(period.start)), start_of_day(day_of_date(period.end) + 1)


def volume_points(site: Site) -> list[Point]:
    """Return the points that tell volume, in the order of the file."""
    return [point for point in site.points if point.kind in VOLUME_KINDS]


def _covers(counter: Counter, line: Line, covered: float, from_us: int, to_us: int) -> bool:
    if not len(line.at_us):
        return False
    if counter.kind is not PointKind.TOTALISER:
        return covered >= LEAST_COVERED
    slack_us = counter.longest_gap_s * SECOND_US
    return bool(line.at_us[0] <= from_us + slack_us and line.at_us[-1] >= to_us - slack_us)


def _sum(volumes: Sequence[Decimal | None]) -> Decimal | None:
    told = [volume for volume in volumes if volume is not None]
    return sum(told, Decimal(0)) if len(told) == len(volumes) else None


def _with_volume(stream: Stream, found: Metered) -> Stream:
    if stream.id not in found.streams:
        return stream
    volume, period = found.streams[stream.id], found.period
    typed, compliant = stream.volume_m3.get(period), stream.compliant_m3.get(period)
    others = {name: amount for name, amount in stream.volume_m3.items() if name != period}
    others_compliant = {name: amount for name, amount in stream.compliant_m3.items() if name != period}
    if volume is None:
        return replace(stream, volume_m3=others, compliant_m3=others_compliant)
    if compliant is not None and typed:
        others_compliant[period] = min(volume, (volume * compliant / typed).quantize(LITRE))
    return replace(stream, volume_m3={**others, period: volume}, compliant_m3=others_compliant)
