"""`xunshui balance`: a site or a bare network balanced, every flow with its uncertainty, and who is suspected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from xunshui.cli.mistakes import UsersMistake, users_mistake
from xunshui.cli.paths import ExistingPath


@click.command("balance")
@click.argument("path", type=ExistingPath())
@click.option("--json", "as_text", is_flag=True, help="输出 JSON")
@click.option("--period", metavar="时期", help="站点的哪个时期，默认最后一个")
def command(path: Path, as_text: bool, period: str | None) -> None:
    """校正 FILE 的水平衡：加权最小二乘，精确闭合；χ² 检验，疑有误差的水表与漏损，无法核对的水表。

    FILE 是站点文件（.json、.xlsx），或一张网：{"streams": [{"id", "from", "to", "value", "sd"}, …]}，外部写 "env"，
    未计量的 value 与 sd 写 null。退出码：0 已算出，2 文件有误。
    """
    from xunshui.balance import Contradiction, NetworkMistake, NoFlowFits  # slow import
    from xunshui.balance.as_json import as_json  # slow import

    try:
        with users_mistake():
            told = _told(path, period)
    except (NetworkMistake, Contradiction, NoFlowFits) as error:
        raise UsersMistake(f"{path.name}：{error}") from None
    if as_text:
        click.echo(json.dumps(told.context | as_json(told.result), ensure_ascii=False, indent=1))
        return
    from xunshui.cli.balance_words import lines  # slow import

    for line in lines(told):
        click.echo(line)


def _told(path: Path, period: str | None) -> Any:
    from xunshui.balance.read import is_bare_network, sample_from_json  # slow import
    from xunshui.cli.balance_words import Told  # slow import

    text = path.read_text(encoding="utf-8-sig") if path.suffix.lower() == ".json" else ""
    if is_bare_network(text):
        if period is not None:
            raise UsersMistake("一张网没有时期；去掉 --period")
        sample = sample_from_json(text)
        return Told(title=path.name, result=sample.balanced(), unit="", context={}, how={})
    return _of_site(path, period)


def _of_site(path: Path, period: str | None) -> Any:
    from xunshui.balance import site_network  # slow import
    from xunshui.cli.balance_words import Told  # slow import
    from xunshui.site import read_site  # slow import

    site = read_site(path)
    periods = [each.id for each in site.periods]
    if not periods or (period is not None and period not in periods):
        raise UsersMistake(
            f"{path.name} 没有时期 {period or ''}；可选：{'、'.join(periods) or '（一个也没有）'}"
        )
    network = site_network(site, period or periods[-1])
    if network is None:
        raise UsersMistake(f"{path.name} 没有连到用水单元的水流，无从平衡")
    context = {"site": site.id, "period": network.period, "unit": "m3"}
    how = {name: each.why for name, each in network.metering.items()}
    return Told(
        title=f"{site.name} {network.period}", result=network.balanced(), unit="m³", context=context, how=how
    )
