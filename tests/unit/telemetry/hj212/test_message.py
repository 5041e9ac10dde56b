"""Fields and items: what is written is read back, what cannot be told apart is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.telemetry.hj212 import Quirk, read_segment, segment_of
from xunshui.telemetry.hj212.host import answer_to

names = st.text("abcDEF0123-", min_size=1, max_size=12)
values = st.text(st.characters(exclude_characters="=;,&/\r\n", exclude_categories=["Cs"]), max_size=20)
HEAD = {"QN": "20240101000000001", "ST": "32", "CN": "2011", "PW": "1", "MN": "A" * 24, "Flag": "5"}


@given(st.lists(st.dictionaries(names, values, min_size=1, max_size=4), max_size=5))
def test_what_is_written_is_read_back(items: list[dict[str, str]]) -> None:
    message = read_segment(segment_of(HEAD, items))

    assert (message.fields, list(message.items), message.reason) == (HEAD, items, "")


@pytest.mark.parametrize(
    ("segment", "reason"),
    [
        (b"ST=32;CN=2011;MN=A", "数据段里没有“CP=&&”"),
        (b"ST=32;CN=2011;MN=A;CP=&&a=1", "数据段应以“&&”结束"),
        (b"ST=32;CP=&&&&", "缺 CN、MN"),
        (b"ST=32;CN=2011;MN=A;Flag=x;CP=&&&&", "Flag 应为 0–255，收到“x”"),
        (b"ST=32;CN=2011;MN=A;CP=&&nonsense&&", "CP 里的“nonsense”应写作 名称=值"),
    ],
)
def test_broken_segments_say_why(segment: bytes, reason: str) -> None:
    assert read_segment(segment).reason == reason


def test_cipher_stands_in_the_place_of_items() -> None:
    # Flag 9: the version of 2025 (2 << 2), answer wanted (1).
    message = read_segment(segment_of(HEAD | {"Flag": "9"}, [], "0011AABB"))

    assert (message.cipher, message.items, message.reason) == ("0011AABB", (), "")


def test_gbk_is_read_and_told() -> None:
    message = read_segment(
        "ST=32;CN=3020;MN=A;CP=&&DataTime=20240101000000;i11001-Info=//停泵//&&".encode("gbk")
    )

    assert message.items[1]["i11001-Info"] == "//停泵//"
    assert Quirk.NOT_UTF8 in message.quirks


@pytest.mark.parametrize("name", ["", "a=b", "a;b", "a,b", "a&b"])
def test_ambiguous_names_are_not_written(name: str) -> None:
    with pytest.raises(ValueError, match="不能写进数据段"):
        segment_of(HEAD, [{name: "1"}])


def test_data_with_the_answer_bit_is_acknowledged_under_its_number() -> None:
    asked = read_segment(segment_of(HEAD, [{"DataTime": "20240101000000"}]))

    told = read_segment(answer_to(asked)[6:-6])

    assert told.fields["CN"] == "9014"
    assert (told.fields["QN"], told.fields["ST"], told.fields["MN"]) == (HEAD["QN"], "91", HEAD["MN"])


def test_data_without_the_answer_bit_is_not() -> None:
    assert answer_to(read_segment(segment_of(HEAD | {"Flag": "4"}, [{"DataTime": "20240101000000"}]))) == b""


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param("1001", "", id="tells_its_hardware_before_it_has_a_name"),
        pytest.param("9012", "", id="took_its_name"),
        pytest.param("2011", "缺 MN", id="data_of_nobody"),
    ],
)
def test_only_a_logger_that_gets_its_mn_may_have_none(command: str, reason: str) -> None:
    said = f"QN=20240101000000001;ST=32;CN={command};PW=1;MN=;Flag=9;CP=&&i23005-Info=S1&&"

    message = read_segment(said.encode())

    assert (message.reason, Quirk.ODD_MN in message.quirks) == (reason, True)
