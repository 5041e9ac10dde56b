"""The register of one round: everything a verdict may rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from xunshui.register.model import Notice, QuotaRow, Reading, Setting, Source
from xunshui.register.overlay import Overlay, tightened


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Dated rows by which a round is judged, with the version that a verdict names."""

    notice: Notice
    readings: tuple[Reading, ...]
    industries: Mapping[str, Mapping[str, str]]
    settings: tuple[Setting, ...]
    quotas: tuple[QuotaRow, ...]
    sources: Mapping[str, Source]
    version: str

    def setting(self, setting_id: str) -> Fraction:
        """Return the value of a setting."""
        return Fraction(next(row for row in self.settings if row.id == setting_id).value)

    def reading(self, reading_id: str) -> Reading:
        """Return the open point of that id."""
        return next(row for row in self.readings if row.id == reading_id)

    def industry_class(self, code: str, reading: str) -> str | None:
        """Return the class of the notice that a GB/T 4754 code belongs to, or None where it is not mapped.

        >>> from xunshui.register import register
        >>> register().industry_class("3120", "narrow"), register().industry_class("2911", "narrow")
        ('steel', None)
        """
        division = code[:2]
        found = self.industries["narrow"].get(division)
        return found or (self.industries["wide"].get(division) if reading == "wide" else None)

    def quota_rows(self, key: str, authority: str, province: str) -> tuple[QuotaRow, ...]:
        """Return the rows of a quota key that a site in `province` falls under."""
        return tuple(
            row
            for row in self.quotas
            if row.key == key
            and row.authority == authority
            and (not row.province or province.startswith(row.province))
        )

    def tightened(self, overlay: Overlay) -> Register:
        """Return the register with a province's stricter thresholds; raises `OverlayInvalid` where one is looser."""
        return replace(
            self,
            notice=tightened(self.notice, overlay),
            version=f"{self.version}+{overlay.province}:{overlay.document}",
        )
