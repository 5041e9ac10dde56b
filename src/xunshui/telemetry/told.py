"""What was told of a site's water: every reading behind its metered volumes, as text that anyone can check.

One line a reading, later ones of the same instant behind earlier ones, each with the batch that brought it and a check
of its own, so that a changed line is named and not only noticed::

    point,time,value,quality,batch,check
    P01D,2023-01-01T00:00:00+08:00,15812.123,0,17,9f86d081
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import pyarrow as pa

from xunshui.site.points import Point
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import SECOND_US, instant_of_text, local_datetime
from xunshui.telemetry.metered import margin_us

HEADER = ("point", "time", "value", "quality", "batch", "check")
CHECK_DIGITS = 8
COLUMNS = pa.schema([("at_us", pa.int64()), ("value", pa.float64()), ("quality", pa.int8())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The readings as text, the batches that brought them, and how many were put right by later ones."""

    text: str
    batches: tuple[int, ...]
    corrected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A line that is not as it was written: which point and time it names, and what is wrong."""

    line: int
    point: str
    time: str
    problem: str


def write_readings(reader: Reader, points: Sequence[Point], from_us: int, to_us: int) -> Written:
    """Return every reading of the points that volumes of the stretch rest on, those just outside its ends included."""
    known = {channel.name: channel.id for channel in reader.channels()}
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(HEADER)
    batches: set[int] = set()
    corrected = 0
    for point in points:
        ends = (from_us - margin_us(point), to_us + margin_us(point))
        found = reader.all_told([known.get(point.channel, -1)], *ends)
        batches.update(found.column("seq").to_pylist())
        corrected += found.num_rows - len(set(found.column("at_us").to_pylist()))
        rows.writerows(_lines(point.id, found))
    return Written(text=out.getvalue(), batches=tuple(sorted(batches)), corrected=corrected)


def read_readings(text: str) -> tuple[dict[str, pa.Table], list[Changed]]:
    """Return the readings of each point by instant, the last told of each, and the lines that were changed.

    A changed line is left out where it cannot be read, and taken as it stands where it can.
    """
    rows: dict[str, dict[int, tuple[float, int]]] = {}
    changed: list[Changed] = []
    lines = csv.reader(io.StringIO(text))
    if tuple(next(lines, ())) != HEADER:
        return {}, [Changed(line=1, point="", time="", problem=f"第一行应为 {','.join(HEADER)}")]
    for number, line in enumerate(lines, 2):
        point, time = (*line, "", "")[:2]
        if len(line) != len(HEADER) or _check(line[:-1]) != line[-1]:
            changed.append(Changed(line=number, point=point, time=time, problem="与写入时的校验不符：被改过"))
        try:
            at_us, value, quality = instant_of_text(line[1]), float(line[2]), int(line[3])
        except (ValueError, IndexError):
            continue
        rows.setdefault(point, {})[at_us] = (value, quality)
    return {point: _table(told) for point, told in rows.items()}, changed


def _lines(point: str, found: pa.Table) -> Iterator[list[str]]:
    columns = (found.column(name).to_pylist() for name in ("at_us", "value", "quality", "seq"))
    for at_us, value, quality, seq in zip(*columns, strict=True):
        spec = "milliseconds" if at_us % SECOND_US else "seconds"
        line = [point, local_datetime(at_us).isoformat(timespec=spec), repr(value), str(quality), str(seq)]
        yield [*line, _check(line)]


def _check(line: Sequence[str]) -> str:
    return sha256(",".join(line).encode("utf-8", "surrogatepass")).hexdigest()[:CHECK_DIGITS]


def _table(told: dict[int, tuple[float, int]]) -> pa.Table:
    at_us = sorted(told)
    return pa.table(
        [at_us, [told[at][0] for at in at_us], np.array([told[at][1] for at in at_us], np.int8)],
        schema=COLUMNS,
    )
