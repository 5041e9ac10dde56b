"""Canonical bytes: the published examples of RFC 8785, our own rules for exact values, and refusals with their place."""

from __future__ import annotations

import datetime as dt
import json
import struct
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.seal import NotCanonical, canonical_bytes, value_of

BEIJING = dt.timezone(dt.timedelta(hours=8))
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


class Colour(StrEnum):
    """An enumeration whose own text says something else than its value."""

    RED = "red"

    def __str__(self) -> str:
        return "not the value"


def text_of(value: Any) -> str:
    return canonical_bytes(value).decode("utf-8")


# RFC 8785, appendix B: the bits of a double and how ECMAScript writes it.
DOUBLES = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "text"), DOUBLES.items(), ids=DOUBLES)
def test_double_is_written_as_in_appendix_b(bits: str, text: str) -> None:
    (double,) = struct.unpack(">d", bytes.fromhex(bits))

    assert text_of(double) == text


def test_value_of_section_3_2_2_has_its_published_bytes() -> None:
    value = json.loads(
        '{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],'
        r'"string": "\u20ac$\u000F\u000aA\u0027\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}'
    )

    published = (
        "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333"
        "333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22"
        "e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d"
    )
    assert canonical_bytes(value).hex() == published


def test_keys_are_sorted_by_16_bit_units_as_in_section_3_2_3() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\u00f6"]

    written = list(json.loads(canonical_bytes(dict.fromkeys(keys, 0))))

    # By code points the emoji would stand last; by 16-bit units it stands before the Hebrew letter.
    assert written == ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(Decimal("98.10"), '"98.10"', id="decimal_keeps_the_digits_written"),
        pytest.param(Decimal("1E+3"), '"1000"', id="decimal_is_positional"),
        pytest.param(Decimal("1E-7"), '"0.0000001"', id="small_decimal_is_positional"),
        pytest.param(Fraction(9701, 100), '"9701/100"', id="fraction"),
        pytest.param(Fraction(194, 2), '"97"', id="whole_fraction"),
        pytest.param(dt.date(2024, 10, 1), '"2024-10-01"', id="day"),
        pytest.param(
            dt.datetime(2024, 10, 1, tzinfo=BEIJING), '"2024-09-30T16:00:00Z"', id="midnight_in_beijing"
        ),
        pytest.param(
            dt.datetime(2024, 10, 1, microsecond=1, tzinfo=dt.UTC),
            '"2024-10-01T00:00:00.000001Z"',
            id="microsecond",
        ),
        pytest.param(Colour.RED, '"red"', id="enumeration_by_its_value"),
        pytest.param("甲\u2028<&>/", '"甲\u2028<&>/"', id="nothing_escaped_that_need_not_be"),
        pytest.param("\b\t\n\f\r\x1f\x7f", '"\\b\\t\\n\\f\\r\\u001f\x7f"', id="short_escapes"),
        pytest.param(2**53 - 1, "9007199254740991", id="largest_whole_number"),
        pytest.param([True, 1, 1.0, ()], "[true,1,1,[]]", id="true_is_not_one"),
        pytest.param({}, "{}", id="empty_object"),
    ],
)
def test_value_is_written_by_its_rule(value: Any, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("value", "place", "told"),
    [
        pytest.param({"a": [1, float("nan")]}, "a[1]", "不是有限的数", id="nan"),
        pytest.param([float("-inf")], "[0]", "不是有限的数", id="infinity"),
        pytest.param({"a": Decimal("NaN")}, "a", "小数", id="decimal_nan"),
        pytest.param({"a": Decimal("Infinity")}, "a", "小数", id="decimal_infinity"),
        pytest.param({"a": {"b": 2**53}}, "a.b", "超出", id="whole_number_no_double_holds"),
        pytest.param({"a": -(2**53)}, "a", "超出", id="negative_whole_number_no_double_holds"),
        pytest.param(dt.datetime(2024, 10, 1), "值", "没有时区", id="naive_instant"),
        pytest.param(
            dt.datetime(1, 1, 1, tzinfo=BEIJING), "值", "超出公元", id="instant_before_the_first_year"
        ),
        pytest.param({"a": {1: 2}}, "a", "不是文字", id="key_that_is_no_text"),
        pytest.param({"a": {1, 2}}, "a", "set", id="set"),
        pytest.param({"a": b"x"}, "a", "bytes", id="bytes"),
        pytest.param(["\ud83d"], "[0]", "代理码位", id="half_a_character"),
        pytest.param({"\ud83d": 1}, "'\\ud83d'", "代理码位", id="half_a_character_as_key"),
    ],
)
def test_value_without_canonical_bytes_is_refused_with_its_place(value: Any, place: str, told: str) -> None:
    with pytest.raises(NotCanonical, match=told) as refused:
        canonical_bytes(value)

    assert refused.value.place == place
    assert "可用：" in str(refused.value)


def test_value_that_holds_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)

    with pytest.raises(NotCanonical, match="嵌套过深"):
        canonical_bytes(value)


@given(JSON)
def test_json_comes_back_from_its_canonical_bytes(value: Any) -> None:
    assert value_of(canonical_bytes(value)) == value


@given(st.dictionaries(TEXTS, WHOLE, min_size=2), st.randoms())
def test_order_in_which_keys_were_set_leaves_no_trace(value: dict[str, int], chance: Any) -> None:
    keys = list(value)
    chance.shuffle(keys)

    assert canonical_bytes({key: value[key] for key in keys}) == canonical_bytes(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6))
def test_decimal_keeps_its_value(value: Decimal) -> None:
    assert Decimal(json.loads(canonical_bytes(value))) == value


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b'{"b":1,"a":2}', id="keys_in_another_order"),
        pytest.param(b'{"a": 1}', id="white_space"),
        pytest.param(b'{"a":1,"a":1}', id="key_twice"),
        pytest.param(b'{"a":1.0}', id="number_with_a_needless_zero"),
        pytest.param(b'"\\u00e9"', id="needless_escape"),
        pytest.param(b"9007199254740993", id="whole_number_no_double_holds"),
        pytest.param(b"NaN", id="not_a_number"),
        pytest.param(b'"\\ud83d"', id="half_a_character"),
        pytest.param(b"\xef\xbb\xbf1", id="byte_order_mark"),
        pytest.param(b"\xff", id="not_utf_8"),
        pytest.param(b"1" * 5000, id="five_thousand_digits"),
        pytest.param(b"[" * 100_000, id="nesting_without_end"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_bytes_that_are_not_canonical_are_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        value_of(data)
