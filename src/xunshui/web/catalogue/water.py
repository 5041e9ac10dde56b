"""Where the water of a case goes: the Sankey diagram of its submitted site, and the same as a table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from xunshui.documents.draw import svg
from xunshui.documents.report.names import period_title
from xunshui.documents.report.water_map import WaterMap, water_map
from xunshui.quantities import show
from xunshui.site import Site, site_from_json
from xunshui.web.catalogue.kept import kept
from xunshui.web.programme.models import Submission

WIDTH_PX = 1180


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRow:
    """One ribbon of the diagram, for who reads rather than looks."""

    source: str
    target: str
    volume: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterPicture:
    """The diagram of one period: what it is called, where it is fetched, and its figures."""

    period: str
    title: str
    unit: str
    url: str
    rows: tuple[FlowRow, ...]
    notes: tuple[str, ...]


def site_in(submission: Submission) -> Site | None:
    """Return the site as it was submitted, or None where the submission has none."""
    if submission.site is None:
        return None
    told = submission.site
    return _site(submission.digest, told if isinstance(told, str) else json.dumps(told, ensure_ascii=False))


def raw_site(told: Any) -> Mapping[str, Any] | None:
    """Return a kept site as plain data; it is kept as the text that was sealed, or as its content."""
    found: Mapping[str, Any] | None = json.loads(told) if isinstance(told, str) else told
    return found


def pictures_of(submission: Submission) -> tuple[WaterPicture, ...]:
    """Return the diagrams before and after: of the last period and, where there are several, of the first."""
    site = site_in(submission)
    if site is None:
        return ()
    chosen = _before_and_after([period.id for period in site.periods])
    found = ((period, _map(site, period)) for period in chosen)
    return tuple(_picture(submission, period, drawn) for period, drawn in found if drawn is not None)


def picture_bytes(submission: Submission, period: str) -> bytes | None:
    """Return the diagram of a period as SVG, or None where there is nothing to draw.

    Raises `ChartsUnavailable` where this machine cannot draw.
    """
    site = site_in(submission)
    drawn = _map(site, period) if site is not None else None
    if drawn is None:
        return None
    return kept(f"water-{submission.digest}-{period}.svg", lambda: _drawn(drawn))


def _before_and_after(periods: Sequence[str]) -> Sequence[str]:
    return periods if len(periods) < 2 else (periods[-1], periods[0])


def _map(site: Site, period_id: str) -> WaterMap | None:
    period = site.period(period_id)
    return None if period is None else water_map(site, period, period_title(period))


def _drawn(water: WaterMap) -> bytes:
    option = water.chart(WIDTH_PX)
    return svg(option, option.width_px, option.height_px).encode("utf-8")


def _picture(submission: Submission, period: str, water: WaterMap) -> WaterPicture:
    names = {node.id: node.label for node in water.nodes}
    rows = sorted(water.flows, key=lambda flow: -flow.volume_m3)
    return WaterPicture(
        period=period,
        title=water.title,
        unit=water.unit,
        url=f"/catalogue/{submission.application.number}/water-{quote(period)}.svg",
        rows=tuple(
            FlowRow(
                source=names.get(flow.source, flow.source),
                target="循环" if flow.source == flow.target else names.get(flow.target, flow.target),
                volume=show(Fraction(flow.volume_m3), 1),
            )
            for flow in rows
        ),
        notes=water.notes,
    )


@lru_cache(maxsize=64)
def _site(digest: str, text: str) -> Site:
    return site_from_json(text)
