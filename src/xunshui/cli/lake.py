"""`xunshui lake`: carry what the gateway kept into the lake, tidy the lake, and give readings back."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xunshui.cli.mistakes import UsersMistake, users_mistake

if TYPE_CHECKING:
    from xunshui.telemetry.spool import Channel

spool_option = click.option(
    "--spool",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="网关的文件夹；数据湖在其中的 lake",
)


@click.group("lake")
def command() -> None:
    """数据湖：保存多年的读数和原始报文，按点位与时间取回。"""


@command.command("flush")
@spool_option
@click.option("--every", type=click.FloatRange(min=0.1), help="每隔多少秒搬一次，直到 TERM；不写则搬完就停")
def flush_command(spool: Path, every: float | None) -> None:
    """把网关落盘的数据搬进数据湖，合并小文件，清掉没人再读的。"""
    from xunshui.telemetry.lake.keeper import keep  # slow import

    with users_mistake():
        for flushed in keep(spool, every):
            if flushed.batches:
                click.echo(
                    f"搬入 {flushed.batches} 批、{flushed.samples} 个读数，到第 {flushed.seq} 批", err=True
                )


@command.command("points")
@spool_option
def points_command(spool: Path) -> None:
    """列出收到过数据的点位。"""
    for channel in _channels(spool):
        click.echo(channel.name)


@command.command("export")
@spool_option
@click.option("--points", required=True, help="点位名，逗号分隔；结尾的 * 匹配任意字符")
@click.option("--from", "start", required=True, help="开始时刻（含），如 2024-01-01 或 2024-01-01T08:00")
@click.option("--to", "end", required=True, help="结束时刻（不含）")
def export_command(spool: Path, points: str, start: str, end: str) -> None:
    """取回读数，CSV 写到标准输出：point,time,value,quality；同一时刻以最后收到的为准。"""
    from xunshui.telemetry.lake import Reader  # slow import
    from xunshui.telemetry.localtime import local_datetime
    from xunshui.telemetry.sample import Quality

    from_us, to_us = _instant(start), _instant(end)
    with users_mistake():
        reader = Reader(spool)
        names = {channel.id: channel.name for channel in _chosen(reader.channels(), points)}
        found = reader.readings(list(names), from_us, to_us)
        reader.close()
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["point", "time", "value", "quality"])
    for rows in found.to_batches():
        for channel, at_us, value, quality in zip(
            *(column.to_pylist() for column in rows.columns), strict=True
        ):
            at = local_datetime(at_us).isoformat(timespec="milliseconds" if at_us % 1_000_000 else "seconds")
            out.writerow([names[channel], at, repr(value), Quality(quality).name.lower()])


def _channels(spool: Path) -> list[Channel]:
    from xunshui.telemetry.spool import channels_of, open_to_read  # slow import

    with users_mistake():
        database = open_to_read(spool)
        found = list(channels_of(database))
        database.close()
    return found


def _chosen(channels: list[Channel], points: str) -> list[Channel]:
    chosen: list[Channel] = []
    for wanted in filter(None, map(str.strip, points.split(","))):
        found = [
            channel
            for channel in channels
            if channel.name == wanted or (wanted.endswith("*") and channel.name.startswith(wanted[:-1]))
        ]
        if not found:
            near = "、".join(channel.name for channel in channels[:3]) or "还没有任何点位"
            raise UsersMistake(f"没有点位“{wanted}”；收到过的如 {near}；全部：xunshui lake points")
        chosen += found
    return chosen


def _instant(text: str) -> int:
    from xunshui.telemetry.localtime import instant_of_text  # slow import

    try:
        return instant_of_text(text)
    except ValueError:
        raise UsersMistake(f"“{text}”不是时刻；应写作 2024-01-01 或 2024-01-01T08:00（北京时间）") from None
