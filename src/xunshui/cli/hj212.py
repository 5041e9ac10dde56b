"""`xunshui hj212`: look into frames of HJ 212 and write them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import click

from xunshui.cli.mistakes import UsersMistake
from xunshui.telemetry.hj212 import Frame, Framer, framed, read_segment, segment_of

PIECE = 1 << 16


@click.group("hj212")
def command() -> None:
    """HJ 212 报文：拆解与写出。"""


@command.command("decode")
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--quirks", is_flag=True, help="容忍已知的偏差（其他校验码、按字符数的长度、缺帧尾），在 quirks 中列出"
)
def decode_command(file: BinaryIO, quirks: bool) -> None:
    """把 FILE（- 为标准输入）中的原始字节拆成帧，每帧一行 JSON：ok、reason、version、fields、items。

    ok 为真：结构、长度、帧尾都对，校验码与标准算出的相同（不分大小写）。
    """
    for frame in _frames(file):
        click.echo(json.dumps(_told(frame, tolerant=quirks), ensure_ascii=False))


@command.command("encode")
@click.argument("file", type=click.File("rb"), default="-")
def encode_command(file: BinaryIO) -> None:
    """把 FILE（- 为标准输入）中每行一个 JSON（fields、items，与 decode 的输出相同）写成原始字节。"""
    out = sys.stdout.buffer
    for number, line in enumerate(file, 1):
        if line.strip():
            out.write(_written(line, number))


def _frames(file: BinaryIO) -> Iterator[Frame]:
    framer = Framer()
    while piece := file.read(PIECE):
        yield from framer.feed(piece)
    yield from framer.end()


def _told(frame: Frame, *, tolerant: bool) -> dict[str, Any]:
    if not frame.segment:
        reason = frame.reason or "数据段为空"
        raw = frame.raw.decode("utf-8", "backslashreplace")
        return {"ok": False, "reason": reason, "version": None, "fields": {}, "items": [], "raw": raw}
    message = read_segment(frame.segment)
    ok = not message.reason and (frame.readable if tolerant else not frame.reason)
    told: dict[str, Any] = {
        "ok": ok,
        "reason": "" if ok else "；".join(filter(None, (frame.reason, message.reason))),
        "version": message.version,
        "fields": message.fields,
        "items": list(message.items),
    }
    if message.cipher:
        told["cipher"] = message.cipher
    if tolerant:
        told["quirks"] = [str(quirk) for quirk in (*frame.quirks, *message.quirks)]
    return told


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
