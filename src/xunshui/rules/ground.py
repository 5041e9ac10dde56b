"""What a verdict is made on: the site, the register, the chosen readings, and the indicators of each evidence year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xunshui.indicators import Value
from xunshui.register import Notice, Register
from xunshui.rules.readings import Readings
from xunshui.site.model import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The ground of one verdict; `values` holds the indicators by period and by indicator id."""

    site: Site
    register: Register
    readings: Readings
    values: Mapping[str, Mapping[str, Value]]

    @property
    def notice(self) -> Notice:
        """Return the notice that is applied."""
        return self.register.notice

    @property
    def years(self) -> tuple[int, ...]:
        """Return the evidence years, oldest first; the last one decides unless a reading says otherwise."""
        return self.notice.years

    def deciding_years(self) -> tuple[int, ...]:
        """Return the years whose outcome counts."""
        return self.years if self.readings["deciding_year"] == "every" else self.years[-1:]
