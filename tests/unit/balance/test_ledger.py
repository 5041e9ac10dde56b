"""The ledger of a small works, worked by hand.

env ─100 surface→ P ─30 series→ [W: CT ─8 series→ BH ─7 discharge→ env]
CT circulates 500 onto itself, supplies P with 200 and gets 195 back; 20 evaporate
P discharges 60, leaks 5 and stores 2
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.spec.given import Raw, site_of_given, stream

from xunshui.balance import COLUMNS, SITE, Ledger, Row, ledger

TEN = Fraction(10)
UNITS: list[Raw] = [
    {"id": "P", "name": "生产"},
    {"id": "W", "name": "水站"},
    {"id": "CT", "name": "循环水", "level": 3, "parent": "W"},
    {"id": "BH", "name": "锅炉房", "level": 3, "parent": "W"},
]
STREAMS: list[Raw] = [
    stream("intake", "env", "P", "surface", 100),
    stream("series_1", "P", "CT", "series", 30),
    stream("loop", "CT", "CT", "circulating_indirect", 500),
    stream("supply", "CT", "P", "circulating_indirect", 200),
    stream("return", "P", "CT", "circulating_return", 195),
    stream("steam", "CT", "env", "evaporation", 20),
    stream("series_2", "CT", "BH", "series", 8),
    stream("drain_bh", "BH", "env", "discharge", 7),
    stream("drain_p", "P", "env", "discharge", 60),
    stream("leak", "P", "env", "leakage", 5),
]
WORKS: Raw = {
    "units": UNITS,
    "streams": STREAMS,
    "tanks": [{"id": "T", "unit": "P", "change_m3": 2}],
}


def works(**changes: object) -> Ledger:
    return ledger(site_of_given({**WORKS, **changes}), "2023", TEN)


def columns(row: Row) -> list[Fraction]:
    return [row.columns[name] for name in COLUMNS]


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        # circulating, new, series in │ circulating out, consumed, discharged, leaked, series out
        pytest.param("P", [200, 100, 0, 195, 0, 60, 5, 30], id="unit_with_supply_and_return"),
        pytest.param("CT", [500 + 195, 0, 30, 500 + 200, 20, 0, 0, 8], id="circuit"),
        pytest.param("BH", [0, 0, 8, 0, 0, 7, 0, 0], id="boiler_house"),
        # 8 runs within W: used again, it counts on both sides.
        pytest.param("W", [695, 0, 30 + 8, 700, 20, 7, 0, 8], id="level_2_over_level_3"),
        # The return of 195 is not counted a second time beside the supply of 200.
        pytest.param(SITE, [700, 100, 38, 700, 20, 67, 5, 38], id="site"),
    ],
)
def test_ledger_books_every_column_by_hand(unit: str, expected: list[int]) -> None:
    assert columns(works().row(unit)) == expected


@pytest.mark.parametrize(
    ("unit", "residual"),
    [
        pytest.param("P", 300 - 290 - 2, id="storage_is_no_loss"),
        pytest.param("CT", 725 - 728, id="more_out_than_in"),
        pytest.param("BH", 8 - 7, id="boiler_house"),
        pytest.param("W", -3 + 1, id="sum_of_its_parts"),
        pytest.param(SITE, 8 - 2, id="sum_of_all"),
    ],
)
def test_ledger_keeps_residuals_apart(unit: str, residual: int) -> None:
    assert works().row(unit).residual == residual


@pytest.mark.parametrize(
    ("unit", "tolerance", "closes"),
    [
        pytest.param("P", 10, True, id="ten_percent_of_100"),
        pytest.param("CT", 3, True, id="residual_equal_to_tolerance_closes"),
        pytest.param("BH", Fraction(8, 10), False, id="one_of_eight"),
        pytest.param(SITE, Fraction(138, 10), True, id="circulation_left_aside"),
    ],
)
def test_ledger_takes_tolerance_from_throughput(unit: str, tolerance: Fraction, closes: bool) -> None:
    row = works().row(unit)

    assert (row.tolerance, row.closes) == (tolerance, closes)


def test_open_rows_are_those_beyond_tolerance() -> None:
    assert [row.unit for row in works().open_rows()] == ["BH"]


def test_unit_with_its_own_tolerance_uses_it() -> None:
    units = [{**unit, "tolerance_percent": 13} if unit["id"] == "BH" else unit for unit in UNITS]

    row = works(units=units).row("BH")

    assert (row.tolerance, row.closes) == (Fraction(104, 100), True)


def test_unit_with_zero_tolerance_must_close_exactly() -> None:
    units = [{**unit, "tolerance_percent": 0} for unit in UNITS]

    assert {row.unit for row in works(units=units).open_rows()} == {"P", "W", "CT", "BH"}


def test_missing_volume_leaves_its_units_untold_and_others_told() -> None:
    streams = [{**row, "volume_m3": {2022: 8}} if row["id"] == "series_2" else row for row in STREAMS]

    book = works(streams=streams)

    assert {row.unit: row.closes for row in book.rows} == {
        SITE: None,
        "P": True,
        "W": None,
        "CT": None,
        "BH": None,
    }
    assert book.row("W").missing == ("series_2",)


def test_missing_storage_change_leaves_the_tank_s_units_untold() -> None:
    book = works(tanks=[{"id": "T", "unit": "CT", "change_m3": {2022: 1}}])

    assert [row.unit for row in book.rows if row.residual is None] == [SITE, "W", "CT"]


def test_tank_never_told_takes_no_part() -> None:
    book = works(tanks=[{"id": "T", "unit": "P"}])

    assert book.row("P").residual == 10


def test_water_drawn_down_from_storage_counts_as_coming_in() -> None:
    book = works(tanks=[{"id": "T", "unit": "P", "change_m3": -4}])

    assert book.row("P").residual == 14


@pytest.mark.parametrize(
    ("kind", "column_out", "column_in"),
    [
        pytest.param("series", "series_out", "series_in", id="series"),
        pytest.param("reuse", "series_out", "series_in", id="reuse"),
        pytest.param("condensate", "series_out", "series_in", id="condensate"),
        pytest.param("distributed", "series_out", "new_in", id="distributed_is_new_water_of_its_unit"),
        pytest.param("collected", "discharged", "series_in", id="collected_has_been_drained"),
        pytest.param("circulating_process", "circulating_out", "circulating_in", id="circulating"),
        pytest.param("circulating_return", "circulating_out", "circulating_in", id="return"),
    ],
)
def test_internal_water_leaves_by_one_column_and_enters_by_another(
    kind: str, column_out: str, column_in: str
) -> None:
    book = ledger(site_of_given({"streams": [stream("s", "U", "V", kind, 5)]}), "2023", TEN)

    booked = {unit: [n for n in COLUMNS if book.row(unit).columns[n]] for unit in ("U", "V")}

    assert booked == {"U": [column_out], "V": [column_in]}


@pytest.mark.parametrize("kind", ["distributed", "collected", "circulating_return"])
def test_conveyed_water_is_nothing_to_the_site(kind: str) -> None:
    book = ledger(site_of_given({"streams": [stream("s", "U", "V", kind, 5)]}), "2023", TEN)

    assert columns(book.row(SITE)) == [0] * 8


def test_ledger_of_a_period_without_data_tells_nothing() -> None:
    book = ledger(site_of_given({"years": [2022, 2023], "surface": {2022: 5}}), "2023", TEN)

    assert book.row("U").closes is None
    assert book.row("V").closes is True
