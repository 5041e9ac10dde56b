"""What `xunshui balance` says on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xunshui.balance import Balanced, Flow
from xunshui.balance.words import CLASS_TITLES, fit_words, helpful_words, suspect_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A balanced network with what to say of it: `context` goes into the JSON, `how` tells each stream's metering."""

    title: str
    result: Balanced
    unit: str
    context: Mapping[str, Any]
    how: Mapping[str, str]


def lines(told: Told) -> Iterator[str]:
    """Yield what to print."""
    yield f"{told.title}  水平衡校正{f'（{told.unit}）' if told.unit else ''}"
    yield f"{'水流':<14}{'读数':>14}{'校正':>14}{'± u':>12}  {'':<2}z      说明"
    for flow in told.result.flows:
        yield _flow(flow, told.how.get(flow.id, ""))
    yield fit_words(told.result)
    readings = {flow.id: flow.reading for flow in told.result.flows}
    for suspect in told.result.found.suspects:
        yield f"▲ {suspect_words(suspect, told.unit, readings.get(suspect.candidate.errors[0].at))}"
    if told.result.uncheckable:
        yield f"不能核对的水表：{'、'.join(told.result.uncheckable)}"
    yield from (helpful_words(each) for each in told.result.helpful[:3])


def _flow(flow: Flow, how: str) -> str:
    z = "" if flow.z is None else f"{flow.z:+.1f}"
    mark = " "
    if flow.z is not None and abs(flow.z) > 1.96:
        mark = "▲"
    return (
        f"{flow.id:<14}{_number(flow.reading):>14}{_number(flow.value):>14}{_number(flow.u):>12}  "
        f"{mark} {z:<6} {CLASS_TITLES[flow.kind]}{f'，{how}' if how else ''}"
    )


def _number(value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:,.0f}".replace(",", "\u2009") if abs(value) >= 1000 else f"{value:.4g}"
