"""The flows of all streams stretch by stretch, ready to be reconciled.

Streams without a metering point are not left out: with only the meters that most plants have, nothing would check
anything. They count as estimates of 10 %, in proportion to the load of the plant: the median of what its meters tell
against the year of the file, which no single meter can move. An estimate therefore can be suspected like a meter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from xunshui.balance import SiteNetwork, site_network
from xunshui.site import Site
from xunshui.site.graph import Stream
from xunshui.site.operation import Period
from xunshui.telemetry.localtime import date_of_day, day_of
from xunshui.telemetry.metered import LITRE
from xunshui.telemetry.series import Series
from xunshui.telemetry.volume import Floats
from xunshui.web.console.now import LEAST_TOLD, NOW, hours_of, typed_flow
from xunshui.web.console.units import is_metered


@dataclass(frozen=True, slots=True, kw_only=True)
class Streamed:
    """Flows [stretches × streams of the file, m³/h], not numbers where nothing was told, and the load [stretches]."""

    site: Site
    found: Series
    flows: Floats
    load: Floats

    @property
    def means(self) -> Floats:
        """Return the mean flow of each stream [m³/h]: stretches that were not told go by the load.

        A stream that is told in less than half of the stretches has none.
        """
        told = np.isfinite(self.flows) & np.isfinite(self.load)[:, None]
        hours = hours_of(self.found)[:, None]
        ran = (hours * np.nan_to_num(self.load)[:, None] * told).sum(axis=0)
        passed = np.where(told, self.flows * hours, 0.0).sum(axis=0)
        enough = (told.mean(axis=0) >= LEAST_TOLD) & (ran > 0)
        mean_load = np.nansum(self.load * hours[:, 0]) / hours.sum()
        return np.where(enough, passed / np.where(enough, ran, 1.0) * mean_load, np.nan)

    def network(self) -> SiteNetwork | None:
        """Return the network with the mean flows [m³/h]; None where no stream joins a unit with anything."""
        day = date_of_day(day_of(self.found.edges_us[-1]))
        streams = tuple(
            replace(stream, volume_m3=_volume(mean), compliant_m3={}, meters=self._meters(stream))
            for stream, mean in zip(self.site.streams, self.means.tolist(), strict=True)
        )
        periods = (Period(id=NOW, start=day, end=day),)
        return site_network(replace(self.site, periods=periods, streams=streams), NOW)

    def _meters(self, stream: Stream) -> tuple[str, ...]:
        return stream.meters if is_metered(stream, self.found) else ()


def streamed(site: Site, found: Series) -> Streamed:
    """Return the flows of the site's streams in the stretches of `found`."""
    hours = hours_of(found)
    metered = {
        stream.id: np.sum([found.meters[meter] for meter in stream.meters], axis=0) / hours
        for stream in site.streams
        if is_metered(stream, found)
    }
    load = _load(site, metered, len(hours))
    flows = [
        metered[stream.id] if stream.id in metered else load * _typed(site, stream) for stream in site.streams
    ]
    return Streamed(
        site=site, found=found, flows=np.array(flows).T.reshape(len(hours), len(site.streams)), load=load
    )


def _load(site: Site, metered: dict[str, Floats], count: int) -> Floats:
    """Return how the plant runs against the year of the file; without one, against its own mean.

    Water that goes round within a unit takes no part: it does not follow the load.
    """
    through = [each for each in site.streams if each.id in metered and each.source != each.target]
    ratios = [_ratio(metered[stream.id], typed_flow(site, stream)) for stream in through]
    told = np.array([each for each in ratios if each is not None]).reshape(-1, count)
    known = np.isfinite(told).any(axis=0)
    load = np.full(count, np.nan)
    load[known] = np.nanmedian(told[:, known], axis=0)
    return load


def _ratio(flows: Floats, typed: float | None) -> Floats | None:
    usual = typed if typed else float(np.nanmedian(flows)) if np.isfinite(flows).any() else 0.0
    return flows / usual if usual > 0 else None


def _typed(site: Site, stream: Stream) -> float:
    typed = typed_flow(site, stream)
    return np.nan if typed is None else typed


def _volume(mean: float) -> dict[str, Decimal]:
    """Return the volume of one period; water that ran backwards in the mean is not told: a stream has one direction."""
    return {NOW: Decimal(repr(mean)).quantize(LITRE)} if mean >= 0 else {}
