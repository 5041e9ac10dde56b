"""Read what is sealed or seals: a file's digest, keys in PEM files."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from xunshui.seal.digest import hasher
from xunshui.seal.signature import KeyInvalid, PrivateKey, PublicKey, private_from_pem, public_from_pem

CHUNK_BYTES = 1024 * 1024
LARGEST_KEY_FILE_BYTES = 64 * 1024


def digest_of_stream(stream: BinaryIO, algorithm: str = "sha256") -> str:
    """Return the labelled digest of what a binary stream still holds, read piece by piece."""
    running = hasher(algorithm)
    while chunk := stream.read(CHUNK_BYTES):
        running.update(chunk)
    return f"{algorithm}:{running.finalize().hex()}"


def read_private_key(path: str | Path, passphrase: str | None = None) -> PrivateKey:
    """Return the private key in a PEM file; raises `KeyInvalid` naming the file, and `OSError`."""
    try:
        return private_from_pem(_pem(Path(path)), passphrase)
    except KeyInvalid as error:
        raise KeyInvalid(f"{Path(path).name}：{error}") from None


def read_public_key(path: str | Path) -> PublicKey:
    """Return the public key in a PEM file; raises `KeyInvalid` naming the file, and `OSError`."""
    try:
        return public_from_pem(_pem(Path(path)))
    except KeyInvalid as error:
        raise KeyInvalid(f"{Path(path).name}：{error}") from None


def _pem(file: Path) -> str:
    with file.open("rb") as stream:
        data = stream.read(LARGEST_KEY_FILE_BYTES + 1)
    try:
        return data.decode("utf-8") if len(data) <= LARGEST_KEY_FILE_BYTES else ""
    except UnicodeDecodeError:
        raise KeyInvalid("不是 PEM 文本") from None
