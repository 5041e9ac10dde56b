"""Phrases for a province's opinion: the usual ones, and one for each gate that the case meets."""

from __future__ import annotations

from collections.abc import Iterable

from xunshui.web.programme.case_rows import RowGroup

_USUAL = (
    "经核查，申报材料真实、完整，同意推荐。",
    "已现场核查，用水设施与台账相符。",
    "申报单位具备基本条件，近三年无超计划取用水和较大及以上事故。",
    "案例做法成熟、成效明显，具有推广价值。",
)


def phrases_for(groups: Iterable[RowGroup]) -> tuple[str, ...]:
    """Return the phrases that can be put into the opinion, those on met gates first."""
    gates = next(iter(groups), None)
    rows = gates.rows if gates else ()
    met = tuple(f"{row.title}：{row.computed}，达到要求。" for row in rows if row.outcome == "met")
    return (*met, *_USUAL)
