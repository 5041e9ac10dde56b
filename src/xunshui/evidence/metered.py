"""Evidence from meters: the readings behind the volumes of a packed site, and the way from them to the same volumes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from xunshui.evidence.differences import Difference, differences
from xunshui.site import Site
from xunshui.site.mistakes import shown
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import local_datetime
from xunshui.telemetry.metered import (
    Metered,
    MeterVolume,
    edges_of,
    line_from,
    meter_volume,
    metered,
    period_of,
    stream_volumes,
    with_metered_water,
)
from xunshui.telemetry.told import COLUMNS, Changed, read_readings, write_readings
from xunshui.telemetry.trace import seals

FORMAT = "xunshui-metered/1"
MOST_CHANGED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MeteredSite:
    """A site with metered volumes, and what proves them: the account as plain data, the readings as text."""

    site: Site
    account: Mapping[str, Any]
    readings: str


class AccountInvalid(ValueError):
    """An account of meters that cannot be read."""


def metered_site(site: Site, period: str, spool: Path) -> MeteredSite:
    """Return the site with the volumes of a period from the readings of a gateway's folder.

    Raises `PeriodMissing`, `SpoolMissing`, `ForeignLake`.
    """
    chosen = period_of(site, period)
    reader = Reader(spool)
    try:
        found = metered(site, chosen, reader)
        points = [
            point for point in site.points if point.id in {told.point for told in found.meters.values()}
        ]
        written = write_readings(reader, points, *edges_of(chosen))
    finally:
        reader.close()
    account = {
        "format": FORMAT,
        "period": period,
        "corrected": written.corrected,
        **_told(found),
        "batches": [{"batch": seq, "digest": seal} for seq, seal in seals(spool, written.batches).items()],
    }
    return MeteredSite(site=with_metered_water(site, found), account=account, readings=written.text)


def recount(site: Site, account: Any, readings: str) -> tuple[list[Difference], list[str]]:
    """Return where volumes counted again from the readings differ, and each reading that was changed, in words.

    Raises `AccountInvalid`.
    """
    meters = _points_of(account)
    period = site.period(str(account.get("period")))
    if period is None:
        raise AccountInvalid(f"站点没有时期“{shown(account.get('period'))}”")
    tables, changed = read_readings(readings)
    found = {
        point.at: meter_volume(
            point,
            line_from(point, tables.get(point.id, COLUMNS.empty_table())),
            int(meters[point.at]["readings"]),
            *edges_of(period),
        )
        for point in site.points
        if point.at in meters and meters[point.at].get("point") == point.id
    }
    counted = Metered(period=period.id, meters=found, streams=stream_volumes(site, found))
    told = {name: account.get(name) for name in ("meters", "streams")}
    return [*differences(told, _told(counted)), *_typed_otherwise(site, counted)], list(_named(site, changed))


def _points_of(account: Any) -> dict[str, Any]:
    meters = account.get("meters") if isinstance(account, dict) else None
    if not isinstance(meters, dict) or account.get("format") != FORMAT:
        raise AccountInvalid(f"不是 {FORMAT} 的内容")
    if not all(isinstance(told, dict) and isinstance(told.get("readings"), int) for told in meters.values()):
        raise AccountInvalid("meters 里应为每块水表的点位与读数个数")
    return meters


def _told(found: Metered) -> dict[str, Any]:
    content = {
        "meters": {meter: _meter(volume) for meter, volume in found.meters.items()},
        "streams": {stream: _number(volume) for stream, volume in found.streams.items()},
    }
    told: dict[str, Any] = json.loads(json.dumps(content))
    return told


def _meter(volume: MeterVolume) -> dict[str, Any]:
    return {
        "point": volume.point,
        "channel": volume.channel,
        "m3": _number(volume.m3),
        "covered": round(volume.covered, 6),
        "uncertainty_m3": round(volume.uncertainty_m3, 3),
        "readings": volume.readings,
        "events": [
            {
                "kind": event.kind.value,
                "from": local_datetime(event.from_us).isoformat(),
                "to": local_datetime(event.to_us).isoformat(),
                "m3": round(event.m3, 3),
            }
            for event in volume.events
        ],
    }


def _number(volume: Decimal | None) -> str | None:
    return None if volume is None else str(volume)


def _typed_otherwise(site: Site, counted: Metered) -> Iterator[Difference]:
    """Yield the streams whose volume in the site file is not what their meters counted."""
    for stream in site.streams:
        if stream.id not in counted.streams:
            continue
        packed, volume = stream.volume_m3.get(counted.period), counted.streams[stream.id]
        if packed != volume:
            path = f"streams[{stream.id}].volume_m3.{counted.period}"
            yield Difference(path=path, packed=_number(packed), recomputed=_number(volume))


def _named(site: Site, changed: list[Changed]) -> Iterator[str]:
    meters = {point.id: point.at for point in site.points}
    for each in changed[:MOST_CHANGED]:
        where = f"水表 {meters.get(each.point, '？')}（点位 {shown(each.point)}）{shown(each.time)} 的读数"
        yield f"第 {each.line} 行，{where if each.point else ''}{each.problem}"
    if len(changed) > MOST_CHANGED:
        yield f"另有 {len(changed) - MOST_CHANGED} 行被改过"
