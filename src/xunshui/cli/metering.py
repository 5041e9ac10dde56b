"""Metered water for the commands: a site whose volumes come from readings, and what is said of each meter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xunshui.cli.mistakes import UsersMistake
from xunshui.site import Site

if TYPE_CHECKING:
    from xunshui.telemetry.metered import Metered, MeterVolume


def metered_site(site: Site, period: str, spool: Path) -> Site:
    """Return the site with metered volumes for the period, and say on stderr where they come from."""
    from xunshui.telemetry.lake import Reader  # slow import
    from xunshui.telemetry.metered import metered, period_of, volume_points, with_metered_water

    if not volume_points(site):
        raise UsersMistake(
            "站点文件没有测水量的点位；先在“点位”表写明通道与水表，通道名见 xunshui lake points"
        )
    chosen = period_of(site, period)
    reader = Reader(spool)
    found = metered(site, chosen, reader)
    reader.close()
    for line in told(found):
        click.echo(line, err=True)
    return with_metered_water(site, found)


def told(found: Metered) -> Iterator[str]:
    """Yield what was read from the meters, one line a meter that has no volume or needs a look."""
    measured = [volume for volume in found.streams.values() if volume is not None]
    yield f"{found.period}：{len(measured)} 条水流的水量取自读数，{len(found.streams) - len(measured)} 条读数不足"
    for volume in found.meters.values():
        if volume.m3 is None:
            yield f"  {volume.meter}：{_why(volume)}，没有水量"
        elif volume.events:
            yield f"  {volume.meter}：{volume.m3} m³，其间 {_happened(volume)}"


def _why(volume: MeterVolume) -> str:
    if not volume.readings:
        return f"通道 {volume.channel} 在此期间没有读数"
    return f"读数只覆盖 {volume.covered * 100:.1f} %"


def _happened(volume: MeterVolume) -> str:
    words = {"gap": "缺测", "rolled_over": "翻转", "reset": "归零"}
    kinds = [event.kind for event in volume.events]
    return "、".join(f"{words[kind]} {kinds.count(kind)} 次" for kind in dict.fromkeys(kinds))
