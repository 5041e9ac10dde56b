"""What the commands that look into binary frames share: raw bytes or hexadecimal in, pieces out."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

import click

from xunshui.cli.mistakes import UsersMistake

if TYPE_CHECKING:
    from xunshui.telemetry.binary import BinaryFramer

PIECE = 1 << 16
BLANKS = string.whitespace.encode()

hex_option = click.option("--hex", "is_hex", is_flag=True, help="输入是十六进制文本，空白不计")


def pieces_of(file: BinaryIO, framer: BinaryFramer, *, is_hex: bool) -> Iterator[tuple[bytes, str]]:
    """Yield each frame, or what is none, with the reason."""
    while content := (_unhexed(file.read()) if is_hex else file.read(PIECE)):
        yield from framer.feed(content)
    yield from framer.end()


def _unhexed(text: bytes) -> bytes:
    try:
        return bytes.fromhex(text.translate(None, BLANKS).decode("ascii"))
    except (UnicodeDecodeError, ValueError):
        raise UsersMistake("输入不是十六进制文本；每个字节写两位，如 7E 7E 01") from None
