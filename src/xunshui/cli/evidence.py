"""`xunshui evidence`: pack sites as evidence, verify a package offline, make a key."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from xunshui.cli.mistakes import UsersMistake, users_mistake
from xunshui.cli.paths import ExistingPath
from xunshui.cli.verification import print_report
from xunshui.evidence import (
    CannotPack,
    PackageUnreadable,
    metered_site,
    pack,
    read_attachment,
    read_package,
    report_as_json,
    verify,
    write_package,
)
from xunshui.register import read_overlay
from xunshui.seal import (
    KeyInvalid,
    PrivateKey,
    key_id,
    new_key,
    read_private_key,
    read_public_key,
    write_key_pair,
)
from xunshui.seal.write import public_path
from xunshui.site import read_site


class ChosenReading(click.ParamType[tuple[str, str]]):
    """A reading of an open point, typed as name=value."""

    name = "reading"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return the name and the value, or fail with what was typed."""
        if isinstance(value, tuple):
            return value
        name, equals, option = str(value).partition("=")
        if not equals:
            self.fail(f"“{value}”应写作 名=值，如 deciding_year=every", param, ctx)
        return name.strip(), option.strip()


@click.group("evidence")
def command() -> None:
    """证据包：把站点、评估、规则版本和签名装进一个文件，任何人可以离线复核。"""


@command.command("pack")
@click.argument("sites", metavar="SITE…", nargs=-1, required=True, type=ExistingPath())
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="写到哪个 .zip")
@click.option(
    "--key", "key_file", type=ExistingPath(), help="签名用的私钥（PEM），见 xunshui evidence key new"
)
@click.option("--passphrase-file", type=ExistingPath(), help="私钥口令所在的文件，取第一行")
@click.option(
    "--option",
    "readings",
    multiple=True,
    metavar="名=值",
    type=ChosenReading(),
    help="改用某个释义选项，见 xunshui rules readings",
)
@click.option("--overlay", type=ExistingPath(), help="省级加严表（YAML），一并装入")
@click.option(
    "--from-lake",
    "spool",
    type=ExistingPath(),
    help="水量取自网关文件夹里的读数，读数一并装入；与 --period 同用",
)
@click.option("--period", metavar="时期", help="哪个时期的水量取自读数，如 2023")
@click.option("--attach", multiple=True, type=ExistingPath(), help="附件，可重复；装在 files/ 下")
def pack_sites(
    sites: tuple[Path, ...],
    output: Path,
    key_file: Path | None,
    passphrase_file: Path | None,
    readings: tuple[tuple[str, str], ...],
    overlay: Path | None,
    spool: Path | None,
    period: str | None,
    attach: tuple[Path, ...],
) -> None:
    """评估 SITE（.json、.xlsx，可多个），连同数据、规则版本、摘要与签名装进一个证据包。

    退出码：0 已写出，2 文件或参数有误。
    """
    _refuse_existing(output, "-o")
    if (spool is None) != (period is None):
        raise click.BadParameter("--from-lake 与 --period 要一起写", param_hint="--period")
    with _mistakes():
        read = [read_site(path) for path in sites]
        package = pack(
            read,
            created_at=dt.datetime.now(dt.UTC).replace(microsecond=0),
            readings=dict(readings),
            overlay=read_overlay(overlay) if overlay else None,
            key=_key(key_file, passphrase_file),
            attachments=_attachments(attach),
            accounts={site.id: metered_site(site, period, spool) for site in read}
            if spool and period
            else None,
        )
        write_package(package, output)
    click.echo(f"证据包已写入 {output}：{len(sites)} 个站点，{'已签名' if key_file else '未签名'}")
    click.echo(f"清单摘要 {package.fingerprint}")


@command.command("verify")
@click.argument("package", type=ExistingPath())
@click.option("--trust", multiple=True, type=ExistingPath(), help="你信任的公钥（PEM），可重复")
@click.option("--json", "as_text", is_flag=True, help="输出 JSON")
def verify_package(package: Path, trust: tuple[Path, ...], as_text: bool) -> None:
    """离线复核证据包 PACKAGE：文件与摘要、签名与信任、按包内规则重新计算，说出每一处不同。

    退出码：0 完整且重算相同（给了 --trust 时还须由其中的钥匙签名），1 不符，2 不是能打开的证据包。
    """
    with _mistakes():
        keys = {str(path): read_public_key(path) for path in trust}
        try:
            report = verify(read_package(package), trusted_keys=keys)
        except PackageUnreadable as error:
            raise UsersMistake(f"{package.name}：{error}") from None
    if as_text:
        click.echo(json.dumps(report_as_json(report), ensure_ascii=False, indent=1))
    else:
        print_report(report)
    if not report.verifies:
        raise click.exceptions.Exit(1)


@command.group("key")
def key_group() -> None:
    """签名用的钥匙。"""


@key_group.command("new")
@click.argument("output", metavar="OUT.pem", type=click.Path(path_type=Path))
@click.option("--passphrase-file", type=ExistingPath(), help="用此文件第一行作口令，加密私钥")
def new_key_pair(output: Path, passphrase_file: Path | None) -> None:
    """生成一把 Ed25519 钥匙：私钥写入 OUT.pem（仅本人可读），公钥写在旁边的 OUT.public.pem。"""
    _refuse_existing(output, "OUT.pem")
    _refuse_existing(public_path(output), "OUT.pem")
    key = new_key()
    with _mistakes():
        beside = write_key_pair(key, output, _passphrase(passphrase_file))
    click.echo(f"私钥已写入 {output}：请妥善保管，不要外传")
    click.echo(f"公钥已写入 {beside}：交给复核的人\n钥匙 {key_id(key.public_key())}")


@contextmanager
def _mistakes() -> Iterator[None]:
    with users_mistake():
        try:
            yield
        except (CannotPack, KeyInvalid) as error:
            raise UsersMistake(str(error)) from None
        except FileExistsError as error:
            # It appeared since it was looked for.
            raise UsersMistake(f"{error.filename} 已存在；请另取名字") from None


def _refuse_existing(path: Path, hint: str) -> None:
    if path.exists():
        raise click.BadParameter(f"{path} 已存在；证据和钥匙不覆盖，请另取名字", param_hint=hint)


def _key(file: Path | None, passphrase_file: Path | None) -> PrivateKey | None:
    if file is None:
        if passphrase_file is not None:
            raise click.BadParameter("没有给 --key，口令用不上", param_hint="--passphrase-file")
        return None
    return read_private_key(file, _passphrase(passphrase_file))


def _passphrase(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        first, _, _ = file.read_text(encoding="utf-8").partition("\n")
    except UnicodeDecodeError:
        raise UsersMistake(f"{file.name} 不是 UTF-8 文本；口令写在第一行") from None
    if not first.strip():
        raise UsersMistake(f"{file.name} 的第一行是空的；口令写在第一行")
    return first.rstrip("\r")


def _attachments(paths: tuple[Path, ...]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in paths:
        if path.name in found:
            raise UsersMistake(f"有两个附件叫 {path.name}；请改名")
        found[path.name] = read_attachment(path)
    return found
