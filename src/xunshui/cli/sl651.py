"""`xunshui sl651`: look into frames of SL 651."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

import click

from xunshui.cli.binary import hex_option, pieces_of


@click.group("sl651")
def command() -> None:
    """SL 651 报文（HEX/BCD 编码）：拆解。"""


@command.command("decode")
@click.argument("file", type=click.File("rb"), default="-")
@hex_option
def decode_command(file: BinaryIO, is_hex: bool) -> None:
    """把 FILE（- 为标准输入）中的原始字节拆成帧，每帧一行 JSON：ok、reason、station、function、elements……

    ok 为真：结构、长度、校验都对，正文能读。多包报文和均匀时段报（31、38）只给出正文；厂家自定的要素（FF 开头）只给出原文。
    title、unit 依公开程序，标准原文未见。
    """
    from xunshui.telemetry.sl651 import framer  # slow import

    for raw, reason in pieces_of(file, framer(), is_hex=is_hex):
        click.echo(json.dumps(_told(raw, reason), ensure_ascii=False))


def _told(raw: bytes, reason: str) -> dict[str, Any]:
    from xunshui.telemetry.sl651 import read_frame  # slow import
    from xunshui.telemetry.sl651.elements import title_of, unit_of
    from xunshui.telemetry.sl651.message import FUNCTIONS

    if reason:
        return {"ok": False, "reason": reason, "raw": raw.hex().upper()}
    message = read_frame(raw)
    return {
        "ok": not message.reason,
        "reason": message.reason,
        "direction": "up" if message.is_upward else "down",
        "centre": message.centre,
        "station": message.station,
        "password": message.password,
        "function": message.function,
        "function_title": FUNCTIONS.get(message.function, ""),
        "serial": message.serial,
        "sent_at": _time(message.sent_us),
        "elements": [
            {
                "id": element.id,
                "title": title_of(element.id),
                "value": element.value,
                "unit": unit_of(element.id),
                "raw": element.raw,
                "observed_at": _time(element.observed_us),
            }
            for element in message.elements
        ],
        "body": message.body.hex().upper(),
    }


def _time(at_us: int | None) -> str | None:
    from xunshui.telemetry.localtime import local_datetime  # slow import

    return None if at_us is None else local_datetime(at_us).isoformat()
