"""Random sites: units in up to three levels, streams of every kind between ends that fit it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from tests.spec.given import YEARS, Raw, stream

from xunshui.site.kinds import KINDS, OUTSIDE, Group, Route, UnitUse, WaterKind

few = settings(max_examples=25)
VOLUMES = st.decimals(min_value=0, max_value=10**6, places=2, allow_nan=False)
_LOOPS = (Group.CIRCULATING, Group.REUSED)


@st.composite
def plants(draw: st.DrawFn) -> Raw:
    """Return what a random site is given: an enterprise, a data centre or a park without members."""
    units = draw(unit_rows())
    count = draw(st.integers(min_value=1, max_value=8))
    return {
        "kind": draw(st.sampled_from(["enterprise", "data_centre", "park"])),
        "industry": draw(st.sampled_from(["3120", "2511", "2221", "1713", "1320", "2911"])),
        "value_added": draw(st.integers(min_value=1, max_value=1000)),
        "it_energy": draw(st.integers(min_value=1, max_value=10**6)),
        "steam": draw(st.integers(min_value=1, max_value=1000)),
        "units": units,
        "streams": [draw(streams(f"S{number}", [row["id"] for row in units])) for number in range(count)],
        "products": [{"id": "P", "unit": "t", "output": draw(st.integers(min_value=1, max_value=1000))}],
    }


@st.composite
def unit_rows(draw: st.DrawFn) -> list[Raw]:
    """Return units at levels 1 to 3, each with a parent of a higher level or none."""
    rows: list[Raw] = [{"id": "U0", "name": "U0", "level": 1}]
    for number in range(1, draw(st.integers(min_value=2, max_value=5))):
        level = draw(st.integers(min_value=2, max_value=3))
        parents = [None, *(row["id"] for row in rows if row["level"] < level)]
        use = str(draw(st.sampled_from(UnitUse)))
        name = f"U{number}"
        parent = draw(st.sampled_from(parents))
        rows.append({"id": name, "name": name, "level": level, "parent": parent, "use": use})
    return rows


@st.composite
def streams(draw: st.DrawFn, name: str, units: list[str]) -> Raw:
    """Return a stream of a random kind whose ends fit it; a year may be missing."""
    kind = draw(st.sampled_from(WaterKind))
    facts = KINDS[kind]
    source = OUTSIDE if facts.route is Route.INTO_SITE else draw(st.sampled_from(units))
    others = [unit for unit in units if unit != source or facts.group in _LOOPS]
    target = OUTSIDE if facts.route is Route.OUT_OF_SITE else draw(st.sampled_from(others))
    told: dict[int, Decimal] = {year: draw(VOLUMES) for year in YEARS if draw(_MOSTLY)}
    return stream(name, source, target, str(kind), told)


_MOSTLY = st.sampled_from([True] * 9 + [False])


def scaled(given: Raw, factor: int) -> Raw:
    """Return the same site with `factor` times the water."""
    rows: list[dict[str, Any]] = given["streams"]
    more = [
        {**row, "volume_m3": {year: volume * factor for year, volume in row["volume_m3"].items()}}
        for row in rows
    ]
    return {**given, "streams": more}
