"""Seals: canonical bytes, digests, hash chains and signatures. Whatever must not be changed unseen is sealed here.

A value becomes canonical bytes, bytes become a digest with its algorithm's name, rows become a chain, and
a signature says who stands behind some bytes. Nothing here knows what the values mean, and there is no clock.

>>> import datetime as dt
>>> opened = first_link("round-2024", {"act": "open"}, dt.datetime(2024, 8, 1, tzinfo=dt.UTC))
>>> key = new_key()
>>> verify(opened.hash.encode(), sign(opened.hash.encode(), key), key.public_key())
True
"""

from xunshui.seal.canonical import NotCanonical, canonical_bytes, value_of
from xunshui.seal.chain import (
    GENESIS,
    Break,
    BreakKind,
    Head,
    Link,
    first_break,
    first_link,
    head_of,
    next_link,
)
from xunshui.seal.digest import ALGORITHMS, UnknownAlgorithm, algorithm_of, digest, matches
from xunshui.seal.read import digest_of_stream, read_private_key, read_public_key
from xunshui.seal.signature import (
    KeyInvalid,
    PrivateKey,
    PublicKey,
    Signature,
    key_id,
    new_key,
    private_from_pem,
    private_pem,
    public_from_pem,
    public_pem,
    raw_public,
    sign,
    verify,
)
from xunshui.seal.write import write_key_pair

__all__ = [
    "ALGORITHMS",
    "GENESIS",
    "Break",
    "BreakKind",
    "Head",
    "KeyInvalid",
    "Link",
    "NotCanonical",
    "PrivateKey",
    "PublicKey",
    "Signature",
    "UnknownAlgorithm",
    "algorithm_of",
    "canonical_bytes",
    "digest",
    "digest_of_stream",
    "first_break",
    "first_link",
    "head_of",
    "key_id",
    "matches",
    "new_key",
    "next_link",
    "private_from_pem",
    "private_pem",
    "public_from_pem",
    "public_pem",
    "raw_public",
    "read_private_key",
    "read_public_key",
    "sign",
    "value_of",
    "verify",
    "write_key_pair",
]
