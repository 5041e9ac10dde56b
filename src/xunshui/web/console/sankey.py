"""The Sankey diagram of a span: the report's own diagram, drawn once and kept, as SVG within the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from xunshui.documents.draw import ChartsUnavailable, svg
from xunshui.documents.report.water_map import WaterMap, water_map
from xunshui.quantities import show
from xunshui.site import Site
from xunshui.web.console.now import NOW, Picture

WIDTH_PX = 1180


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """One ribbon in words."""

    source: str
    target: str
    m3_per_h: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sankey:
    """The diagram, or why it could not be drawn, with its ribbons as rows and what must be known beside it."""

    drawing: str
    trouble: str
    ribbons: tuple[Ribbon, ...]
    notes: tuple[str, ...]


def sankey(shown: Picture) -> Sankey | None:
    """Return the diagram of what flows; None where nothing does."""
    found = _hourly(shown.site)
    if found is None:
        return None
    try:
        drawing, trouble = _drawn(found), ""
    except ChartsUnavailable as error:
        drawing, trouble = "", str(error)
    return Sankey(drawing=drawing, trouble=trouble, ribbons=_ribbons(found), notes=found.notes)


def _hourly(site: Site) -> WaterMap | None:
    """Return the report's diagram in m³/h.

    The volumes of the running site are an hour's; its period lasts a day, by which the report would divide them, and
    for a small site it would not divide at all.
    """
    period = site.period(NOW)
    assert period is not None  # the running site's only one
    found = water_map(site, period, "")
    if found is None:
        return None
    factor = period.hours if found.unit == "m³/h" else 1
    flows = tuple(replace(flow, volume_m3=flow.volume_m3 * factor) for flow in found.flows)
    return replace(found, unit="m³/h", flows=flows)


@lru_cache(maxsize=32)
def _drawn(water: WaterMap) -> str:
    option = water.chart(WIDTH_PX)
    return svg(option, option.width_px, option.height_px)


def _ribbons(water: WaterMap) -> tuple[Ribbon, ...]:
    names = {node.id: node.label for node in water.nodes}
    return tuple(
        Ribbon(
            source=names.get(flow.source, flow.source),
            target="循环" if flow.source == flow.target else names.get(flow.target, flow.target),
            m3_per_h=show(Fraction(flow.volume_m3), 1),
        )
        for flow in sorted(water.flows, key=lambda flow: -flow.volume_m3)
    )
