"""Checks that every id is given once and every reference leads somewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from xunshui.site.columns import attributes, tables
from xunshui.site.graph import Measure
from xunshui.site.kinds import OUTSIDE
from xunshui.site.mistakes import Loc, Mistake, choices, shown
from xunshui.site.model import Site
from xunshui.site.points import PointKind

_WORDS = {
    "units": "单元",
    "streams": "水流",
    "meters": "水表",
    "tanks": "水池",
    "periods": "时期",
    "documents": "材料",
}
_WITH_IDS = (
    "periods",
    "units",
    "streams",
    "meters",
    "points",
    "products",
    "tanks",
    "valves",
    "documents",
    "members",
)


_POINTED = {PointKind.LEVEL: "tanks", PointKind.QUALITY: "streams"}
"""What a point lies on; a meter where it tells volume."""


class Ids:
    """The ids of each table, those of rows that could not be read included."""

    def __init__(self, site: Site, unread: Mapping[str, set[str]]) -> None:
        """Collect the ids of `site` and of its unread rows."""
        self._ids = {
            table: [row.id for row in getattr(site, table)] + sorted(unread.get(table, set()))
            for table in _WITH_IDS
        }

    def missing(self, table: str, wanted: str | None, loc: Loc) -> Iterator[Mistake]:
        """Yield a mistake where `wanted` is not an id of `table`."""
        if wanted is not None and wanted not in self._ids[table]:
            yield Mistake(
                loc=loc, problem=f"{_WORDS[table]}“{shown(wanted)}”不存在", accepted=choices(self._ids[table])
            )


def repeated_ids(site: Site) -> Iterator[Mistake]:
    """An id is given once in its table, and the word for outside is nobody's id."""
    for table in _WITH_IDS:
        counts = Counter(row.id for row in getattr(site, table))
        for index, row in enumerate(getattr(site, table)):
            if counts[row.id] > 1:
                yield Mistake(
                    loc=(table, index, "id"), problem=f"编号“{shown(row.id)}”重复", accepted="全表唯一的编号"
                )
    for index, unit in enumerate(site.units):
        if unit.id in (OUTSIDE, "外部"):
            yield Mistake(loc=("units", index, "id"), problem=f"“{unit.id}”留作厂外之用", accepted="另取编号")


def references(site: Site, ids: Ids) -> Iterator[Mistake]:
    """Every unit, stream, meter, period and document that is named exists."""
    yield from _graph(site, ids)
    yield from _used_periods(site, ids)
    yield from _claims(site, ids)


def _graph(site: Site, ids: Ids) -> Iterator[Mistake]:
    for row, unit in enumerate(site.units):
        yield from ids.missing("units", unit.parent, ("units", row, "parent"))
    for row, stream in enumerate(site.streams):
        for key, end in (("from", stream.source), ("to", stream.target)):
            if end != OUTSIDE:
                yield from ids.missing("units", end, ("streams", row, key))
        yield from _each(ids, "meters", stream.meters, ("streams", row, "meters"))
    for row, tank in enumerate(site.tanks):
        yield from ids.missing("units", tank.unit, ("tanks", row, "unit"))
    for row, valve in enumerate(site.valves):
        yield from ids.missing("streams", valve.stream, ("valves", row, "stream"))
    for row, point in enumerate(site.points):
        yield from ids.missing(_POINTED.get(point.kind, "meters"), point.at, ("points", row, "at"))
    for row, quality in enumerate(site.qualities):
        table = "streams" if quality.measure is Measure.MEASURED else "units"
        yield from ids.missing(table, quality.at, ("qualities", row, "at"))


def _used_periods(site: Site, ids: Ids) -> Iterator[Mistake]:
    for table, element in tables(Site).items():
        named = [attribute.name for attribute in attributes(element) if attribute.by_period]
        for row, item in enumerate(getattr(site, table)):
            for name in named:
                for period in getattr(item, name):
                    yield from ids.missing("periods", period, (table, row, name, period))
    for table in ("qualities", "energy", "chemicals", "declared"):
        for row, item in enumerate(getattr(site, table)):
            yield from ids.missing("periods", item.period, (table, row, "period"))


def _claims(site: Site, ids: Ids) -> Iterator[Mistake]:
    for table in ("energy", "chemicals"):
        for row, item in enumerate(getattr(site, table)):
            yield from ids.missing("units", item.unit, (table, row, "unit"))
    for row, permit in enumerate(site.permits):
        yield from ids.missing("documents", permit.document, ("permits", row, "document"))
    for row, declaration in enumerate(site.declarations):
        yield from _each(ids, "documents", declaration.documents, ("declarations", row, "documents"))


def _each(ids: Ids, table: str, wanted: Iterable[str], loc: Loc) -> Iterator[Mistake]:
    for name in wanted:
        yield from ids.missing(table, name, loc)
