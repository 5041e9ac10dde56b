"""Write keys: the private one for its owner's eyes only, the public one beside it."""

from __future__ import annotations

import os
from pathlib import Path

from xunshui.seal.signature import PrivateKey, private_pem, public_pem


def public_path(path: str | Path) -> Path:
    """Return where the public key of a private key file stands.

    >>> public_path("keys/province.pem").name
    'province.public.pem'
    """
    file = Path(path)
    return file.with_name(f"{file.stem}.public.pem")


def write_key_pair(key: PrivateKey, path: str | Path, passphrase: str | None = None) -> Path:
    """Write a private key to `path` with mode 600 and its public key beside it; return the latter's path.

    Raises `FileExistsError` where either is there already: a key that signed something must not be lost.
    """
    beside = public_path(path)
    if beside.exists():
        raise FileExistsError(17, "File exists", str(beside))
    _write_new(Path(path), private_pem(key, passphrase), mode=0o600)
    _write_new(beside, public_pem(key.public_key()), mode=0o644)
    return beside


def _write_new(file: Path, text: str, *, mode: int) -> None:
    # Created with its mode at once: there is no moment in which others could read it.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(text)
