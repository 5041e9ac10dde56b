"""The verdict on a year whose volumes are metered, worked out once an hour for every page that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xunshui.assess import Assessment, assess, uncertain
from xunshui.assess.certainty import Uncertain
from xunshui.site import Site
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import HOUR_US
from xunshui.telemetry.metered import Metered, metered, period_of, with_metered_water
from xunshui.web.console import sensing
from xunshui.web.console.kept import Kept
from xunshui.web.console.models import LiveSite
from xunshui.web.console.store import Stamp, site_of_row, stamp_of

PATIENCE_S = 0.15
"""How long the home waits for a verdict that is not there yet; the next poll shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The metered volumes of a year, and what follows from them."""

    found: Metered
    assessment: Assessment
    certain: Uncertain

    @property
    def metered_streams(self) -> int:
        """Return how many streams have points at all their meters."""
        return len(self.found.streams)

    @property
    def short_streams(self) -> int:
        """Return of how many of these the readings are too few."""
        return sum(volume is None for volume in self.found.streams.values())


_kept: Kept[tuple[Stamp, str, Path], Judged] = Kept(most=16)


def judged(row: LiveSite, period: str) -> Judged:
    """Return the verdict; a past year changes only by late readings, so it is read anew once an hour.

    Raises `PeriodMissing`, `SpoolMissing`.
    """
    site, folder = site_of_row(row), sensing.folder()
    return _kept.now((stamp_of(row), period, folder), _hour(), lambda: _judged(site, period, folder))


def judged_soon(row: LiveSite, period: str) -> Judged | None:
    """Return the same, or the one of an hour ago, or None, where it takes longer than a page may."""
    site, folder = site_of_row(row), sensing.folder()
    key = (stamp_of(row), period, folder)
    return _kept.soon(key, _hour(), lambda: _judged(site, period, folder), PATIENCE_S)


def _judged(site: Site, period: str, folder: Path) -> Judged:
    chosen = period_of(site, period)
    reader = Reader(folder)
    try:
        found = metered(site, chosen, reader)
    finally:
        reader.close()
    assessment = assess(with_metered_water(site, found))
    return Judged(found=found, assessment=assessment, certain=uncertain(assessment))


def _hour() -> int:
    return sensing.now_us() // HOUR_US
