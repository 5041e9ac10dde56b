"""Checks of the water graph: units hang together, streams run between ends that exist and fit their kind."""

from __future__ import annotations

from collections.abc import Iterator

from xunshui.site.graph import Stream
from xunshui.site.kinds import KINDS, OUTSIDE, Group, Route, WaterKind
from xunshui.site.labels import label
from xunshui.site.mistakes import Mistake, choices
from xunshui.site.model import Site

_MAY_RETURN_TO_ITSELF = (Group.CIRCULATING, Group.REUSED)


def unit_parents(site: Site) -> Iterator[Mistake]:
    """A unit's parent exists and lies on a higher level."""
    levels = {unit.id: unit.level for unit in site.units}
    for row, unit in enumerate(site.units):
        parent = levels.get(unit.parent) if unit.parent else None
        if parent is not None and parent >= unit.level:
            yield Mistake(
                loc=("units", row, "parent"),
                problem=f"上级单元“{unit.parent}”为 {parent} 级，不高于本单元的 {unit.level} 级",
                accepted=choices(other for other, level in levels.items() if level < unit.level),
            )


def stream_ends(site: Site) -> Iterator[Mistake]:
    """A stream's ends fit its kind: intake comes from outside, discharge goes there, the rest stays within."""
    for row, stream in enumerate(site.streams):
        yield from _ends(row, stream)


_EXPECTED_OUTSIDE = {
    Route.INTO_SITE: (True, False),
    Route.WITHIN: (False, False),
    Route.OUT_OF_SITE: (False, True),
}


def _ends(row: int, stream: Stream) -> Iterator[Mistake]:
    facts = KINDS[stream.kind]
    expected = _EXPECTED_OUTSIDE[facts.route]
    for key, end, outside in (("from", stream.source, expected[0]), ("to", stream.target, expected[1])):
        if (end == OUTSIDE) != outside:
            yield Mistake(
                loc=("streams", row, key),
                problem=f"{label(stream.kind)}的这一端不能是“{'外部' if end == OUTSIDE else end}”",
                accepted="外部(env)" if outside else "站内单元的编号",
            )
    if stream.source == stream.target != OUTSIDE and facts.group not in _MAY_RETURN_TO_ITSELF:
        yield Mistake(
            loc=("streams", row, "to"),
            problem=f"{label(stream.kind)}不能由“{stream.source}”流回自身",
            accepted="另一个单元；只有循环水和回用水可以流回自身",
        )


def compliant_volumes(site: Site) -> Iterator[Mistake]:
    """Compliant volume is told of discharge only, and is no more than was discharged."""
    for row, stream in enumerate(site.streams):
        if stream.compliant_m3 and stream.kind is not WaterKind.DISCHARGE:
            yield Mistake(
                loc=("streams", row, "compliant_m3"), problem="只有排水填写达标水量", accepted="留空"
            )
        for period, compliant in stream.compliant_m3.items():
            volume = stream.volume_m3.get(period)
            if volume is not None and compliant > volume:
                yield Mistake(
                    loc=("streams", row, "compliant_m3", period),
                    problem=f"达标水量 {compliant} 大于排水量 {volume}",
                    accepted=f"0–{volume}",
                )


def member_units(site: Site) -> Iterator[Mistake]:
    """Members occur in parks only, and each stands in the park's graph as a unit of its own id."""
    units = {unit.id for unit in site.units}
    for row, member in enumerate(site.members):
        if site.kind != "park":
            yield Mistake(
                loc=("members", row), problem="只有园区可以有成员站点", accepted="把类型改为园区(park)"
            )
        elif member.id not in units:
            yield Mistake(
                loc=("members", row, "id"),
                problem=f"成员“{member.id}”没有对应的单元",
                accepted=f"在单元中加入编号为“{member.id}”的一级单元",
            )
        if member.kind == "park":
            yield Mistake(
                loc=("members", row, "kind"), problem="成员不能又是园区", accepted="enterprise、data_centre"
            )
