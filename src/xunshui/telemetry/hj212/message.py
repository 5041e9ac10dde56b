"""Messages of HJ 212: the fields of a data segment, and the segment of fields.

A segment reads ``QN=…;ST=…;CN=…;PW=…;MN=…;Flag=…;CP=&&name=value,name=value;name=value&&``: commas join what
belongs to one item, semicolons part the items. Names are case-sensitive. 2005, 2017 and 2025 write alike; bits 2–7
of Flag say which version speaks.

>>> message = read_segment(b"QN=20240101000000000;ST=32;CN=2011;PW=123456;MN=A;Flag=9;CP=&&w01018-Rtd=2.2,w01018-Flag=N&&")
>>> message.version, message.wants_answer, message.items
('2025', True, ({'w01018-Rtd': '2.2', 'w01018-Flag': 'N'},))
>>> segment_of(message.fields, message.items) == message.segment
True
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from xunshui.telemetry.hj212.frame import Quirk

VERSIONS = ("2005", "2017", "2025")
ANSWER, SPLIT = 1, 2
"""Bits of Flag: an answer is wanted; PNUM and PNO are present."""
HEXADECIMAL = frozenset("0123456789ABCDEF")
ENCRYPTING = 2
"""The version, as the bits of Flag tell it, that may encrypt what stands in CP."""
NAMELESS = frozenset({"1001", "9011", "9012"})
"""What a logger says before it has an MN: its hardware, and that it took the MN it is told (2025)."""
CIPHER = frozenset("0123456789ABCDEFabcdefGHIJKLMNOPQRSTUVWXYZghijklmnopqrstuvwxyz+/")


class Message(NamedTuple):
    """One data segment. `reason` is empty where its grammar is right."""

    segment: bytes
    fields: dict[str, str]
    """All before CP, in the order sent."""
    items: tuple[dict[str, str], ...]
    """The content of CP: one dictionary for each part between semicolons."""
    flag: int
    reason: str = ""
    quirks: tuple[Quirk, ...] = ()
    cipher: str = ""
    """What stands in CP where it is encrypted (2025): one word without a pair."""

    @property
    def version(self) -> str:
        """Return the version that Flag tells; a message without Flag is of 2005."""
        number = self.flag >> 2
        return VERSIONS[number] if number < len(VERSIONS) else f"Flag={self.flag}"

    @property
    def wants_answer(self) -> bool:
        """Return whether the sender waits for an answer."""
        return bool(self.flag & ANSWER)

    @property
    def command(self) -> str:
        """Return the command code."""
        return self.fields.get("CN", "")

    @property
    def device(self) -> str:
        """Return the sender's MN."""
        return self.fields.get("MN", "")

    def value(self, name: str) -> str | None:
        """Return the first value of this name in CP."""
        for item in self.items:
            if name in item:
                return item[name]
        return None


def read_segment(segment: bytes) -> Message:
    """Return what a data segment says; never raises: what is wrong stands in `reason`."""
    quirks: tuple[Quirk, ...] = ()
    try:
        text = segment.decode()
    except UnicodeDecodeError:
        text, quirks = segment.decode("gb18030", "replace"), (Quirk.NOT_UTF8,)
    head, mark, body = text.partition("CP=&&")
    if not mark:
        return Message(segment, _pairs(head.split(";"))[0], (), 0, "数据段里没有“CP=&&”", quirks)
    content, closed, beyond = body.rpartition("&&")
    fields, odd = _pairs(head.rstrip(";").split(";")) if head else ({}, "")
    if not closed or beyond:
        return Message(segment, fields, (), 0, "数据段应以“&&”结束", quirks)
    flag, reason = _flag(fields)
    cipher = content if flag >> 2 == ENCRYPTING and CIPHER.issuperset(content) else ""
    items, odd_item = _items("" if cipher else content)
    reason = reason or _missing(fields) or (odd and f"“{odd}”应写作 名称=值") or _of_items(odd_item)
    return Message(segment, fields, items, flag, reason, quirks + _quirks(fields, items), cipher)


def segment_of(fields: Mapping[str, str], items: Sequence[Mapping[str, str]], cipher: str = "") -> bytes:
    """Return the data segment of these fields and items, UTF-8, or with `cipher` in the place of the items.

    Raises ValueError for what could not be told apart again.
    """
    for name, value in [*fields.items(), *(pair for item in items for pair in item.items())]:
        if not name or "&&" in value or set(name) & set("=;,&"):
            raise ValueError(f"“{name}={value}”不能写进数据段：名称不含 = ; , &，值不含 &&")
    head = "".join(f"{name}={value};" for name, value in fields.items())
    body = ";".join(",".join(f"{name}={value}" for name, value in item.items()) for item in items)
    return f"{head}CP=&&{cipher or body}&&".encode()


def _pairs(parts: Sequence[str]) -> tuple[dict[str, str], str]:
    """Return names and values, and the first part that is no pair."""
    found: dict[str, str] = {}
    odd = ""
    for part in parts:
        name, equals, value = part.partition("=")
        if equals:
            found[name] = value
        else:
            odd = odd or part
    return found, odd


def _items(content: str) -> tuple[tuple[dict[str, str], ...], str]:
    if not content:
        return (), ""
    items = []
    odd = ""
    has_logs = "=//" in content
    for group in content.split(";"):
        # Logs stand between slashes and may hold commas.
        item: dict[str, str] = {}
        for part in [group] if has_logs and "=//" in group else group.split(","):
            name, equals, value = part.partition("=")
            if equals:
                item[name] = value
            else:
                odd = odd or part
        if item:
            items.append(item)
    return tuple(items), odd


def _flag(fields: Mapping[str, str]) -> tuple[int, str]:
    told = fields.get("Flag")
    if told is None:
        return 0, ""
    if told.isascii() and told.isdigit() and int(told) < 256:
        return int(told), ""
    return 0, f"Flag 应为 0–255，收到“{told}”"


def _missing(fields: Mapping[str, str]) -> str:
    if fields.get("ST") and fields.get("CN") and fields.get("MN"):
        return ""
    lacking = [name for name in ("ST", "CN", "MN") if not fields.get(name)]
    if lacking == ["MN"] and fields["CN"] in NAMELESS:
        return ""
    return f"缺 {'、'.join(lacking)}" if lacking else ""


def _of_items(odd: str) -> str:
    return f"CP 里的“{odd[:40]}”应写作 名称=值" if odd else ""


def _quirks(fields: Mapping[str, str], items: Sequence[Mapping[str, str]]) -> tuple[Quirk, ...]:
    is_odd = _is_odd(fields.get("MN", ""))
    answers_with_result = fields.get("CN") == "9014" and any("QnRtn" in item for item in items)
    if "QN" in fields and "Flag" in fields and not is_odd and not answers_with_result:
        return ()
    told = (
        ("QN" not in fields, Quirk.NO_QN),
        ("Flag" not in fields, Quirk.NO_FLAG),
        (is_odd, Quirk.ODD_MN),
        (answers_with_result, Quirk.ANSWER_WITH_RESULT),
    )
    return tuple(quirk for holds, quirk in told if holds)


@lru_cache(maxsize=8_192)
def _is_odd(device: str) -> bool:
    return len(device) != 24 or not HEXADECIMAL.issuperset(device)
