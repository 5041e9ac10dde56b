"""A site as a network: how sure each volume is, what is held, and what no stream tells."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import pytest

from xunshui.balance import Class, Known, assumptions, metering, site_network
from xunshui.site import Site, site_of
from xunshui.site.graph import Meter, Stream, Trust
from xunshui.site.kinds import WaterKind

END = dt.date(2023, 12, 31)


def meter(**facts: Any) -> Meter:
    return Meter(id="M", **facts)


@pytest.mark.parametrize(
    ("facts", "percent"),
    [
        pytest.param({"accuracy_class": Decimal(2)}, 2 / math.sqrt(3), id="class"),
        pytest.param(
            {"accuracy_class": Decimal(2), "standard_uncertainty_percent": Decimal("0.5")},
            0.5,
            id="told_comes_first",
        ),
        pytest.param({}, 2.9, id="unknown_class"),
        pytest.param({"accuracy_class": Decimal(2), "trust": Trust.LOW}, 4 / math.sqrt(3), id="distrusted"),
        pytest.param(
            {"accuracy_class": Decimal(2), "valid_to": dt.date(2023, 6, 30)}, 4 / math.sqrt(3), id="expired"
        ),
        pytest.param(
            {"accuracy_class": Decimal(2), "valid_to": END}, 2 / math.sqrt(3), id="valid_to_the_last_day"
        ),
    ],
)
def test_uncertainty_of_a_metered_volume(facts: dict[str, Any], percent: float) -> None:
    stream = Stream(
        id="S",
        source="env",
        target="U",
        kind=WaterKind.SURFACE,
        meters=("M",),
        volume_m3={"2023": Decimal(100)},
    )

    told = metering.metering(stream, {"M": meter(**facts)}, "2023", END, assumptions())

    assert told.known is Known.METERED
    assert told.percent == pytest.approx(percent)


STREAMS: tuple[dict[str, Any], ...] = (
    {
        "id": "in",
        "from": "env",
        "to": "U",
        "kind": "surface",
        "meters": ["M1"],
        "volume_m3": {"2023": 1000},
    },
    {
        "id": "out",
        "from": "U",
        "to": "env",
        "kind": "discharge",
        "meters": ["M2"],
        "volume_m3": {"2023": 700},
    },
    {"id": "gone", "from": "U", "to": "env", "kind": "evaporation", "volume_m3": {"2023": 200}},
)


def a_site(**more: Any) -> Site:
    raw = {
        "id": "w",
        "name": "示例",
        "kind": "enterprise",
        "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}],
        "units": [{"id": "U", "name": "车间"}],
        "meters": [{"id": "M1", "accuracy_class": 1}, {"id": "M2", "accuracy_class": 2}],
        "streams": list(STREAMS),
    }
    return site_of(raw | more)


def test_volumes_become_flows_with_their_uncertainty() -> None:
    network = site_network(a_site(), "2023")
    assert network is not None
    flows = {flow.id: flow for flow in network.balanced().flows}

    # r = 100; variances 5.77², 8.08² and 20²: the estimate takes most of it.
    total = 10**2 / 3 + 14**2 / 3 + 20**2
    assert flows["in"].value == pytest.approx(1000 - 100 * 10**2 / 3 / total)
    assert flows["out"].value == pytest.approx(700 + 100 * 14**2 / 3 / total)
    assert flows["gone"].value == pytest.approx(200 + 100 * 20**2 / total)
    assert network.metering["gone"].known is Known.ESTIMATED


def test_missing_volume_is_found_by_difference() -> None:
    *metered, estimated = STREAMS
    network = site_network(a_site(streams=[*metered, {**estimated, "volume_m3": {}}]), "2023")
    assert network is not None
    [gone] = [flow for flow in network.balanced().flows if flow.id == "gone"]

    assert gone.kind is Class.OBSERVABLE
    assert gone.value == pytest.approx(300)
    assert gone.u == pytest.approx(math.hypot(10, 14) / math.sqrt(3))


def test_rise_of_a_tank_is_held() -> None:
    site = a_site(tanks=[{"id": "T", "unit": "U", "change_m3": {"2023": 100}}])
    network = site_network(site, "2023")
    assert network is not None

    assert network.balanced().test.statistic == pytest.approx(0)


def test_unit_passes_on_to_its_parts_unseen() -> None:
    streams = [
        {
            "id": "in",
            "from": "env",
            "to": "W",
            "kind": "surface",
            "meters": ["M1"],
            "volume_m3": {"2023": 1000},
        },
        {
            "id": "out",
            "from": "U",
            "to": "env",
            "kind": "discharge",
            "meters": ["M2"],
            "volume_m3": {"2023": 900},
        },
    ]
    site = a_site(
        streams=streams,
        units=[{"id": "W", "name": "厂", "level": 1}, {"id": "U", "name": "车间", "parent": "W"}],
    )
    network = site_network(site, "2023")
    assert network is not None
    result = network.balanced()

    assert result.test.dof == 1
    assert {flow.id: flow.kind for flow in result.flows}["within:U"] is Class.OBSERVABLE


def test_unit_with_one_side_only_is_not_corrected_away() -> None:
    network = site_network(a_site(streams=STREAMS[:1]), "2023")
    assert network is not None
    flows = {flow.id: flow for flow in network.balanced().flows}

    assert flows["in"].value == 1000
    assert flows["in"].kind is Class.JUST
    assert flows["untold:U"].value == 1000
