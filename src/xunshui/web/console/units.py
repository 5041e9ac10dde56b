"""What each unit's water adds up to, stretch by stretch: in less out, metered where it is, estimated elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xunshui.site import Site
from xunshui.site.graph import Stream, Unit
from xunshui.site.kinds import CIRCULATING
from xunshui.telemetry.localtime import HOUR_US
from xunshui.telemetry.series import Series
from xunshui.telemetry.volume import Floats
from xunshui.web.console.now import typed_flow

DEFAULT_TOLERANCE_PERCENT = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """A unit's residual [m³] and the larger of what came in and went out, by stretch; `estimated` streams of all."""

    unit: Unit
    m3: Floats
    through_m3: Floats
    estimated: int
    streams: int

    @property
    def tolerance_percent(self) -> float:
        """Return how large a residual may be, in percent of what ran through."""
        told = self.unit.tolerance_percent
        return DEFAULT_TOLERANCE_PERCENT if told is None else float(told)


def residuals(site: Site, found: Series) -> list[Residual]:
    """Return the residual of every unit that water runs through; circulation between two units counts as it is."""
    hours = np.diff(found.edges_us) / HOUR_US
    volumes = {stream.id: _volumes(site, stream, found, hours) for stream in site.streams}
    rows = []
    for unit in site.units:
        into = [stream for stream in site.streams if stream.target == unit.id != stream.source]
        out = [stream for stream in site.streams if stream.source == unit.id != stream.target]
        if into or out:
            rows.append(_residual(unit, into, out, volumes, found))
    return rows


def _residual(
    unit: Unit, into: list[Stream], out: list[Stream], volumes: dict[str, Floats], found: Series
) -> Residual:
    nothing = np.zeros(len(found.edges_us) - 1)

    def total(streams: list[Stream]) -> Floats:
        summed: Floats = np.sum([nothing, *(volumes[stream.id] for stream in streams)], axis=0)
        return summed

    # Water that circulates is many times what runs through: a tolerance taken from it would hide every loss.
    through = [[stream for stream in side if stream.kind not in CIRCULATING] for side in (into, out)]
    return Residual(
        unit=unit,
        m3=total(into) - total(out),
        through_m3=np.maximum(total(through[0]), total(through[1])),
        estimated=sum(not _is_metered(stream, found) for stream in (*into, *out)),
        streams=len(into) + len(out),
    )


def _is_metered(stream: Stream, found: Series) -> bool:
    return bool(stream.meters) and all(meter in found.meters for meter in stream.meters)


def _volumes(site: Site, stream: Stream, found: Series, hours: Floats) -> Floats:
    if _is_metered(stream, found):
        counted: Floats = np.sum([found.meters[meter] for meter in stream.meters], axis=0)
        return counted
    flow = typed_flow(site, stream)
    return hours * (np.nan if flow is None else flow)
