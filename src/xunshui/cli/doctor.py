"""`xunshui doctor`: which system libraries, fonts and parts are there, and the remedy where one is not."""

from __future__ import annotations

import sys

import click

from xunshui.documents.health import Part, parts


@click.command("doctor")
def command() -> None:
    """检查各种报告所需的系统库、字体与图表组件；缺少时给出补救办法，退出码 1。"""
    click.echo(f"Python {sys.version.split()[0]}  {sys.platform}")
    found = parts()
    for part in found:
        _print_part(part)
    if any(part.remedy for part in found):
        raise click.exceptions.Exit(1)


def _print_part(part: Part) -> None:
    if part.remedy is None:
        click.echo(f"● 正常  {part.title}：{part.found}")
    else:
        click.echo(f"▲ 缺少  {part.title}：影响 {part.affects}\n        {part.remedy}")
