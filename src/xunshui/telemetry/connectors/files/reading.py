"""What a row says: readings of channels, or why it says nothing.

Times without a zone are China's; a value is a plain number; a quality may be given in English, as `lake export`
writes it, in Chinese, or as the flag letter of HJ 212.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import isfinite
from typing import NamedTuple, Protocol

from xunshui.telemetry.connectors.files.table import FileUnreadable
from xunshui.telemetry.localtime import CHINA, instant_of_digits
from xunshui.telemetry.sample import QUALITY_LABELS, Quality, Sample

PROTOCOL = "file"
POINT = frozenset({"point", "点位", "点位名", "通道"})
TIME = frozenset({"time", "时刻", "日期", "datetime", "timestamp"})
VALUE = frozenset({"value", "数值", "值"})
QUALITY = frozenset({"quality", "质量"})
FULL_NAME = re.compile(r"([a-z][a-z0-9]*):([^/]+)/(.+)")
WHEN = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T ]?\s*(\d{1,2})[:时](?:(\d{1,2})(?:[:分](?:(\d{1,2})(?:\.(\d{1,6}))?秒?)?)?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?"
)
ACCEPTED_TIMES = (
    "2024-01-01 08:00、2024/1/1 8:00:00、2024-01-01T08:00:00+08:00 或 20240101080000（不写时区即北京时间）"
)
FLAGS = {
    "n": Quality.VALID,
    "f": Quality.OUT_OF_SERVICE,
    "m": Quality.MAINTENANCE,
    "s": Quality.TYPED_IN,
    "d": Quality.FAULT,
    "c": Quality.CALIBRATING,
    "t": Quality.ABOVE_RANGE,
    "b": Quality.NO_LINK,
}
QUALITIES = (
    {"": Quality.VALID}
    | {quality.name.lower(): quality for quality in Quality}
    | {label: quality for quality, label in QUALITY_LABELS.items()}
    | FLAGS
)
FORMS = "长表：point,time,value[,quality]（或 点位,时间,数值[,质量]）；宽表：第一列 time（或 时间），其余每列一个点位"


class Channel(NamedTuple):
    """Where readings go."""

    protocol: str
    device: str
    code: str


class Reading(NamedTuple):
    """One reading of one channel."""

    channel: Channel
    sample: Sample


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row, or a cell of one, that could not be read: why, and what would have been."""

    number: int
    reason: str
    cells: Sequence[str]

    def __str__(self) -> str:
        """Return the row's number and the reason."""
        return f"第 {self.number} 行：{self.reason}"


@dataclass(slots=True)
class Said:
    """What one row says."""

    readings: list[Reading] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)


class Unreadable(ValueError):
    """A cell that cannot be read, and what would have been accepted."""


class Layout(Protocol):
    """How the rows of one file are read."""

    @property
    def points(self) -> Collection[str]:
        """Return the points seen so far, as the file names them."""
        ...

    def read(self, number: int, cells: Sequence[str], *, latest_us: int) -> Said:
        """Return what a row says; instants behind `latest_us` are mistakes."""
        ...


def layout_of(header: Sequence[str], *, device: str, renamed: Mapping[str, str]) -> Layout:
    """Return how to read the rows under this header; `renamed` gives points another name.

    Raises `FileUnreadable` where it is none.
    """
    names = [cell.strip().lower() for cell in header]
    found = {kind: _only(names, holds) for kind, holds in _KINDS.items()}
    if found["point"] is not None and found["time"] is not None and found["value"] is not None:
        return Long(
            found["point"], found["time"], found["value"], found["quality"], len(names), device, renamed
        )
    points = [cell.strip() for cell in header[1:]]
    while points and not points[-1]:
        points.pop()
    if not _is_time(names[0]) or not points:
        told = ",".join(header)
        raise FileUnreadable(f"表头“{told[:80]}”不能用；应为 {FORMS}")
    return Wide(points, device, renamed)


def _is_time(name: str) -> bool:
    # 时间, 采样时间, 记录时间 …
    return name in TIME or name.endswith("时间")


_KINDS: Mapping[str, Callable[[str], bool]] = {
    "point": POINT.__contains__,
    "time": _is_time,
    "value": VALUE.__contains__,
    "quality": QUALITY.__contains__,
}


class Long:
    """One reading a row."""

    def __init__(
        self,
        point: int,
        time: int,
        value: int,
        quality: int | None,
        width: int,
        device: str,
        renamed: Mapping[str, str],
    ) -> None:
        """Take the places of the columns."""
        self._point, self._time, self._value, self._quality, self._width = point, time, value, quality, width
        self._device, self._renamed = device, renamed
        self._channels: dict[str, Channel] = {}

    @property
    def points(self) -> Collection[str]:
        """Return the points seen so far."""
        return self._channels.keys()

    def read(self, number: int, cells: Sequence[str], *, latest_us: int) -> Said:
        """Return what a row says."""
        try:
            if len(cells) > self._width and any(cell.strip() for cell in cells[self._width :]):
                raise Unreadable(f"有 {len(cells)} 列，表头只有 {self._width} 列")
            told = [cell.strip() for cell in cells] + [""] * (self._width - len(cells))
            at_us = instant_of_cell(told[self._time], latest_us)
            value = value_of_cell(told[self._value])
            quality = quality_of_cell(told[self._quality]) if self._quality is not None else Quality.VALID
            channel = self._channel(told[self._point])
        except Unreadable as unreadable:
            return Said(bad=[BadRow(number, str(unreadable), cells)])
        return Said([Reading(channel, Sample(channel.code, at_us, value, quality))])

    def _channel(self, point: str) -> Channel:
        found = self._channels.get(point)
        if found is None:
            found = self._channels[point] = channel_of(point, self._device, self._renamed)
        return found


