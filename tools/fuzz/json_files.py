"""Damaged JSON: values of the wrong kind at random places, and text that is no longer JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

Place = tuple[Any, Any]
"""A container and the key or index of one of its values."""

_MARK = "\ue000"
LITERALS = (
    *(
        "NaN",
        "Infinity",
        "-Infinity",
        "-0",
        "-0.0",
        "1e400",
        "-1e400",
        "1e-400",
        "1E+999999999",
        "0e999999999",
    ),
    *(
        "1.0000000000000000000000000000000000000000000000001",
        "01",
        "1.",
        "+1",
        "0x10",
        "1_000",
        "True",
        "nul",
    ),
    *(r'"\ud800"', r'"\udc00x"', r'"\u0000"', r'"\u202e"', r'"\x00"', '"', "'a'", "{", "]", ",", "//"),
    *('{"a": 1, "a": 2}', "{}", "[]", "[[]]", "[null]", '{"": ""}', "9" * 4000, "9" * 5000, f"0.{'3' * 90}"),
    *("[" * 400 + "]" * 400, "[" * 100_000, '{"a":' * 100_000, '{"members":[' * 300 + "]}" * 300),
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 3, 4, 97, 2**63, -(2**63) - 1, 10**30, 10**31, 10**400, 1e308, -1e-308),
    *(
        "",
        " ",
        "0",
        "-",
        "１２３",
        "1,234.5",
        "1e5",
        "1e40",
        "nan",
        "inf",
        "是",
        "true",
        "None",
        "env",
        "外部",
        "\x00",
    ),
    *("2023", "2023-02-30", "0000-00-00", "9999-12-31", "2023-12-31T00:00:00", "2023-12-31T00:00:01Z", 1e18),
    *(
        "a" * 65,
        "汉" * 5000,
        "x" * 200_000,
        "\u202e倒\u200b",
        "\ud83d\ude00",
        "';--",
        "<b>",
        "=1+1",
        "../../x",
        "%s{}",
    ),
    *(
        [],
        {},
        [[]],
        [None],
        [{}],
        {"": None},
        {"2023": None},
        {"2023": "x"},
        [1, "1", None, True, {}],
        ["env"],
    ),
)


def damaged_json(random: Random, site: str) -> bytes:
    """Return the JSON text of a site with one to four kinds of damage."""
    tree = json.loads(site)
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        places = list(_places(tree))
        if places:
            random.choice(_IN_THE_TREE)(random, *random.choice(places))
    content = _as_text(tree).encode("utf-8", "surrogatepass")
    if random.random() < 0.35:
        content = random.choice(_IN_THE_TEXT)(random, content)
    return content


def _places(tree: Any) -> Iterator[Place]:
    keys = tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in list(keys):
        yield tree, key
        yield from _places(tree[key])


def _as_text(tree: Any) -> str:
    """Return the tree as text; a value that bears the mark stands for a literal that JSON may not know."""
    text = json.dumps(tree, ensure_ascii=False)
    for number, literal in enumerate(LITERALS):
        text = text.replace(f'"{_MARK}{number}{_MARK}"', literal)
    return text


def _replaced(random: Random, container: Any, key: Any) -> None:
    container[key] = random.choice(VALUES)


def _literal(random: Random, container: Any, key: Any) -> None:
    container[key] = f"{_MARK}{random.randrange(len(LITERALS))}{_MARK}"


def _left_out(_: Random, container: Any, key: Any) -> None:
    del container[key]


def _wrapped(random: Random, container: Any, key: Any) -> None:
    value = container[key]
    container[key] = random.choice(([value], {"a": value}, [value, value], str(value)))


def _renamed(random: Random, container: Any, key: Any) -> None:
    if isinstance(container, dict):
        names = ("", "id", "from", "members", "streams", "__class__", "2024", "\udc80", "名" * 300, f"{key} ")
        container[random.choice(names)] = container.pop(key)


def _twice(random: Random, container: Any, key: Any) -> None:
    if isinstance(container, list):
        container[key:key] = [container[key]] * random.choice((1, 2, 300))


def _emptied(_: Random, container: Any, key: Any) -> None:
    value = container[key]
    container[key] = [] if isinstance(value, list) else {} if isinstance(value, dict) else ""


def _swapped(random: Random, container: Any, key: Any) -> None:
    other = random.choice(list(container) if isinstance(container, dict) else range(len(container)))
    container[key], container[other] = container[other], container[key]


def _nested(random: Random, container: Any, key: Any) -> None:
    value = container[key]
    for _ in range(random.choice((3, 30, 300))):
        value = random.choice(({"members": [value]}, [value])) if random.random() < 0.5 else [value]
    container[key] = value


_IN_THE_TREE: tuple[Callable[[Random, Any, Any], None], ...] = (
    *(_replaced, _replaced, _replaced, _literal, _literal, _left_out, _left_out),
    *(_wrapped, _renamed, _twice, _emptied, _swapped, _nested),
)


def flipped(random: Random, content: bytes) -> bytes:
    """Return the content with a few bytes changed."""
    changed = bytearray(content)
    for _ in range(random.choice((1, 1, 4, 40))):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def cut(random: Random, content: bytes) -> bytes:
    """Return the content without its end, or without a piece of its middle."""
    start = random.randrange(len(content))
    end = random.choice((len(content), min(len(content), start + random.randrange(1, 400))))
    return content[:start] + content[end:]


def _doubled(random: Random, content: bytes) -> bytes:
    start = random.randrange(len(content))
    piece = content[start : start + random.randrange(1, 4000)]
    return content[:start] + piece + content[start:]


def _encoded(random: Random, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    name = random.choice(
        ("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "gb18030", "big5", "latin-1", "utf-7")
    )
    return text.encode(name, "replace")


def _else_entirely(random: Random, _: bytes) -> bytes:
    return random.choice(
        (
            b"",
            b" ",
            b"\xef\xbb\xbf",
            b"\x00" * 100,
            b"null",
            b"[]",
            b"{}",
            b"1",
            b'"a"',
            b"\xff\xfe",
            b"PK\x03\x04",
        )
        + (
            b"[" * 200_000,
            b'{"a":' * 200_000,
            b"[" * 900 + b"]" * 900,
            b"<html></html>",
            random.randbytes(300),
        )
    )


_IN_THE_TEXT: tuple[Callable[[Random, bytes], bytes], ...] = (
    flipped,
    cut,
    _doubled,
    _encoded,
    _else_entirely,
)
