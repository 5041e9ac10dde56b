"""`xunshui account new`: an official's account; there is none by default, and no password on a command line."""

from __future__ import annotations

import sys

import click

from xunshui.cli.django_ready import records_answer, start_django
from xunshui.cli.mistakes import UsersMistake

NAMES = {
    "ministry": "工业和信息化部",
    "province": "",
    "association": "",
    "expert_pool": "评审专家库",
}


@click.group("account")
def command() -> None:
    """账号。申报单位自己在网页登记；部、省、协会与专家的账号在这里建立。"""


@command.command("new")
@click.argument("kind", type=click.Choice(list(NAMES)))
@click.option("--user", required=True, help="账号，登录时使用")
@click.option("--person", required=True, help="姓名")
@click.option("--name", help="单位名称；部与专家库可不填，已有的单位加入一人")
@click.option("--region", default="", help="推荐单位代码，province 必填，如 32；见 xunshui account regions")
def new(kind: str, user: str, person: str, name: str | None, region: str) -> None:
    """建立 KIND 类单位的一个账号；密码在提示符输入两遍，或由标准输入给出一行。"""
    name = _organisation_name(kind, name, region)
    start_django()
    from django.core.exceptions import ValidationError  # slow import

    from xunshui.web.accounts.official import add_official

    with records_answer():
        try:
            add_official(
                kind=kind,
                organisation=name,
                region=region,
                username=user,
                name=person,
                password=_password(),
            )
        except ValidationError as error:
            raise UsersMistake("\n".join(error.messages)) from None
    click.echo(f"已建立 {name} 的账号 {user}（{person}）。首次登录后请按提示设置两步验证。")


@command.command("regions")
def regions() -> None:
    """列出 37 个推荐单位的代码。"""
    from xunshui.register import bodies  # slow import

    for body in bodies():
        click.echo(f"{body.code:<6}{body.name}{body.department}")


def _organisation_name(kind: str, name: str | None, region: str) -> str:
    from xunshui.register import bodies  # slow import

    if kind != "province":
        told = name or NAMES[kind]
        if not told:
            raise click.UsageError("缺少 --name：协会要写全称")
        return told
    body = next((body for body in bodies() if body.code == region), None)
    if body is None:
        raise click.UsageError(
            f"--region“{region}”不是推荐单位代码；可用的见 xunshui account regions，如 32（江苏省）"
        )
    return name or f"{body.name}{body.department}"


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    told: str = click.prompt("密码（至少 10 位）", hide_input=True, confirmation_prompt="再输入一遍")
    return told
