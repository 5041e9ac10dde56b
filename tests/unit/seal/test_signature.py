"""Signatures: the vectors of RFC 8032, and nothing else than the very bytes, key and text of the signature holds."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.seal import (
    KeyInvalid,
    PrivateKey,
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

# RFC 8032, 7.1: TEST 1 to 3 — secret key, public key, message, signature.
VECTORS = {
    "test_1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    "test_2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "test_3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
}
PKCS8_HEAD = bytes.fromhex("302e020100300506032b657004220420")
"""What RFC 8410 writes before the 32 bytes of an Ed25519 key."""

RSA_PUBLIC = """-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf
9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==
-----END PUBLIC KEY-----
"""


def key_of(secret: str) -> PrivateKey:
    """Return the private key of a published secret, by way of the PEM text that we read."""
    content = base64.b64encode(PKCS8_HEAD + bytes.fromhex(secret)).decode()
    return private_from_pem(f"-----BEGIN PRIVATE KEY-----\n{content}\n-----END PRIVATE KEY-----\n")


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS.values(), ids=VECTORS)
def test_signature_is_the_published_one(secret: str, public: str, message: str, signature: str) -> None:
    key, data = key_of(secret), bytes.fromhex(message)

    signed = sign(data, key)

    assert base64.b64decode(signed.value).hex() == signature
    assert key.public_key().public_bytes_raw().hex() == public
    assert verify(data, signed, raw_public(bytes.fromhex(public)))


@given(st.binary(min_size=1, max_size=200), st.data())
def test_changed_byte_of_the_data_is_refused(data: bytes, draw: st.DataObject) -> None:
    key = key_of(VECTORS["test_1"][0])
    at = draw.draw(st.integers(0, len(data) - 1))
    changed = data[:at] + bytes([data[at] ^ draw.draw(st.integers(1, 255))]) + data[at + 1 :]

    signed = sign(data, key)

    assert verify(data, signed, key.public_key())
    assert not verify(changed, signed, key.public_key())


@pytest.mark.parametrize("at", range(64))
def test_changed_byte_of_the_signature_is_refused(at: int) -> None:
    key = key_of(VECTORS["test_2"][0])
    signed = sign(b"x", key)
    raw = bytearray(base64.b64decode(signed.value))
    raw[at] ^= 1

    assert not verify(b"x", replace(signed, value=base64.b64encode(raw).decode()), key.public_key())


def test_another_key_is_refused_even_under_the_first_keys_name() -> None:
    first, other = key_of(VECTORS["test_1"][0]), key_of(VECTORS["test_2"][0])
    signed = sign(b"x", other)

    renamed = replace(signed, key_id=key_id(first.public_key()))

    assert not verify(b"x", signed, first.public_key())
    assert not verify(b"x", renamed, first.public_key())
    assert not verify(b"x", renamed, other.public_key())


def other_last_digit(signed: Signature) -> str:
    # 64 bytes end in base64 with 4 unused bits: another last digit of the same bytes.
    stem, last = signed.value[:-3], signed.value[-3]
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return f"{stem}{digits[digits.index(last) ^ 1]}=="


def test_signature_has_one_text_only() -> None:
    key = new_key()
    signed = sign(b"x", key)

    others = [
        other_last_digit(signed),
        f"{signed.value}\n",
        signed.value.rstrip("="),
        signed.value.encode().hex(),
        "",
        "签名",
    ]

    assert base64.b64decode(others[0]) == base64.b64decode(signed.value)
    assert [verify(b"x", replace(signed, value=text), key.public_key()) for text in others] == [False] * 6


def test_other_algorithm_is_refused() -> None:
    key = new_key()

    assert not verify(b"x", replace(sign(b"x", key), algorithm="none"), key.public_key())


def test_same_bytes_and_key_give_the_same_signature() -> None:
    key = new_key()

    assert sign(b"x", key) == sign(b"x", key)
    assert key.private_bytes_raw() != new_key().private_bytes_raw()


@pytest.mark.parametrize("passphrase", [None, "口令 1"])
def test_keys_come_back_from_pem(passphrase: str | None) -> None:
    key = new_key()

    private = private_from_pem(private_pem(key, passphrase), passphrase)
    public = public_from_pem(public_pem(key.public_key()))

    assert private.private_bytes_raw() == key.private_bytes_raw()
    assert public.public_bytes_raw() == key.public_key().public_bytes_raw()


@pytest.mark.parametrize(
    ("kept_with", "opened_with", "told"),
    [
        pytest.param("right", "wrong", "口令不对", id="wrong_passphrase"),
        pytest.param("right", None, "已加密，需要口令", id="passphrase_missing"),
        pytest.param(None, "any", "没有加密，不需要口令", id="passphrase_needless"),
    ],
)
def test_private_key_does_not_open_otherwise_than_it_was_shut(
    kept_with: str | None, opened_with: str | None, told: str
) -> None:
    text = private_pem(new_key(), kept_with)

    with pytest.raises(KeyInvalid, match=told):
        private_from_pem(text, opened_with)


def test_what_is_no_ed25519_key_is_refused() -> None:
    key = new_key()

    for text in ("", "x", private_pem(key)):
        with pytest.raises(KeyInvalid, match="不是 PEM 公钥"):
            public_from_pem(text)
    with pytest.raises(KeyInvalid, match="不是 Ed25519 公钥"):
        public_from_pem(RSA_PUBLIC)
    with pytest.raises(KeyInvalid, match="不是 PEM 私钥"):
        private_from_pem(public_pem(key.public_key()))
    with pytest.raises(KeyInvalid, match="32 字节，现为 31"):
        raw_public(bytes(31))
