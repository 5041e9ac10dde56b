"""`xunshui hj212`: look into frames of HJ 212, write them, and ask loggers through a running gateway."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from xunshui.cli.mistakes import UsersMistake, users_mistake
from xunshui.telemetry.hj212 import Frame, Framer, Message, framed, read_segment, segment_of
from xunshui.telemetry.localtime import instant_of_text

if TYPE_CHECKING:
    from xunshui.telemetry.gateway.hj212_agreed import Agreed
    from xunshui.telemetry.hj212.profile import Profiles

PIECE = 1 << 16


@click.group("hj212")
def command() -> None:
    """HJ 212 报文：拆解与写出；向数采仪取历史、校时、换密钥、反控。"""


@command.command("decode")
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--quirks", is_flag=True, help="容忍已知的偏差（其他校验码、按字符数的长度、缺帧尾），在 quirks 中列出"
)
@click.option(
    "--profiles",
    "profiles_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="数采仪配置（YAML，同 gateway）：按其中的方言与 SM4 密钥拆解",
)
@click.option(
    "--spool",
    type=click.Path(path_type=Path, file_okay=False),
    help="网关的文件夹：也用其中记着的、换过的密钥；同时要写 --profiles",
)
def decode_command(file: BinaryIO, quirks: bool, profiles_file: Path | None, spool: Path | None) -> None:
    """把 FILE（- 为标准输入）中的原始字节拆成帧，每帧一行 JSON：ok、reason、version、fields、items。

    ok 为真：结构、长度、帧尾都对，校验码与标准算出的相同（不分大小写）。
    """
    agreed = _agreed(profiles_file, spool)
    for frame in _frames(file):
        click.echo(json.dumps(_told(frame, tolerant=quirks, agreed=agreed), ensure_ascii=False))


@command.command("encode")
@click.argument("file", type=click.File("rb"), default="-")
def encode_command(file: BinaryIO) -> None:
    """把 FILE（- 为标准输入）中每行一个 JSON（fields、items，与 decode 的输出相同）写成原始字节。"""
    out = sys.stdout.buffer
    for number, line in enumerate(file, 1):
        if line.strip():
            out.write(_written(line, number))


@command.command("ask")
@click.option(
    "--spool",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="正在运行的网关的文件夹",
)
@click.argument("mn")
@click.argument("what", metavar="命令")
@click.argument("given", metavar="[名称=值]...", nargs=-1)
@click.option("--from", "start", help="开始时刻，如 2024-01-01 或 2024-01-01T08:00")
@click.option("--to", "end", help="结束时刻（含）")
def ask_command(
    spool: Path, mn: str, what: str, given: tuple[str, ...], start: str | None, end: str | None
) -> None:
    """请运行中的网关向数采仪 MN 下发一条命令：clock 校时，key 换密钥，或 `xunshui hj212 commands` 列出的代码。

    如 2051 --from … --to … 取分钟数据，3012 PolId=w01018 即时采样。值写 - 时从标准输入读一行（口令不进命令历史）。
    数据和平常一样落盘；等到数采仪答完、拒绝或超时才返回。
    """
    from xunshui.telemetry.gateway.ask import ask  # slow import

    with users_mistake():
        period = _period(start, end)
        click.echo(ask(spool, {"device": mn, "command": what, "with": _pairs(given), **period}))


@command.command("commands")
def commands_command() -> None:
    """列出可以用 ask 下发的命令：代码、意思、参数（? 为可不写）、时段、哪些版本有、出处。"""
    from xunshui.telemetry.hj212.read import read_commands  # slow import, and only to list or ask

    for row in read_commands():
        period = {"required": "--from … --to …", "optional": "[--from … --to …]"}.get(row.period, "")
        takes = " ".join(filter(None, [*row.takes, period])) or "（没有参数）"
        click.echo(f"{row.code}  {row.what}  {takes}  {'、'.join(row.dialects)}  {row.source}")


@command.command("reload")
@click.option(
    "--spool",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="正在运行的网关的文件夹",
)
@click.option(
    "--profiles",
    "profiles_file",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="数采仪配置（YAML，同 gateway）",
)
def reload_command(spool: Path, profiles_file: Path) -> None:
    """请运行中的网关改用另一份（或改过的）数采仪配置，不重启；有变化的设置重新下发，有错时仍用原来的。"""
    from xunshui.telemetry.gateway.ask import RELOAD, ask  # slow import

    with users_mistake():
        click.echo(ask(spool, {"command": RELOAD, "profiles": str(profiles_file.absolute())}))


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name or name in found:
            raise UsersMistake(f"“{pair[:40]}”应写作 名称=值，每个名称一次；如 PolId=w01018")
        found[name] = sys.stdin.readline().rstrip("\r\n") if value == "-" else value
    return found


def _period(start: str | None, end: str | None) -> dict[str, int]:
    if start is None and end is None:
        return {}
    if start is None or end is None:
        raise UsersMistake("时段要有两头；可填 --from 2024-01-01T08:00 --to 2024-01-01T09:00")
    period = {"from": _instant(start, "--from"), "to": _instant(end, "--to")}
    if period["from"] > period["to"]:
        raise UsersMistake(f"--from {start} 晚于 --to {end}；把两者对调")
    return period


def _instant(text: str, option: str) -> int:
    try:
        return instant_of_text(text)
    except ValueError:
        raise UsersMistake(f"{option} “{text}”不是时刻；可填 2024-01-01 或 2024-01-01T08:00") from None


def _frames(file: BinaryIO) -> Iterator[Frame]:
    framer = Framer()
    while piece := file.read(PIECE):
        yield from framer.feed(piece)
    yield from framer.end()


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What was agreed with loggers: in the profiles, and over the wire with a gateway."""

    profiles: Profiles
    stored: Agreed


