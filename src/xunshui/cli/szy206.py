"""`xunshui szy206`: look into frames of SZY206."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

import click

from xunshui.cli.binary import hex_option, pieces_of


@click.group("szy206")
def command() -> None:
    """SZY206 报文：拆解。"""


@command.command("decode")
@click.argument("file", type=click.File("rb"), default="-")
@hex_option
def decode_command(file: BinaryIO, is_hex: bool) -> None:
    """把 FILE（- 为标准输入）中的原始字节拆成帧，每帧一行 JSON：ok、reason、station、kind、function、values……

    ok 为真：结构、长度、校验都对。标准原文未见：自报的雨量、水位、流量与水量、流速、水压依公开资料取出数值（measures），
    其余的 measures 为 null，values 原样给出十六进制。time 没有月份时只有“日 时:分:秒”。
    """
    from xunshui.telemetry.szy206 import framer  # slow import

    for raw, reason in pieces_of(file, framer(), is_hex=is_hex):
        click.echo(json.dumps(_told(raw, reason), ensure_ascii=False))


def _told(raw: bytes, reason: str) -> dict[str, Any]:
    from xunshui.telemetry.szy206 import read_frame  # slow import
    from xunshui.telemetry.szy206.message import FUNCTIONS
    from xunshui.telemetry.szy206.time_label import shown

    if reason:
        return {"ok": False, "reason": reason, "raw": raw.hex().upper()}
    message = read_frame(raw)
    return {
        "ok": not message.reason,
        "reason": message.reason,
        "direction": "up" if message.is_upward else "down",
        "packet": message.packet,
        "kind": message.kind,
        "station": message.station,
        "function": message.function,
        "function_title": FUNCTIONS.get(message.function, ""),
        "values": message.values.hex().upper(),
        "measures": message.measures and [measure._asdict() for measure in message.measures],
        "alarm": message.alarm.hex().upper(),
        "state": message.state.hex().upper(),
        "time_label": message.time_label.hex().upper(),
        "time": shown(message.time_label),
    }
