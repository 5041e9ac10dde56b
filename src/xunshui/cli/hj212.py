"""`xunshui hj212`: look into frames of HJ 212, write them, and ask loggers through a running gateway."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from xunshui.cli.mistakes import UsersMistake, users_mistake
from xunshui.telemetry.hj212 import Frame, Framer, Message, framed, read_segment, segment_of
from xunshui.telemetry.localtime import instant_of_text

if TYPE_CHECKING:
    from xunshui.telemetry.hj212.profile import Profiles

PIECE = 1 << 16


@click.group("hj212")
def command() -> None:
    """HJ 212 报文：拆解与写出；向数采仪取历史、校时。"""


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
def decode_command(file: BinaryIO, quirks: bool, profiles_file: Path | None) -> None:
    """把 FILE（- 为标准输入）中的原始字节拆成帧，每帧一行 JSON：ok、reason、version、fields、items。

    ok 为真：结构、长度、帧尾都对，校验码与标准算出的相同（不分大小写）。
    """
    profiles = None
    if profiles_file is not None:
        from xunshui.telemetry.hj212.read import (
            read_profiles,  # slow import, and only for a profiles file
        )

        with users_mistake():
            profiles = read_profiles(profiles_file)
    for frame in _frames(file):
        click.echo(json.dumps(_told(frame, tolerant=quirks, profiles=profiles), ensure_ascii=False))


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
@click.argument("what", type=click.Choice(["2051", "2061", "2031", "2011", "clock"]))
@click.option("--from", "start", help="开始时刻，如 2024-01-01 或 2024-01-01T08:00；clock 不用")
@click.option("--to", "end", help="结束时刻（含）；clock 不用")
def ask_command(spool: Path, mn: str, what: str, start: str | None, end: str | None) -> None:
    """请运行中的网关向数采仪 MN 取历史（分钟 2051、小时 2061、日 2031、2025 版实时 2011），或立即校时（clock）。

    取回的数据和平常一样落盘；等到数采仪答完、拒绝或超时才返回。
    """
    from xunshui.telemetry.gateway.ask import ask  # slow import

    with users_mistake():
        click.echo(ask(spool, {"device": mn, "command": what, **_period(what, start, end)}))


def _period(what: str, start: str | None, end: str | None) -> dict[str, int]:
    if what == "clock":
        return {}
    if start is None or end is None:
        raise UsersMistake("取历史要写明时段；可填 --from 2024-01-01T08:00 --to 2024-01-01T09:00")
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


def _told(frame: Frame, *, tolerant: bool, profiles: Profiles | None) -> dict[str, Any]:
    if not frame.segment:
        reason = frame.reason or "数据段为空"
        raw = frame.raw.decode("utf-8", "backslashreplace")
        return {"ok": False, "reason": reason, "version": None, "fields": {}, "items": [], "raw": raw}
    message, version, unopened = _read(frame.segment, profiles)
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


def _read(segment: bytes, profiles: Profiles | None) -> tuple[Message, str, str]:
    """Return the message, the version it is of, and why it could not be deciphered."""
    message = read_segment(segment)
    profile = profiles.of(message.device) if profiles is not None else None
    if profile is None:
        return message, message.version, ""
    version = profile.dialect or message.version
    if profile.sm4 is None:
        return message, version, ""
    from xunshui.telemetry.hj212.sm4 import opened  # slow import, and only for a key

    message, unopened = opened(message, profile.sm4)
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
