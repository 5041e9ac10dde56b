"""`xunshui lake`: carry what the gateway kept into the lake, tidy the lake, and give readings back."""

from __future__ import annotations

import csv
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xunshui.cli.log import log_option
from xunshui.cli.mistakes import UsersMistake, users_mistake
from xunshui.telemetry.log import tell

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
@click.option("--quiet", is_flag=True, help="不报每次搬了多少")
@click.option("--keep-days", type=click.IntRange(min=1), help="只留这么多天的读数与报文；不写则一直留着")
@log_option("flusher")
def flush_command(spool: Path, every: float | None, quiet: bool, keep_days: int | None) -> None:
    """把网关落盘的数据搬进数据湖，合并小文件，清掉没人再读的。"""
    from xunshui.telemetry.lake.keeper import keep  # slow import

    with users_mistake():
        for flushed in keep(spool, every, keep_days):
            if flushed.batches and not quiet:
                words = f"搬入 {flushed.batches} 批、{flushed.samples} 个读数，到第 {flushed.seq} 批"
                tell("batches_carried", words, **asdict(flushed))


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@spool_option
@click.option(
    "--map",
    "renamed",
    multiple=True,
    metavar="点位=通道",
    help="文件里的点位对应哪个通道，如 FT-101=hj212:MN/2031/w00000-Cou；可写多次",
)
@click.option(
    "--rejects", type=click.Path(path_type=Path, dir_okay=False), help="把读不了的行连同原因写进这个 CSV"
)
def import_command(file: Path, spool: Path, renamed: tuple[str, ...], rejects: Path | None) -> None:
    """把 CSV 或 XLSX 里的历史读数导入缓存，flush 时一起进数据湖。同一文件再导一次什么也不加。

    长表：point,time,value[,quality]（或 点位,时间,数值[,质量]，即 export 的格式）；宽表：第一列时间，其余每列一个点位。
    有行读不了：其余照常导入，列出前 20 行，退出码 1。
    """
    import sqlite3  # slow import
    import time

    from xunshui.telemetry.connectors.files import FileUnreadable, import_file  # slow import

    names = dict(_pair(text) for text in renamed)
    with users_mistake():
        try:
            found = import_file(file, spool, time.time_ns() // 1000, renamed=names, rejects=rejects)
        except FileUnreadable as error:
            raise UsersMistake(str(error)) from None
        except sqlite3.Error as error:
            raise UsersMistake(f"{spool} 写不进（{error}）；已导入的都在，排除故障后再导一次即可") from None
    known = f"，{found.known_chunks} 块先前已导入" if found.known_chunks else ""
    click.echo(f"{file.name}：{found.rows} 行，导入 {found.readings} 个读数{known}", err=True)
    if found.unused:
        click.echo(f"--map 里的 {'、'.join(found.unused)} 在文件里没有；检查写法", err=True)
    if found.bad_count:
        for bad in found.bad:
            click.echo(str(bad), err=True)
        more = "，以上是前 20 处" if found.bad_count > len(found.bad) else ""
        where = f"；全部在 {rejects}" if rejects else "；--rejects 文件.csv 可取得全部"
        click.echo(f"共 {found.bad_count} 处读不了{more}{where}", err=True)
    if found.bad_count or found.unused:
        click.get_current_context().exit(1)


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


def _pair(text: str) -> tuple[str, str]:
    point, equals, name = text.partition("=")
    if not equals or not point or not name:
        raise UsersMistake(f"--map “{text}”应写作 点位=通道，如 FT-101=hj212:MN/2031/w00000-Cou")
    return point.strip(), name.strip()


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
