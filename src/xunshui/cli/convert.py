"""`xunshui convert`: the same site as JSON or as a workbook."""

from __future__ import annotations

from pathlib import Path

import click

from xunshui.cli.mistakes import users_mistake
from xunshui.cli.paths import ExistingPath
from xunshui.site import read_site, write_site
from xunshui.site.read import SUFFIXES


@click.command("convert")
@click.argument("source", type=ExistingPath())
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def command(source: Path, target: Path) -> None:
    """把站点文件 SOURCE 转换为 TARGET（.json 或 .xlsx）。"""
    if target.suffix.lower() not in SUFFIXES:
        raise click.BadParameter(
            f"不能写成“{target.suffix}”，可写：{' '.join(SUFFIXES)}", param_hint="TARGET"
        )
    with users_mistake():
        write_site(read_site(source), target)
    click.echo(f"已写入 {target}")
