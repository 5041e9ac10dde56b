"""`xunshui new`: a workbook or JSON file to start from, with an industry's typical units."""

from __future__ import annotations

from pathlib import Path

import click

from xunshui.cli.mistakes import users_mistake
from xunshui.site import write_site
from xunshui.site.read import SUFFIXES
from xunshui.site.templates import names, template


@click.command("new")
@click.argument("kind", type=click.Choice(names()))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="覆盖已有文件")
def command(kind: str, target: Path, force: bool) -> None:
    """生成 KIND 类的填报文件 TARGET（.xlsx 或 .json）：典型单元与水流已列出，数字为示例值，请替换。"""
    if target.suffix.lower() not in SUFFIXES:
        raise click.BadParameter(
            f"不能写成“{target.suffix}”，可写：{' '.join(SUFFIXES)}", param_hint="TARGET"
        )
    if target.exists() and not force:
        raise click.BadParameter(f"{target} 已存在；加 --force 覆盖，或另取名字", param_hint="TARGET")
    with users_mistake():
        write_site(template(kind), target)
    click.echo(f"已写入 {target}\n下一步：填好后运行 xunshui assess {target} --report 报告.html")
