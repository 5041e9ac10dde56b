"""`xunshui backup`: everything in one file, while the site goes on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from xunshui.cli.django_ready import home
from xunshui.cli.mistakes import UsersMistake, users_mistake
from xunshui.cli.sensing_beside import sensing_folder


@click.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.zip")
@click.option("--no-sensing", is_flag=True, help="不备份采集的数据（缓存与数据湖）")
def command(target: Path, no_sensing: bool) -> None:
    """把记录、文件与采集的数据备份到 OUT.zip，附逐个文件的摘要；平台与网关都不必停。密钥不在备份里。

    备份开始之前应答过的报文都在其中，每帧一份。采集的文件夹：XUNSHUI_SENSING，默认 XUNSHUI_HOME 里的 sensing。
    """
    from xunshui.web.project.backup import BackupRefused, make_backup  # slow import

    with users_mistake():
        try:
            sensing = None if no_sensing else sensing_folder()
            kept = make_backup(home(), target, now=dt.datetime.now(dt.UTC), sensing=sensing)
        except BackupRefused as error:
            raise UsersMistake(str(error)) from None
    what = "含采集的数据" if kept.sensing else "不含采集的数据"
    click.echo(f"已备份 {kept.files} 个文件（{what}），{kept.bytes / 1048576:.1f} MB，到 {target}")
    click.echo(f"核验与恢复：XUNSHUI_HOME=新文件夹 xunshui restore {target} --verify")
