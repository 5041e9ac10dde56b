"""What the things of a site are called on paper: units, streams and meters by name where they have one."""

from __future__ import annotations

from fractions import Fraction

from xunshui.documents.typeset import shortened
from xunshui.site.graph import Stream, Unit
from xunshui.site.kinds import OUTSIDE, SITE_KIND_TITLES, SiteKind
from xunshui.site.model import Site
from xunshui.site.operation import Period

LONGEST_NAME = 40
WHOLE = {SiteKind.ENTERPRISE: "全厂", SiteKind.PARK: "全园区", SiteKind.DATA_CENTRE: "全数据中心"}


class Names:
    """The names of one site's elements, by id; an id that is not known stands for itself."""

    def __init__(self, site: Site) -> None:
        """Take the names from `site`, and from its members as ``member/stream``."""
        self.site = site
        self.units: dict[str, Unit] = {unit.id: unit for unit in site.units}
        self.streams: dict[str, Stream] = {stream.id: stream for stream in site.streams}
        self._members = {member.id: member for member in site.members}
        for member in site.members:
            self.streams |= {f"{member.id}/{stream.id}": stream for stream in member.streams}

    @property
    def whole(self) -> str:
        """Return what the site as a whole is called."""
        return WHOLE[self.site.kind]

    def end(self, unit_id: str, stream_id: str = "") -> str:
        """Return the name of a stream's end; a member's own unit is named with its member."""
        if unit_id == OUTSIDE:
            return "外部"
        member = self._members.get(stream_id.partition("/")[0]) if "/" in stream_id else None
        unit = member.unit(unit_id) if member else self.units.get(unit_id)
        name = shortened(unit.name, LONGEST_NAME) if unit else unit_id
        return f"{shortened(member.name, LONGEST_NAME)} {name}" if member else name

    def stream(self, stream_id: str) -> str:
        """Return the name of a stream."""
        stream = self.streams.get(stream_id)
        return shortened(stream.name or stream_id, LONGEST_NAME) if stream else shortened(stream_id)

    def meters(self, stream_id: str) -> str:
        """Return the meters of a stream, or that its volume is estimated."""
        stream = self.streams.get(stream_id)
        return shortened("、".join(stream.meters)) if stream and stream.meters else "估算"

    def volume(self, stream_id: str, period_id: str) -> Fraction | None:
        """Return a stream's volume [m³] in a period of the site; a member may name that period otherwise."""
        stream, period = self.streams.get(stream_id), self.site.period(period_id)
        member = self._members.get(stream_id.partition("/")[0]) if "/" in stream_id else None
        if member and period:
            days = (period.start, period.end)
            period = next((row for row in member.periods if (row.start, row.end) == days), None)
        told = stream.volume_m3.get(period.id) if stream and period else None
        return None if told is None else Fraction(told)

    def place(self, where: str) -> str:
        """Return where a problem lies, in words: the whole site, a unit, a stream, a meter or a table."""
        if where == "site":
            return self.whole
        if where in self.units:
            return f"{self.end(where)}（{where}）"
        if where in self.streams:
            return f"{self.stream(where)}（{where}）"
        table, _, row = where.partition(":")
        return f"{TABLE_TITLES[table]} {row}".strip() if table in TABLE_TITLES else shortened(where)


TABLE_TITLES = {
    "periods": "“时期”表",
    "streams": "“水流”表",
    "declared": "“申报值”表",
    "assumptions": "“假设”表",
    "industry_class": "行业归类",
}


def period_title(period: Period) -> str:
    """Return a period as a heading names it: a full year by its number, else its first and last day.

    >>> import datetime as dt
    >>> period_title(Period(id="23", start=dt.date(2023, 1, 1), end=dt.date(2023, 12, 31)))
    '2023 年'
    """
    if period.full_year is not None:
        return f"{period.full_year} 年"
    return f"{shortened(period.id, 24)}（{period.start} 至 {period.end}）"


def kind_title(site: Site) -> str:
    """Return what kind of site it is."""
    return SITE_KIND_TITLES[site.kind]
