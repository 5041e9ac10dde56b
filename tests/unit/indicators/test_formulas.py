"""Every indicator by a number worked by hand; the arithmetic stands beside it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from tests.spec.given import Raw, raw_of_given, site_of_given, stream

from xunshui.indicators import INDICATORS, Value, ledgered, values
from xunshui.site import site_of

SETTINGS = {"condensate_density": Fraction(1)}
COOLING = [
    {"id": "CT", "name": "净环", "use": "indirect_cooling"},
    {"id": "DC", "name": "浊环", "use": "direct_cooling"},
    {"id": "PR", "name": "工艺", "use": "process"},
    {"id": "WT", "name": "水处理", "use": "treatment"},
]
METERED = {
    "units": [{"id": "A", "name": "A"}, {"id": "B", "name": "B", "level": 3, "parent": "A"}],
    "meters": [{"id": "FM"}],
    "streams": [
        stream("in_1", "env", "A", "surface", 90, meters=["FM"]),
        stream("in_2", "env", "A", "ground", 10),
        stream("to_b_1", "A", "B", "series", 30, meters=["FM"]),
        stream("to_b_2", "A", "B", "reuse", 10, meters=["FM"]),
        stream("to_b_3", "A", "B", "distributed", 40),
        stream("loop", "B", "B", "circulating_process", 999),
    ],
}
PARK = {
    "kind": "park",
    "surface": 55,
    "members": [{"id": "M1", "circulating_indirect": 900}, {"id": "M2"}],
    "streams": [stream("x", "M1", "M2", "series", 45)],
}
DATA_CENTRE = {
    "kind": "data_centre",
    "public_supply": 12,
    "municipal_reclaimed": 6,
    "discharge": 4,
    "it_energy": 10_000,
}
TWO_PRODUCTS = {
    "surface": 999,
    "products": [
        {"id": "P", "unit": "t", "output": 4, "withdrawal_m3": 10},
        {"id": "Q", "unit": "万t", "output": 0.001, "withdrawal_m3": 30},
    ],
}


def of(given: Raw, indicator: str) -> Value:
    return told(given)[indicator]


def told(given: Raw) -> dict[str, Value]:
    site = site_of_given(given)
    period = site.period("2023")
    assert period is not None
    return values(ledgered(site, period, SETTINGS))


FORMULAS: dict[str, tuple[str, Raw, Any]] = {
    # R = V_r ÷ (V_f + V_r): (70 + 20 + 6 + 2) ÷ (2 + 98)
    "reuse_rate": (
        "reuse_rate",
        {"surface": 2, "circulating_direct": 70, "series": 20, "reuse": 6, "condensate": 2},
        98,
    ),
    # K_w = 30 ÷ (10 + 30)
    "wastewater_reuse_rate": ("wastewater_reuse_rate", {"reuse": 30, "discharge": 10}, 75),
    # r_g = (50 + 10) ÷ (60 + 20 + 20): into PR 20 from outside and 20 distributed; the series to CT is not process water
    "process_water_reuse_rate": (
        "process_water_reuse_rate",
        {
            "units": COOLING,
            "streams": [
                stream("1", "PR", "PR", "circulating_process", 50),
                stream("2", "CT", "PR", "series", 10),
                stream("3", "PR", "CT", "series", 7),
                stream("4", "env", "PR", "surface", 20),
                stream("5", "WT", "PR", "distributed", 20),
                stream("6", "env", "WT", "surface", 20),
            ],
        },
        60,
    ),
    # (900 + 45) ÷ (55 + 945)
    "park_reuse_rate": ("park_reuse_rate", PARK, Fraction(945, 10)),
    # 45 ÷ (55 + 45)
    "park_works_reuse_rate": ("park_works_reuse_rate", PARK, 45),
    # r_d = 190 ÷ (10 + 190)
    "direct_cooling_circulation_rate": (
        "direct_cooling_circulation_rate",
        {
            "units": COOLING,
            "streams": [
                stream("1", "DC", "DC", "circulating_direct", 190),
                stream("2", "env", "DC", "surface", 10),
                stream("3", "env", "PR", "surface", 500),
            ],
        },
        95,
    ),
    # r_c = 970 ÷ (30 + 970)
    "indirect_cooling_circulation_rate": (
        "indirect_cooling_circulation_rate",
        {
            "units": COOLING,
            "streams": [
                stream("1", "CT", "PR", "circulating_indirect", 970),
                stream("2", "PR", "CT", "circulating_return", 960),
                stream("3", "WT", "CT", "distributed", 30),
            ],
        },
        97,
    ),
    # N = Q_m ÷ (Q_b + Q_w): 80 ÷ (15 + 5); 60 evaporate; the circuit itself does not count
    "cycles_of_concentration": (
        "cycles_of_concentration.CT",
        {
            "units": COOLING,
            "streams": [
                stream("1", "env", "CT", "surface", 70),
                stream("2", "PR", "CT", "reuse", 10),
                stream("3", "CT", "PR", "circulating_indirect", 5000),
                stream("4", "PR", "CT", "circulating_return", 5000),
                stream("5", "CT", "env", "evaporation", 60),
                stream("6", "CT", "WT", "collected", 15),
                stream("7", "CT", "env", "drift", 5),
            ],
        },
        4,
    ),
    # r_b = V_br × ρ ÷ D: 60 m³ × 1 t/m³ ÷ 80 t
    "condensate_recovery_rate": ("condensate_recovery_rate", {"condensate": 60, "steam": 80}, 75),
    # 10 m³ ÷ 4 t; 30 m³ ÷ 10 t, told as 0.001 万t
    "unit_product_withdrawal": ("unit_product_withdrawal.P", TWO_PRODUCTS, Fraction(5, 2)),
    "unit_product_withdrawal_of_the_second": ("unit_product_withdrawal.Q", TWO_PRODUCTS, 3),
    # All intake (40 + 20 + 7) ÷ 10
    "water_per_value_added": (
        "water_per_value_added",
        {"surface": 40, "purchased_steam": 20, "mine": 7, "value_added": 10},
        Fraction(67, 10),
    ),
    # Conventional only, less what was supplied to others: (40 + 20 − 5) ÷ 10
    "conventional_water_per_value_added": (
        "conventional_water_per_value_added",
        {"surface": 40, "purchased_steam": 20, "mine": 7, "supplied_outside": 5, "value_added": 10},
        Fraction(55, 10),
    ),
    # 60 ÷ 24
    "withdrawal_per_output_value": (
        "withdrawal_per_output_value",
        {"surface": 60, "rain": 9, "output_value": 24},
        Fraction(5, 2),
    ),
    # (20 + 5) ÷ (70 + 5 + 20 + 5)
    "reclaimed_share": (
        "reclaimed_share",
        {"surface": 70, "desalinated": 5, "municipal_reclaimed": 20, "other_reclaimed": 5},
        25,
    ),
    # 20 ÷ (100 + 300)
    "reclaimed_share_of_total_use": (
        "reclaimed_share_of_total_use",
        {"surface": 80, "municipal_reclaimed": 20, "circulating_direct": 300},
        5,
    ),
    # (20 + 25) ÷ (100 + 25)
    "reclaimed_share_with_own_reuse": (
        "reclaimed_share_with_own_reuse",
        {"surface": 80, "municipal_reclaimed": 20, "reuse": 25, "circulating_direct": 300},
        36,
    ),
    # (20 + 25) ÷ (100 + 25 + 325)
    "reclaimed_share_with_own_reuse_of_total_use": (
        "reclaimed_share_with_own_reuse_of_total_use",
        {"surface": 80, "municipal_reclaimed": 20, "reuse": 25, "circulating_direct": 325},
        10,
    ),
    # K_h = (10 + 10 + 20) ÷ 160
    "non_conventional_substitution_rate": (
        "non_conventional_substitution_rate",
        {"ground": 120, "rain": 10, "brackish": 10, "municipal_reclaimed": 20},
        25,
    ),
    # K_l = 4 ÷ 200
    "leakage_rate": ("leakage_rate", {"surface": 200, "leakage": 4}, 2),
    # K_d = 50 ÷ 200
    "discharge_rate": ("discharge_rate", {"surface": 200, "discharge": 50}, 25),
    # 45 ÷ 50
    "compliance_rate": (
        "compliance_rate",
        {"surface": 200, "streams": [stream("d", "U", "env", "discharge", 50, compliant_m3=45)]},
        90,
    ),
    # Level 1: 90 ÷ 100; level 3: (30 + 10) ÷ 80; the loop of 999 is no supply
    "metered_share": ("metered_share.1", METERED, 90),
    "metered_share_of_equipment": ("metered_share.3", METERED, 50),
    # Level 1: one of two; level 3: two of three
    "meter_equipping_rate": ("meter_equipping_rate.1", METERED, 50),
    "meter_equipping_rate_of_equipment": ("meter_equipping_rate.3", METERED, Fraction(200, 3)),
    # (12 + 6) × 1000 ÷ 10000, 12 × 1000 ÷ 10000, (18 − 4) × 1000 ÷ 10000
    "wue": ("wue", DATA_CENTRE, Fraction(18, 10)),
    "wue_without_reclaimed": ("wue_without_reclaimed", DATA_CENTRE, Fraction(12, 10)),
    "wue_net_of_return": ("wue_net_of_return", DATA_CENTRE, Fraction(14, 10)),
}


@pytest.mark.parametrize(("indicator", "given", "expected"), FORMULAS.values(), ids=FORMULAS)
def test_indicator_gives_the_number_worked_by_hand(indicator: str, given: Raw, expected: object) -> None:
    assert of(given, indicator).value == expected


def test_every_indicator_has_been_worked_by_hand() -> None:
    assert {indicator.key for indicator in INDICATORS} - FORMULAS.keys() == set()


def test_reuse_rate_of_the_association_is_exact() -> None:
    # CISA members 2021 (S61): new 172772 + reuse 8756175 = use 8928947, told as 98.07 %.
    value = of({"surface": 172_772, "circulating_indirect": 8_756_175}, "reuse_rate")

    assert value.value == Fraction(875_617_500, 8_928_947)
    assert value.term("V_t") == 8_928_947


def test_value_carries_its_terms_and_their_streams() -> None:
    value = of({"surface": 30, "ground": 10, "series": 60}, "reuse_rate")

    assert [(term.symbol, term.value, term.streams) for term in value.terms] == [
        ("V_r", Fraction(60), ("series",)),
        ("V_f", Fraction(40), ("surface", "ground")),
        ("V_t", Fraction(100), ("series", "surface", "ground")),
    ]


def test_value_is_factor_times_upper_over_lower() -> None:
    for value in told({**DATA_CENTRE, "circulating_indirect": 100}).values():
        if value.upper is not None and value.lower:
            assert value.value == value.factor * value.upper / value.lower


@pytest.mark.parametrize(
    ("given", "indicator", "reason"),
    [
        pytest.param({"surface": {2022: 1}}, "reuse_rate", "新水量缺少水量：surface", id="missing_volume"),
        pytest.param({}, "reuse_rate", "用水量为零", id="nothing_used"),
        pytest.param({"condensate": 5}, "condensate_recovery_rate", "未填写自产蒸汽量", id="no_steam"),
        pytest.param({"kind": "data_centre", "surface": 5}, "wue", "未填写信息设备耗电量", id="no_energy"),
        pytest.param(
            {"surface": 5, "products": [{"id": "P", "unit": "t", "output": {2022: 1}}]},
            "unit_product_withdrawal.P",
            "未填写P产量",
            id="no_output",
        ),
    ],
)
def test_value_that_cannot_be_computed_says_why(given: Raw, indicator: str, reason: str) -> None:
    value = of(given, indicator)

    assert (value.value, value.reason) == (None, reason)


def test_negative_new_water_is_no_reuse_rate() -> None:
    value = of({"surface": 10, "supplied_outside": 30, "circulating_indirect": 100}, "reuse_rate")

    assert (value.value, value.reason[:5]) == (None, "新水量为负")


def test_indicators_of_other_kinds_of_sites_are_left_out() -> None:
    enterprise = told({"surface": 1, "it_energy": 1})
    park = told({"kind": "park", "surface": 1})

    assert [key for key in enterprise if key.startswith(("park", "wue"))] == []
    assert "reuse_rate" not in park


def test_several_products_need_their_own_withdrawal() -> None:
    one, other = ({"id": name, "unit": "t", "output": 1} for name in "PQ")

    alone = of({"surface": 10, "products": [one]}, "unit_product_withdrawal.P")
    together = of({"surface": 10, "products": [one, other]}, "unit_product_withdrawal.P")

    assert alone.value == 10
    assert (together.value, together.reason) == (None, "未填写P分摊取水量")


def test_park_names_the_member_whose_year_is_absent() -> None:
    value = of({**PARK, "members": [{"id": "M1", "years": [2022]}, {"id": "M2"}]}, "park_reuse_rate")

    assert (value.value, value.reason) == (None, "成员重复用水量缺少水量：M1（无 2023 时期）")


def test_park_names_the_member_s_stream_that_is_missing() -> None:
    members = [{"id": "M1", "reuse": {2022: 5}}, {"id": "M2"}]

    assert of({**PARK, "members": members}, "park_reuse_rate").reason == "成员重复用水量缺少水量：M1/reuse"


def test_park_finds_a_member_s_year_by_its_days() -> None:
    given = raw_of_given({**PARK, "years": [2023]})
    member = given["members"][0]
    member["periods"][0]["id"] = "去年"
    member["streams"][0]["volume_m3"] = {"去年": 900}
    site = site_of(given)

    ground = ledgered(site, site.periods[0], SETTINGS)

    # (900 + 45) ÷ (55 + 945), as where the ids agree
    assert values(ground)["park_reuse_rate"].value == Fraction(945, 10)
