"""What stands in CP encrypted: SM4 in ECB, deciphered and enciphered as a logger's profile says.

Padding and notation are settings, not claims: the text of HJ 212-2025 was not read.

>>> from xunshui.telemetry.hj212.profile import Sm4
>>> sm4 = Sm4(key="0123456789abcdeffedcba9876543210", padding="zero")
>>> deciphered(enciphered(b"w01018-Rtd=2.2", sm4), sm4)
b'w01018-Rtd=2.2'
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB

from xunshui.telemetry.hj212.frame import Quirk
from xunshui.telemetry.hj212.message import Message, read_segment

if TYPE_CHECKING:
    from xunshui.telemetry.hj212.profile import Sm4

BLOCK = 16
OPENING, CLOSING = b"CP=&&", b"&&"
NAMING = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_")
BASE64 = re.compile(rb"[A-Za-z0-9+/]{16,}={0,2}")


class NotDeciphered(ValueError):
    """A ciphertext that these settings do not open; its words say why."""


def opened(message: Message, sm4: Sm4) -> tuple[Message, str]:
    """Return a message with its items deciphered, and why they could not be; a plain message comes back as it is.

    What cannot be deciphered is a message without items whose `cipher` is what was sent.
    """
    head, _, body = message.segment.partition(OPENING)
    content = body.removesuffix(CLOSING)
    if not _is_cipher(message, content, sm4):
        return message, ""
    try:
        plain = deciphered(content, sm4)
    except NotDeciphered as error:
        return _closed(message, head, content, str(error))
    found = read_segment(head + OPENING + plain + CLOSING)
    if found.reason or found.cipher or not _makes_sense(found):
        return _closed(message, head, content, "解开后不是“名称=值”，密钥或填充方式不对")
    return found._replace(segment=message.segment), ""


def opened_by_any(message: Message, keys: Sequence[Sm4]) -> tuple[Message, str, int]:
    """Return a message deciphered by the first of these keys that opens it, why none did, and which key it was.

    While a logger changes its key, frames of both are on the way. A plain message is told as the first key's.
    """
    first, reason = opened(message, keys[0])
    if not reason:
        return first, "", 0
    for place, sm4 in enumerate(keys[1:], 1):
        found, not_by_this = opened(message, sm4)
        if not not_by_this:
            return found, "", place
    return first, reason, 0


def deciphered(content: bytes, sm4: Sm4) -> bytes:
    """Return what a ciphertext says. Raises `NotDeciphered`."""
    sealed = _bytes_of(content, sm4)
    if not sealed or len(sealed) % BLOCK:
        raise NotDeciphered(f"密文 {len(sealed)} 字节，应为 {BLOCK} 的倍数")
    reading = Cipher(SM4(sm4.key_bytes), ECB()).decryptor()
    return _unpadded(reading.update(sealed) + reading.finalize(), sm4)


def enciphered(plain: bytes, sm4: Sm4) -> bytes:
    """Return what stands in CP for a plain content.

    Raises ValueError where it is not whole blocks and the padding is none.
    """
    padded = _padded(plain, sm4)
    writing = Cipher(SM4(sm4.key_bytes), ECB()).encryptor()
    sealed = writing.update(padded) + writing.finalize()
    if sm4.encoding == "hex":
        return sealed.hex().upper().encode()
    return b64encode(sealed) if sm4.encoding == "base64" else sealed


def _makes_sense(message: Message) -> bool:
    """Return whether this may have been meant: what a wrong key yields reads as pairs, too, one time in twenty."""
    pairs = [pair for item in message.items for pair in item.items()]
    if Quirk.NOT_UTF8 not in message.quirks:
        return all(name.isprintable() for name, _ in pairs)
    return all(
        len(name) > 2 and NAMING.issuperset(name) and value.isprintable() and "\ufffd" not in value
        for name, value in pairs
    )


def _is_cipher(message: Message, content: bytes, sm4: Sm4) -> bool:
    if not content:
        return False
    if message.cipher:
        return True
    if sm4.encoding == "bytes":
        # What reads as pairs is plain: ciphertext hardly ever does.
        return bool(message.reason) or Quirk.NOT_UTF8 in message.quirks
    return bool(BASE64.fullmatch(content))


def _closed(message: Message, head: bytes, content: bytes, reason: str) -> tuple[Message, str]:
    if message.items and not message.reason:
        return message, ""
    bare = read_segment(head + OPENING + CLOSING)
    if bare.reason:
        return message, ""
    return bare._replace(segment=message.segment, cipher=content.decode("latin-1")), f"密文解不开：{reason}"


def _bytes_of(content: bytes, sm4: Sm4) -> bytes:
    try:
        if sm4.encoding == "hex":
            return bytes.fromhex(content.decode("ascii"))
        if sm4.encoding == "base64":
            return b64decode(content + b"=" * (-len(content) % 4), validate=True)
    except ValueError:
        told = "十六进制" if sm4.encoding == "hex" else "Base64"
        raise NotDeciphered(f"密文不是{told}") from None
    return content


def _padded(plain: bytes, sm4: Sm4) -> bytes:
    short = -len(plain) % BLOCK
    match sm4.padding:
        case "pkcs7":
            count = short or BLOCK
            return plain + bytes([count]) * count
        case "zero":
            return plain + b"\0" * short
        case "space":
            return plain + b" " * short
    if short:
        raise ValueError(f"明文 {len(plain)} 字节，不填充时应为 {BLOCK} 的倍数")
    return plain


def _unpadded(padded: bytes, sm4: Sm4) -> bytes:
    match sm4.padding:
        case "zero":
            return padded.rstrip(b"\0")
        case "space":
            return padded.rstrip(b" ")
        case "pkcs7":
            count = padded[-1]
            if not 0 < count <= BLOCK or padded[-count:] != bytes([count]) * count:
                raise NotDeciphered("填充不是 PKCS#7，密钥或填充方式不对")
            return padded[:-count]
    return padded
