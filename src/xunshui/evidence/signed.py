"""Who signed a package, and whether whoever verifies it trusts that key."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from xunshui.seal import KeyInvalid, NotCanonical, PublicKey, Signature, key_id, raw_public, value_of, verify

_KEYS = {"algorithm", "key_id", "value", "public_key"}


class SignatureState(StrEnum):
    """Whether there is a signature and whether it holds."""

    ABSENT = "absent"
    VALID = "valid"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What is known of a signature.

    The package's own copy of the public key proves that one key's holder signed; whose key that is, only
    `trusted_by` says: the name under which the verifier holds the same key, None where they hold no such key.
    """

    state: SignatureState
    key_id: str = ""
    trusted_by: str | None = None
    problem: str = ""


def signed(manifest: bytes, signature: bytes | None, trusted_keys: Mapping[str, PublicKey]) -> Signed:
    """Return what the bytes of signature.json say about the bytes of the manifest."""
    if signature is None:
        return Signed(state=SignatureState.ABSENT)
    try:
        told, key = _parsed(signature)
    except (NotCanonical, KeyInvalid, binascii.Error, ValueError) as error:
        return Signed(state=SignatureState.INVALID, problem=f"读不出签名：{error}")
    if not verify(manifest, told, key):
        problem = "签名与 manifest.json 不符：清单或签名被改过"
        return Signed(state=SignatureState.INVALID, key_id=key_id(key), problem=problem)
    return Signed(state=SignatureState.VALID, key_id=key_id(key), trusted_by=_who(key, trusted_keys))


def _parsed(data: bytes) -> tuple[Signature, PublicKey]:
    raw: Any = value_of(data)
    if (
        not isinstance(raw, dict)
        or set(raw) != _KEYS
        or not all(isinstance(text, str) for text in raw.values())
    ):
        raise ValueError(f"应有文字 {'、'.join(sorted(_KEYS))}")
    public = raw.pop("public_key")
    return Signature(**raw), raw_public(base64.b64decode(public.encode("utf-8"), validate=True))


def _who(key: PublicKey, trusted_keys: Mapping[str, PublicKey]) -> str | None:
    raw = key.public_bytes_raw()
    return next((name for name, held in trusted_keys.items() if held.public_bytes_raw() == raw), None)