class Wide:
    """One instant a row, one column a point; an empty cell is no reading."""

    def __init__(self, points: Sequence[str], device: str, renamed: Mapping[str, str]) -> None:
        """Take the points of the header, in order; raises `FileUnreadable` where one is twice or has no name."""
        for place, point in enumerate(points, 2):
            if not point:
                raise FileUnreadable(f"表头第 {place} 列是空的；每列要有点位名")
        self._points = points
        self._channels = [channel_of(point, device, renamed) for point in points]
        if twice := {each.code for each in self._channels if self._channels.count(each) > 1}:
            raise FileUnreadable(f"表头里“{'、'.join(sorted(twice))}”出现了不止一次；每个点位只能有一列")

    @property
    def points(self) -> Collection[str]:
        """Return the points of the header."""
        return self._points

    def read(self, number: int, cells: Sequence[str], *, latest_us: int) -> Said:
        """Return what a row says; a bad cell spoils only itself."""
        said = Said()
        try:
            at_us = instant_of_cell(cells[0].strip(), latest_us)
            if any(cell.strip() for cell in cells[len(self._points) + 1 :]):
                raise Unreadable(f"有 {len(cells)} 列，表头只有 {len(self._points) + 1} 列")
        except Unreadable as unreadable:
            return Said(bad=[BadRow(number, str(unreadable), cells)])
        for point, channel, cell in zip(self._points, self._channels, cells[1:], strict=False):
            if not (told := cell.strip()):
                continue
            try:
                said.readings.append(Reading(channel, Sample(channel.code, at_us, value_of_cell(told))))
            except Unreadable as unreadable:
                said.bad.append(BadRow(number, f"“{point}”列，{unreadable}", cells))
        return said


def channel_of(point: str, device: str, renamed: Mapping[str, str]) -> Channel:
    """Return the channel of a point: the one its full name tells, or one of the file's own.

    >>> channel_of("hj212:B/2031/w00000-Cou", "f", {})
    Channel(protocol='hj212', device='B', code='2031/w00000-Cou')
    """
    name = renamed.get(point, point)
    if not name:
        raise Unreadable("没有点位名")
    if full := FULL_NAME.fullmatch(name):
        return Channel(*full.groups())
    return Channel(PROTOCOL, device, name)


@lru_cache(maxsize=4_096)
def instant_of_cell(text: str, latest_us: int) -> int:
    """Return the instant [µs] of a cell; raises `Unreadable`.

    >>> {instant_of_cell(text, 10**18) for text in ("2024-01-01 08:00", "2024/1/1 8:00:00", "20240101080000", "2024-01-01T00:00Z")}
    {1704067200000000}
    """
    at_us = instant_of_digits(text + "0" * (14 - len(text)) if len(text) in (8, 12) else text)
    if at_us is None and (found := WHEN.fullmatch(text)):
        at_us = _instant(found)
    if at_us is None:
        raise Unreadable(f"时间“{text[:40]}”不能读；可写 {ACCEPTED_TIMES}")
    if at_us < 0 or at_us > latest_us:
        raise Unreadable(f"时间“{text[:40]}”在 1970 年以前或在将来；检查年份")
    return at_us


def _instant(found: re.Match[str]) -> int | None:
    *parts, fraction, zone = found.groups()
    try:
        at = dt.datetime(*(int(part or 0) for part in parts))  # type: ignore[arg-type]  # six whole numbers
        aware = at.replace(
            tzinfo=dt.datetime.fromisoformat(f"2000-01-01T00:00{zone}").tzinfo if zone else CHINA
        )
        whole = (aware - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
    except (ValueError, OverflowError):
        return None
    return whole + int((fraction or "").ljust(6, "0"))


def value_of_cell(text: str) -> float:
    """Return the number in a cell; raises `Unreadable`."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or "_" in text:
        raise Unreadable(
            f"数值“{text[:40]}”不是数；只写数，如 12.5，不带单位和千位分隔" if text else "没有数值"
        )
    return value


def quality_of_cell(text: str) -> Quality:
    """Return the quality in a cell; raises `Unreadable`."""
    found = QUALITIES.get(text.lower())
    if found is None:
        accepted = "、".join(QUALITY_LABELS.values())
        raise Unreadable(
            f"质量“{text[:40]}”不认识；可写 {accepted}，或 export 所写的英文，或 HJ 212 的标记字母"
        )
    return found


def _only(names: Sequence[str], holds: Callable[[str], bool]) -> int | None:
    found = [place for place, name in enumerate(names) if holds(name)]
    if len(found) > 1:
        raise FileUnreadable(f"表头里“{names[found[0]]}”与“{names[found[1]]}”重复；只留一列")
    return found[0] if found else None
