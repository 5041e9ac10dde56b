"""The water map tells what the ledger tells: nothing lost on the way, circulation beside the ribbons."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from graphlib import TopologicalSorter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.documents.report.circulation import Edge, without_rounds
from xunshui.documents.report.water_map import MOST_UNITS, WaterMap, water_map
from xunshui.site import site_of

HOURS = 8760
edges = st.dictionaries(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(lambda ends: ends[0] != ends[1]),
    st.integers(1, 1000).map(Fraction),
    max_size=20,
)


def drawn(
    *streams: tuple[str, str, str, float | None], units: list[dict[str, Any]] | None = None
) -> WaterMap:
    """Return the map of streams given as source, target, kind and m³/h."""
    names = dict.fromkeys(end for row in streams for end in row[:2] if end != "env")
    site = site_of(
        {
            "id": "site",
            "name": "示例",
            "kind": "enterprise",
            "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}],
            "units": units or [{"id": name, "name": name} for name in names],
            "streams": [
                {
                    "id": f"S{row}",
                    "from": source,
                    "to": target,
                    "kind": kind,
                    "volume_m3": {} if flow is None else {"2023": flow * HOURS},
                }
                for row, (source, target, kind, flow) in enumerate(streams)
            ],
        }
    )
    found = water_map(site, site.periods[0], "2023 年")
    assert found is not None
    return found


def flows(found: WaterMap) -> dict[tuple[str, str, str], float]:
    """Return the flows by their ends and kind."""
    return {(flow.source, flow.target, flow.kind): round(flow.volume_m3, 6) for flow in found.flows}


@given(edges)
def test_taking_off_rounds_leaves_no_circle_and_every_balance(given_edges: dict[Edge, Fraction]) -> None:
    left = without_rounds(given_edges)
    origins: dict[str, list[str]] = defaultdict(list)
    for source, target in left:
        origins[target].append(source)

    TopologicalSorter(origins).prepare()

    assert _surplus(left) == _surplus(given_edges)
    assert all(0 < volume <= given_edges[edge] for edge, volume in left.items())


def _surplus(volumes: dict[Edge, Fraction]) -> dict[str, Fraction]:
    surplus: dict[str, Fraction] = defaultdict(Fraction)
    for (source, target), volume in volumes.items():
        surplus[target] += volume
        surplus[source] -= volume
    return {node: volume for node, volume in surplus.items() if volume}


def test_map_of_a_closed_site_draws_its_streams() -> None:
    found = drawn(("env", "A", "surface", 100), ("A", "env", "discharge", 100))

    assert flows(found) == {("in/S0", "A", "conventional"): 100, ("A", "out/discharge", "discharge"): 100}
    assert (found.unit, found.notes) == ("m³/h", ())


def test_water_that_runs_round_between_units_is_a_loop_and_its_loss_a_ribbon() -> None:
    found = drawn(
        ("env", "塔", "surface", 50),
        ("塔", "轧机", "circulating_indirect", 1000),
        ("轧机", "塔", "circulating_return", 950),
        ("轧机", "env", "evaporation", 50),
    )

    assert flows(found) == {
        ("in/S0", "塔", "conventional"): 50,
        ("塔", "塔", "circulating"): 1000,
        ("塔", "轧机", "circulating"): 50,
        ("轧机", "out/evaporation", "consumption"): 50,
    }


@pytest.mark.parametrize(
    ("discharged", "end"),
    [
        pytest.param(90, ("A", "out/unaccounted", "unaccounted"), id="lost"),
        pytest.param(110, ("in/unaccounted", "A", "unaccounted"), id="appeared"),
    ],
)
def test_what_does_not_add_up_is_drawn_as_unaccounted(discharged: float, end: tuple[str, str, str]) -> None:
    found = drawn(("env", "A", "surface", 100), ("A", "env", "discharge", discharged))

    assert flows(found)[end] == 10


def test_missing_volume_is_told_and_makes_no_residual() -> None:
    found = drawn(("env", "A", "surface", 100), ("A", "env", "discharge", None))

    assert "unaccounted" not in {flow.kind for flow in found.flows}
    assert found.notes == ("1 条水流没有水量，未画入图中。",)


def test_small_site_is_drawn_in_volumes() -> None:
    found = drawn(("env", "A", "surface", 1), ("A", "env", "discharge", 1))

    assert found.unit == "m³"
    assert flows(found)["in/S0", "A", "conventional"] == HOURS


def test_many_units_are_drawn_as_the_units_they_belong_to() -> None:
    count = MOST_UNITS + 6
    units: list[dict[str, Any]] = [{"id": "W", "name": "分厂", "level": 1}]
    units += [{"id": f"U{row}", "name": f"产线 {row}", "level": 2, "parent": "W"} for row in range(count)]
    streams = [("env", "W", "surface", float(count))]
    streams += [("W", f"U{row}", "distributed", 1.0) for row in range(count)]
    streams += [(f"U{row}", "env", "evaporation", 1.0) for row in range(count)]

    found = drawn(*streams, units=units)

    assert [node.label for node in found.nodes if node.role == "unit"] == ["分厂"]
    assert flows(found)["W", "out/evaporation", "consumption"] == count
    assert found.notes == ("单元较多，图中并入上级单元；逐条水流见下表。",)
