"""Signatures: Ed25519 (RFC 8032) over bytes, keys as PEM text."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from xunshui.seal.digest import digest

ALGORITHM = "ed25519"
KEY_ID_DIGITS = 16
"""Enough to tell keys apart by eye; trust compares whole keys, never this."""

PrivateKey = Ed25519PrivateKey
PublicKey = Ed25519PublicKey


class KeyInvalid(ValueError):
    """A key that cannot be read; says what would be accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature: the algorithm, a short name of the key, the value in base64."""

    algorithm: str
    key_id: str
    value: str


def new_key() -> PrivateKey:
    """Return a new private key from the system's random source."""
    return Ed25519PrivateKey.generate()


def key_id(key: PublicKey) -> str:
    """Return the short name of a public key: the start of the SHA-256 of its 32 bytes.

    >>> key_id(raw_public(bytes(32)))
    'ed25519:66687aadf862bd77'
    """
    return f"{ALGORITHM}:{digest(key.public_bytes_raw()).partition(':')[2][:KEY_ID_DIGITS]}"


def sign(data: bytes, key: PrivateKey) -> Signature:
    """Return the signature of some bytes; the same bytes and key always give the same."""
    value = base64.b64encode(key.sign(data)).decode("ascii")
    return Signature(algorithm=ALGORITHM, key_id=key_id(key.public_key()), value=value)


def verify(data: bytes, signature: Signature, key: PublicKey) -> bool:
    """Return whether `signature` is that of `data` by `key`."""
    if signature.algorithm != ALGORITHM or signature.key_id != key_id(key):
        return False
    try:
        key.verify(_from_base64(signature.value), data)
    except (InvalidSignature, binascii.Error):
        return False
    return True


def _from_base64(text: str) -> bytes:
    raw = base64.b64decode(text.encode("utf-8"), validate=True)
    # The last digit of base64 has unused bits: another text of the same value is not what was signed and written.
    if base64.b64encode(raw) != text.encode("utf-8"):
        raise binascii.Error
    return raw


def raw_public(data: bytes) -> PublicKey:
    """Return the public key of 32 bytes; raises `KeyInvalid`."""
    try:
        return Ed25519PublicKey.from_public_bytes(data)
    except ValueError:
        raise KeyInvalid(f"公钥应为 32 字节，现为 {len(data)} 字节") from None


def public_pem(key: PublicKey) -> str:
    """Return a public key as PEM text."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode("ascii")


def private_pem(key: PrivateKey, passphrase: str | None = None) -> str:
    """Return a private key as PEM text (PKCS #8), encrypted where a passphrase is given."""
    shut: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        shut = serialization.BestAvailableEncryption(passphrase.encode("utf-8"))
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, shut).decode(
        "ascii"
    )


def public_from_pem(text: str) -> PublicKey:
    """Return the public key in a PEM text; raises `KeyInvalid`."""
    try:
        key = serialization.load_pem_public_key(text.encode("utf-8"))
    except (ValueError, UnsupportedAlgorithm):
        raise KeyInvalid("不是 PEM 公钥；应为 xunshui evidence key new 写出的公钥文件") from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyInvalid("不是 Ed25519 公钥；其他算法暂不支持")
    return key


def private_from_pem(text: str, passphrase: str | None = None) -> PrivateKey:
    """Return the private key in a PEM text; raises `KeyInvalid`, also where the passphrase does not fit."""
    secret = passphrase.encode("utf-8") if passphrase else None
    try:
        key = serialization.load_pem_private_key(text.encode("utf-8"), secret)
    except TypeError:
        needed = "没有加密，不需要口令" if secret else "已加密，需要口令"
        raise KeyInvalid(f"私钥{needed}") from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyInvalid("不是 PEM 私钥，或口令不对；应为 xunshui evidence key new 写出的私钥文件") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyInvalid("不是 Ed25519 私钥；其他算法暂不支持")
    return key
