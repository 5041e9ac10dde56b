"""`xunshui backup`: everything in one file, while the site goes on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from xunshui.cli.django_ready import home
from xunshui.cli.mistakes import UsersMistake, users_mistake


@click.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.zip")
def command(target: Path) -> None:
    """把记录与文件备份到 OUT.zip，附逐个文件的摘要；平台不必停。密钥不在备份里。"""
    from xunshui.web.project.backup import BackupRefused, make_backup  # slow import

    with users_mistake():
        try:
            kept = make_backup(home(), target, now=dt.datetime.now(dt.UTC))
        except BackupRefused as error:
            raise UsersMistake(str(error)) from None
    click.echo(f"已备份 {kept.files} 个文件，{kept.bytes / 1048576:.1f} MB，到 {target}")
    click.echo(f"核验与恢复：XUNSHUI_HOME=新文件夹 xunshui restore {target} --verify")