def _agreed(profiles_file: Path | None, spool: Path | None) -> _Agreed | None:
    if profiles_file is None:
        if spool is not None:
            raise UsersMistake("--spool 只和 --profiles 一起用：填充方式等写在配置里；加上 --profiles FILE")
        return None
    from xunshui.telemetry.gateway.hj212_agreed import Agreed  # slow import, and only for a profiles file
    from xunshui.telemetry.hj212.read import read_profiles

    with users_mistake():
        return _Agreed(read_profiles(profiles_file), Agreed(spool))


def _told(frame: Frame, *, tolerant: bool, agreed: _Agreed | None) -> dict[str, Any]:
    if not frame.segment:
        reason = frame.reason or "数据段为空"
        raw = frame.raw.decode("utf-8", "backslashreplace")
        return {"ok": False, "reason": reason, "version": None, "fields": {}, "items": [], "raw": raw}
    message, version, unopened = _read(frame.segment, agreed)
    ok = not message.reason and (frame.readable if tolerant else not frame.reason)
    told: dict[str, Any] = {
        "ok": ok,
        "reason": "" if ok else "；".join(filter(None, (frame.reason, message.reason))),
        "version": version,
        "fields": message.fields,
        "items": list(message.items),
    }
    if message.cipher:
        told["cipher"] = message.cipher
    if unopened:
        told["cipher_reason"] = unopened
    if tolerant:
        told["quirks"] = [str(quirk) for quirk in (*frame.quirks, *message.quirks)]
    return told


def _read(segment: bytes, agreed: _Agreed | None) -> tuple[Message, str, str]:
    """Return the message, the version it is of, and why it could not be deciphered."""
    message = read_segment(segment)
    profile = agreed.profiles.of(message.device) if agreed is not None else None
    if agreed is None or profile is None:
        return message, message.version, ""
    version = profile.dialect or message.version
    if profile.sm4 is None:
        return message, version, ""
    from xunshui.telemetry.gateway.hj212_keys import keys_to_try  # slow import, and only for a key
    from xunshui.telemetry.hj212.sm4 import opened_by_any

    keys = keys_to_try(agreed.stored, message.device, profile.sm4, every=True)
    message, unopened, _ = opened_by_any(message, keys)
    return message, version, unopened


def _written(line: bytes, number: int) -> bytes:
    wanted = '{"fields": {"QN": "…", "ST": "32", …}, "items": [{"w01018-Rtd": "2.2"}, …]}'
    try:
        told = json.loads(line)
        fields = {str(name): str(value) for name, value in told["fields"].items()}
        items = [{str(name): str(value) for name, value in item.items()} for item in told["items"]]
        return framed(segment_of(fields, items, str(told.get("cipher", ""))))
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise UsersMistake(f"第 {number} 行不是 JSON；可填 {wanted}") from None
    except (KeyError, TypeError, AttributeError):
        raise UsersMistake(f"第 {number} 行缺 fields 或 items；可填 {wanted}") from None
    except ValueError as error:
        raise UsersMistake(f"第 {number} 行：{error}") from None
