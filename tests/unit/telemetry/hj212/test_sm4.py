"""SM4: a known answer, the way back, and what cannot be opened."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.telemetry.hj212 import read_segment
from xunshui.telemetry.hj212.profile import Encoding, Padding, Sm4
from xunshui.telemetry.hj212.sm4 import NotDeciphered, deciphered, enciphered, opened, opened_by_any

FILE = Path(__file__).parents[5] / "shared" / "data" / "hj212_vectors.txt"
KEY = "0123456789abcdeffedcba9876543210"
HEAD = b"QN=20240101000000001;ST=32;CN=2011;PW=123456;MN=A;Flag=9;CP=&&"
PLAIN = b"DataTime=20240101000000;w01018-Rtd=2.2,w01018-Flag=N"
ITEMS = ({"DataTime": "20240101000000"}, {"w01018-Rtd": "2.2", "w01018-Flag": "N"})
settings = st.builds(
    Sm4,
    key=st.binary(min_size=16, max_size=16).map(bytes.hex),
    padding=st.sampled_from(get_args(Padding)),
    encoding=st.sampled_from(get_args(Encoding)),
)


@pytest.mark.skipif(not FILE.exists(), reason="../shared/data/hj212_vectors.txt 不在这台机器上")
def test_known_answer() -> None:
    found = re.search(r"key = plaintext = (\w{32}) -> (\w{32})", FILE.read_text("utf-8"))
    assert found is not None
    key, answer = found.groups()

    assert enciphered(bytes.fromhex(key), Sm4(key=key)).lower() == answer.encode()
    assert deciphered(answer.encode(), Sm4(key=key)) == bytes.fromhex(key)


@given(sm4=settings, plain=st.binary(min_size=1, max_size=100))
def test_way_there_and_back(sm4: Sm4, plain: bytes) -> None:
    if sm4.padding == "none":
        plain = plain * 16
    if sm4.padding in ("zero", "space"):
        # What ends like the padding cannot be told from it; contents of HJ 212 end in neither.
        plain += b"."

    assert deciphered(enciphered(plain, sm4), sm4) == plain


@given(sm4=settings.filter(lambda each: each.padding != "none"), value=st.decimals(allow_nan=False, places=3))
def test_sealed_message_opens_into_its_items(sm4: Sm4, value: object) -> None:
    plain = f"DataTime=20240101000000;w01018-Rtd={value}".encode()
    sealed = read_segment(HEAD + enciphered(plain, sm4) + b"&&")

    message, reason = opened(sealed, sm4)

    assert (message.items, reason) == (read_segment(HEAD + plain + b"&&").items, "")
    assert message.segment == sealed.segment


@given(sm4=settings, content=st.binary(max_size=80))
def test_any_content_is_opened_or_told(sm4: Sm4, content: bytes) -> None:
    sealed = read_segment(HEAD + content + b"&&")

    message, reason = opened(sealed, sm4)

    assert (message == sealed) or message.segment == sealed.segment
    assert not reason or (message.items == () and message.reason == "")


@pytest.mark.parametrize("encoding", get_args(Encoding))
def test_plain_message_stays_as_it_is(encoding: Encoding) -> None:
    plain = read_segment(HEAD + PLAIN + b"&&")

    assert opened(plain, Sm4(key=KEY, encoding=encoding)) == (plain, "")


def test_plain_message_in_gbk_is_not_taken_for_ciphertext() -> None:
    plain = read_segment(HEAD + "w01018-Info=清洗".encode("gbk") + b"&&")

    assert opened(plain, Sm4(key=KEY, encoding="bytes")) == (plain, "")


@pytest.mark.parametrize(
    ("content", "sm4", "told"),
    [
        pytest.param(
            b"AB" * 15, Sm4(key=KEY), "密文解不开：密文 15 字节，应为 16 的倍数", id="cut_within_a_block"
        ),
        pytest.param(b"xyz+", Sm4(key=KEY), "密文解不开：密文不是十六进制", id="other_notation"),
        pytest.param(
            b"AB" * 16,
            Sm4(key=KEY, padding="pkcs7"),
            "密文解不开：填充不是 PKCS#7，密钥或填充方式不对",
            id="other_padding",
        ),
        pytest.param(
            b"AB" * 16,
            Sm4(key=KEY),
            "密文解不开：解开后不是“名称=值”，密钥或填充方式不对",
            id="other_key",
        ),
        pytest.param(
            b"\x81" * 17,
            Sm4(key=KEY, encoding="bytes"),
            "密文解不开：密文 17 字节，应为 16 的倍数",
            id="bytes",
        ),
    ],
)
def test_what_cannot_be_opened_is_told_and_stays(content: bytes, sm4: Sm4, told: str) -> None:
    sealed = read_segment(HEAD + content + b"&&")

    message, reason = opened(sealed, sm4)

    assert (message.items, message.reason, reason) == ((), "", told)
    assert message.cipher == content.decode("latin-1")
    assert message.segment == sealed.segment


def test_unpadded_takes_whole_blocks_only() -> None:
    with pytest.raises(ValueError, match="明文 3 字节，不填充时应为 16 的倍数"):
        enciphered(b"abc", Sm4(key=KEY))
    with pytest.raises(NotDeciphered, match="密文 0 字节"):
        deciphered(b"", Sm4(key=KEY))


def test_message_with_a_broken_head_is_still_refused() -> None:
    sealed = read_segment(HEAD.replace(b"ST=32;", b"") + b"\x81" * 16 + b"&&")

    message, _ = opened(sealed, Sm4(key=KEY, encoding="bytes"))

    assert message.reason != ""


def test_frame_is_opened_by_whichever_key_fits() -> None:
    old, new = Sm4(key="0123456789abcdef", padding="zero"), Sm4(key="fedcba9876543210", padding="zero")
    head = b"QN=20240101000000001;ST=32;CN=2011;PW=1;MN=A;Flag=9;CP=&&"
    messages = [
        read_segment(head + body + b"&&")
        for body in (enciphered(b"w01018-Rtd=1", old), enciphered(b"w01018-Rtd=2", new), b"w01018-Rtd=3")
    ]

    opened = [opened_by_any(message, [old, new]) for message in messages]
    closed, reason, _ = opened_by_any(messages[0], [new])

    assert [(found.value("w01018-Rtd"), why, place) for found, why, place in opened] == [
        ("1", "", 0),
        ("2", "", 1),
        ("3", "", 0),
    ]
    assert (closed.items, reason) == ((), "密文解不开：解开后不是“名称=值”，密钥或填充方式不对")


def test_wrong_key_makes_no_readings_of_noise() -> None:
    right = Sm4(key="0123456789abcdef", padding="zero")
    body = enciphered(b"w01018-Rtd=2.2", right)
    message = read_segment(b"QN=1;ST=32;CN=2011;PW=1;MN=A;Flag=9;CP=&&" + body + b"&&")

    taken = [key for key in range(5_000) if not opened(message, Sm4(key=f"{key:032x}", padding="zero"))[1]]

    assert taken == []
