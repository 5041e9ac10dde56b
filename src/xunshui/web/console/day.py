"""The last 24 hours as curves and as a table: intake, reuse, discharge, and what does not add up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xunshui.site import Site
from xunshui.site.kinds import CIRCULATING, INTAKE, REUSED, WaterKind
from xunshui.telemetry.localtime import local_datetime
from xunshui.web.console.flow_table import signed
from xunshui.web.console.now import Picture, by_stretch
from xunshui.web.console.residual import Residual, residual
from xunshui.web.console.trend import LOW_HEIGHT, Band, Line, Trend, trend

GROUPS = (
    ("取水", "conventional", INTAKE),
    ("重复利用（不含循环）", "reuse", REUSED - CIRCULATING),
    ("外排", "discharge", frozenset({WaterKind.DISCHARGE})),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HourRow:
    """One hour of the table, as it is shown."""

    hour: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Two trends over the same hours, the table of both, and what is to be known of the residual's band."""

    flows: Trend | None
    residual: Trend | None
    heads: tuple[str, ...]
    rows: tuple[HourRow, ...]
    words: str


def day_of(site: Site, shown: Picture) -> Day:
    """Return the day's curves; `shown` is the picture of the last 24 hours of the site as it is stored."""
    edges = shown.told.edges_us
    flows = [
        by_stretch(shown, {flow.stream.id for flow in shown.flows if flow.stream.kind in kinds})
        for _, _, kinds in GROUPS
    ]
    lines = [
        Line(title=title, kind=kind, at_us=edges[1:], values=values)
        for (title, kind, _), values in zip(GROUPS, flows, strict=True)
    ]
    rest = residual(site, shown.told)
    return Day(
        flows=trend(lines, edges[0], edges[-1]),
        residual=_residual_trend(rest, edges),
        heads=(*(title for title, _, _ in GROUPS), "差", *(["误差带 ±"] if rest.spread else [])),
        rows=tuple(_rows(edges, [*flows, rest.m3_per_h, *([rest.spread] if rest.spread else [])])),
        words=_words(rest),
    )


def _residual_trend(rest: Residual, edges: Sequence[int]) -> Trend | None:
    line = Line(title="进水减出水", kind="residual", at_us=edges[1:], values=rest.m3_per_h)
    bands = []
    if rest.spread:
        around = list(zip(rest.m3_per_h, rest.spread, strict=True))
        bands = [
            Band(
                title="水表误差（约 95 %）",
                at_us=edges[1:],
                low=[middle - half for middle, half in around],
                high=[middle + half for middle, half in around],
            )
        ]
    return trend([line], edges[0], edges[-1], bands=bands, height=LOW_HEIGHT)


def _rows(edges: Sequence[int], columns: Sequence[Sequence[float]]) -> list[HourRow]:
    return [
        HourRow(
            hour=f"{local_datetime(edges[number]):%m-%d %H}–{local_datetime(edges[number + 1]):%H} 时",
            cells=tuple(_cell(column[number]) for column in columns),
        )
        for number in range(len(edges) - 1)
    ]


def _cell(value: float) -> str:
    return signed(value if math.isfinite(value) else None)


def _words(rest: Residual) -> str:
    """Return in words what the residual and its band rest on."""
    parts = []
    if rest.estimated:
        parts.append(
            f"进出厂的 {rest.streams} 条水流里 {rest.estimated} 条没有水表，按填报推算，负荷变化时差跟着变"
        )
    if rest.untold:
        some = "、".join(rest.untold[:5]) + ("等" if len(rest.untold) > 5 else "")
        parts.append(f"{len(rest.untold)} 块水表没有填准确度等级（{some}），不画误差带")
    elif rest.spread:
        parts.append("带由进出厂水表的准确度等级推得，不含推算的水流；零线在带内，差可能只是水表误差")
    return "；".join(parts) + ("。" if parts else "")
