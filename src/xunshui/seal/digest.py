"""Digests with their algorithm written before them: `sha256:…` (FIPS 180-4) and `sm3:…` (GB/T 32905-2016)."""

from __future__ import annotations

from hmac import compare_digest

# Python's own hashlib has SM3 only where the system's OpenSSL has; this one always has.
from cryptography.hazmat.primitives import hashes

ALGORITHMS: dict[str, type[hashes.HashAlgorithm]] = {"sha256": hashes.SHA256, "sm3": hashes.SM3}
HEX_DIGITS = 64
"""Both algorithms give 256 bits."""


class UnknownAlgorithm(ValueError):
    """A digest whose algorithm we do not know; `accepted` lists those we do."""

    def __init__(self, name: str) -> None:
        """Keep the names that would have been accepted."""
        self.accepted = tuple(ALGORITHMS)
        super().__init__(f"不认识的摘要算法“{name[:40]}”；可用：{'、'.join(self.accepted)}")


def hasher(algorithm: str = "sha256") -> hashes.Hash:
    """Return a running digest to feed with pieces; raises `UnknownAlgorithm`."""
    if algorithm not in ALGORITHMS:
        raise UnknownAlgorithm(algorithm)
    return hashes.Hash(ALGORITHMS[algorithm]())


def digest(data: bytes, algorithm: str = "sha256") -> str:
    """Return the labelled digest of some bytes; raises `UnknownAlgorithm`.

    >>> digest(b"abc", "sm3")
    'sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'
    """
    running = hasher(algorithm)
    running.update(data)
    return f"{algorithm}:{running.finalize().hex()}"


def algorithm_of(labelled: str) -> str:
    """Return the algorithm that a labelled digest names; raises `UnknownAlgorithm`.

    >>> algorithm_of("sm3:66c7f0f4")
    'sm3'
    """
    name, _, _ = labelled.partition(":")
    if name not in ALGORITHMS:
        raise UnknownAlgorithm(name)
    return name


def matches(data: bytes, labelled: str) -> bool:
    """Return whether bytes have that digest, by the algorithm it names; raises `UnknownAlgorithm`."""
    return compare_digest(digest(data, algorithm_of(labelled)).encode(), labelled.encode())
