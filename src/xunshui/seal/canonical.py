"""Canonical bytes: one value, one text, whoever writes it (RFC 8785, JSON Canonicalization Scheme).

Beyond JSON's own types a few of ours are written as strings, by one rule each:

* `Decimal`: positional, with the digits that were written (98.10 stays "98.10");
* `Fraction`: lowest terms, "97" or "9701/100";
* aware `datetime`: in UTC, "2024-09-30T16:00:00Z", with six digits of the second only where there are any;
* `date`: "2024-10-01".

They read back as strings; which string is a number is the business of whoever gave the value its shape.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from json.encoder import encode_basestring
from math import isfinite
from typing import Any

from xunshui.quantities import NotANumber, decimal_of

LARGEST_INTEGER = 2**53 - 1
"""Beyond it a double no longer holds every whole number (RFC 7493, I-JSON)."""


class NotCanonical(ValueError):
    """A value that has no canonical bytes; `place` says where, `problem` why, `accepted` what has."""

    def __init__(self, place: str, problem: str, accepted: str) -> None:
        """Keep where the value stands, what is wrong with it and what would be accepted."""
        self.place, self.problem, self.accepted = place.removeprefix(".") or "值", problem, accepted
        self._place = place
        super().__init__(f"{self.place}：{problem}；可用：{accepted}")

    def below(self, step: str) -> NotCanonical:
        """Return the same refusal, told from one step further out."""
        return NotCanonical(step + self._place, self.problem, self.accepted)


def canonical_bytes(value: Any) -> bytes:
    """Return the canonical UTF-8 bytes of a value; raises `NotCanonical` where it has none.

    >>> canonical_bytes({"b": [True, None, 1e21], "a": Decimal("98.10")}).decode()
    '{"a":"98.10","b":[true,null,1e+21]}'
    """
    try:
        return _written(value).encode("utf-8")
    except RecursionError:
        raise NotCanonical("", "嵌套过深，或者自己包含自己", "几百层以内的列表与对象") from None


def value_of(data: bytes) -> Any:
    """Return the JSON value in bytes that must be canonical; raises `NotCanonical` where they are not.

    >>> value_of(b'{"a":295147905179352830000}')
    {'a': 2.9514790517935283e+20}
    """
    try:
        value = json.loads(data.decode("utf-8"), parse_int=_whole)
    except (ValueError, RecursionError) as error:
        raise NotCanonical("", f"不是 JSON（{error}）", "RFC 8785 的规范文本") from None
    if canonical_bytes(value) != data:
        raise NotCanonical("", "是 JSON，但不是规范写法", "RFC 8785 的规范文本：键按序，无空白")
    return value


def _whole(digits: str) -> int | float:
    # A double without a fraction is written without an exponent up to 1e21, so it looks like a whole number.
    if len(digits) > 22:
        raise ValueError(f"有一个 {len(digits)} 位的整数")
    number = int(digits)
    return number if abs(number) <= LARGEST_INTEGER else float(number)


def _written(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, (list, tuple)):
        return _array(value)
    return _scalar(value)


def _object(value: Mapping[Any, Any]) -> str:
    for key in value:
        if not isinstance(key, str):
            raise NotCanonical("", f"键 {key!r} 不是文字", "文字的键")
    return f"{{{','.join([_member(key, value[key]) for key in _in_order(value)])}}}"


def _in_order(keys: Iterable[str]) -> list[str]:
    # Only beyond U+FFFF do 16-bit units sort otherwise than characters, but a surrogate has to be refused by name.
    return sorted(keys) if all(map(str.isascii, keys)) else sorted(keys, key=_utf16)


def _member(key: str, value: Any) -> str:
    try:
        name = _text(key)
    except NotCanonical as error:
        raise error.below(f".{key!a}") from None
    try:
        return f"{name}:{_written(value)}"
    except NotCanonical as error:
        raise error.below(f".{key}") from None


def _utf16(key: str) -> bytes:
    # Big-endian bytes compare as their 16-bit units do, which is the order RFC 8785 3.2.3 asks for.
    return key.encode("utf-16-be", "surrogatepass")


def _array(value: list[Any] | tuple[Any, ...]) -> str:
    return f"[{','.join([_item(index, item) for index, item in enumerate(value)])}]"


def _item(index: int, value: Any) -> str:
    try:
        return _written(value)
    except NotCanonical as error:
        raise error.below(f"[{index}]") from None


def _scalar(value: Any) -> str:
    match value:
        case None | True | False:
            return {None: "null", True: "true", False: "false"}[value]
        case int():
            return _integer(value)
        case float():
            return _double(value)
        case Decimal():
            return f'"{_decimal(value)}"'
        case Fraction():
            return f'"{value}"'
        case dt.date():
            return f'"{_time(value)}"'
    raise NotCanonical("", f"类型 {type(value).__name__} 没有规范写法", "JSON 的类型、小数、分数、日期与时刻")


def _text(value: str) -> str:
    # JSON's own escapes are those of RFC 8785 3.2.2.2: short forms, else \u00xx in lower case below U+0020.
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical("", "文字里有单个代理码位，不是完整的字符", "Unicode 文字") from None
    # The text itself, also of an enumeration whose own str() says something else.
    return encode_basestring(str.__str__(value))


def _integer(value: int) -> str:
    if abs(value) > LARGEST_INTEGER:
        raise NotCanonical("", "整数超出 ±(2^53−1)", "范围内的整数，或写成文字、小数")
    return int.__repr__(value)


def _decimal(value: Decimal) -> str:
    try:
        return format(decimal_of(value), "f")
    except NotANumber as error:
        raise NotCanonical("", f"小数{error}", "有限的小数") from None


def _time(value: dt.date) -> str:
    if not isinstance(value, dt.datetime):
        return value.isoformat()
    if value.utcoffset() is None:
        raise NotCanonical("", "时刻没有时区", "带时区的时刻，如 2024-10-01T00:00:00+08:00")
    try:
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        raise NotCanonical("", "时刻在世界时里超出公元 1–9999 年", "范围内的时刻") from None


def _double(value: float) -> str:
    """Return a double as ECMAScript writes it (RFC 8785 3.2.2.3; ECMA-262 Number::toString)."""
    if not isfinite(value):
        raise NotCanonical("", f"{value} 不是有限的数", "有限的数，缺测写 null")
    if value == 0:
        return "0"
    # Python's repr gives the same shortest digits; only where the point stands differs.
    sign, parts, exponent = Decimal(float.__repr__(value)).normalize().as_tuple()
    digits = "".join(map(str, parts))
    return "-" * sign + _placed(digits, len(digits) + int(exponent))


def _placed(digits: str, point: int) -> str:
    # `point` is how many digits stand before the decimal point.
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    if 0 < point <= 21:
        whole, rest = digits[:point].ljust(point, "0"), digits[point:]
        return f"{whole}.{rest}" if rest else whole
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{rest}e{point - 1:+d}"
