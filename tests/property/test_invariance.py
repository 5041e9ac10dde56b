"""What must not matter: names, the order of rows, the size of the plant, other years."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.property.plants import few, plants, scaled
from tests.spec.given import Raw, raw_of_given, site_of_given

from xunshui.assess import Assessment, assess
from xunshui.indicators import BY_KEY
from xunshui.site import site_as_json, site_from_json, site_of

RATIOS = [key for key, indicator in BY_KEY.items() if indicator.unit in ("%", "")]
_PER_STEAM = ("condensate_recovery_rate",)


def numbers(assessment: Assessment) -> dict[str, Any]:
    """Return everything that was computed and judged, without names of units and streams."""
    values = [(value.key, value.value) for value in assessment.indicators.values()]
    books = [
        tuple(map(str, (row.level, *row.columns.values(), row.residual)))
        for row in assessment.ledgers["2023"].rows
    ]
    return {"values": sorted(map(str, values)), "ledger": sorted(books), "gates": gates(assessment)}


def gates(assessment: Assessment) -> list[tuple[object, ...]]:
    return [(row.outcome, row.value, row.threshold, row.margin) for row in assessment.verdict.gates]


@few
@given(plants())
def test_renaming_units_and_streams_changes_no_number(plant: Raw) -> None:
    names = {row["id"] for row in (*plant["units"], *plant["streams"])}
    text = json.dumps(raw_of_given(plant), default=str)
    for name in names:
        text = text.replace(f'"{name}"', f'"新{name[::-1]}"')

    renamed = assess(site_of(json.loads(text)))

    assert numbers(renamed) == numbers(assess(site_of_given(plant)))


@few
@given(plants(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_number(plant: Raw, random: Any) -> None:
    mixed = raw_of_given(plant)
    for table in ("units", "streams", "periods"):
        random.shuffle(mixed[table])

    assert numbers(assess(site_of(mixed))) == numbers(assess(site_of_given(plant)))


@few
@given(plants(), st.integers(min_value=2, max_value=10_000))
def test_more_water_everywhere_changes_no_ratio(plant: Raw, factor: int) -> None:
    small, large = assess(site_of_given(plant)), assess(site_of_given(scaled(plant, factor)))

    def ratios(assessment: Assessment) -> dict[str, Fraction | None]:
        return {
            key: value.value
            for key, value in assessment.indicators.items()
            if value.key in RATIOS and value.key not in _PER_STEAM
        }

    assert ratios(large) == ratios(small)


@few
@given(plants(), st.integers(min_value=2, max_value=10_000))
def test_more_water_everywhere_scales_the_ledger(plant: Raw, factor: int) -> None:
    small = assess(site_of_given(plant)).ledgers["2023"]
    large = assess(site_of_given(scaled(plant, factor))).ledgers["2023"]

    assert [row.closes for row in large.rows] == [row.closes for row in small.rows]
    assert [row.tolerance for row in large.rows] == [row.tolerance * factor for row in small.rows]


@few
@given(plants(), st.sampled_from([("2020", "12-31"), ("2024", "12-31"), ("2023", "03-31")]))
def test_another_period_leaves_the_deciding_year_alone(plant: Raw, period: tuple[str, str]) -> None:
    year, last = period
    raw = raw_of_given(plant)
    raw["periods"].append({"id": "另", "start": f"{year}-01-01", "end": f"{year}-{last}"})
    for row in raw["streams"]:
        row["volume_m3"]["另"] = 12345

    assert gates(assess(site_of(raw))) == gates(assess(site_of_given(plant)))


@few
@given(plants())
def test_json_reads_back_to_the_same_site(plant: Raw) -> None:
    site = site_of_given(plant)

    assert site_from_json(site_as_json(site)) == site
