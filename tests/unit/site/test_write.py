"""A site written as JSON reads back the same, to the digit."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from tests.spec.given import Raw, site_of_given, stream

from xunshui.site import Site, read_site, site_as_json, site_from_json, site_schema, write_site
from xunshui.site.columns import attributes

FULL: Raw = {
    "kind": "park",
    "credit_code": "91350100M000100Y43",
    "province": "河北省",
    "park_level": "provincial",
    "longitude": "118.1802",
    "units": [
        {"id": "U", "name": "一", "level": 1, "x": "-1.5"},
        {"id": "V", "name": "二", "parent": "U", "tolerance_percent": "2.50"},
    ],
    "surface": {2021: 0, 2023: "1234567890123456789.10"},
    "discharge": 3,
    "meters": [{"id": "FM", "trust": "low", "calibrated_on": "2023-02-28"}],
    "streams": [stream("r", "V", "V", "reuse", 0.1, meters=["FM"], production=False)],
    "products": [{"id": "P", "unit": "万t", "main": False, "output": 1}],
    "tanks": [{"id": "T", "unit": "V", "change_m3": -2}],
    "qualities": [{"at": "r", "parameter": "w01018", "value": "12.30", "period": "2023"}],
    "energy": [{"carrier": "电", "amount": 5, "measure": "kWh", "period": "2023"}],
    "documents": {"D": "P01"},
    "declarations": {"park_management": {"holds": False, "documents": ["D"]}, "not_listed": {}},
    "permits": [{"number": "1", "valid_to": "2025-01-01"}],
    "declared": [{"indicator": "park_reuse_rate", "period": "2023", "value": "98.10"}],
    "assumptions": [{"at": "streams", "text": "示例"}],
    "members": [{"id": "M", "ground": 7}],
    "value_added": {2023: "10.0"},
}


@pytest.mark.parametrize("given", [FULL, {}], ids=["every_table", "empty"])
def test_site_reads_back_from_its_json(given: Raw) -> None:
    site = site_of_given(given)

    assert site_from_json(site_as_json(site)) == site


@pytest.mark.parametrize(
    "digits", ["98.10", "98.0", "98", "0.1", "1E+3", "1234567890123456789.10", "0.30000000000000004", "1e-7"]
)
def test_json_keeps_the_digits_of_a_declared_value(digits: str) -> None:
    site = site_of_given({"declared": [{"indicator": "wue", "period": "2023", "value": digits}]})

    again = site_from_json(site_as_json(site))

    assert str(again.declared[0].value) == str(Decimal(digits))


def test_json_leaves_out_what_is_unset_and_keeps_what_is_required() -> None:
    site = site_of_given({"years": [2023], "units": [{"id": "U", "name": ""}]})

    assert json.loads(site_as_json(site)) == {
        "id": "site",
        "name": "示例",
        "kind": "enterprise",
        "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}],
        "units": [{"id": "U", "name": ""}],
        "streams": [],
    }


def test_site_file_is_written_and_read(tmp_path: Path) -> None:
    site, file = site_of_given(FULL), tmp_path / "园区.json"

    write_site(site, file)

    assert read_site(file) == site


def test_volume_left_out_stays_missing() -> None:
    site = site_from_json(site_as_json(site_of_given(FULL)))

    assert site.streams[0].volume_m3 == {"2021": 0, "2023": Decimal("1234567890123456789.10")}


def test_schema_requires_what_the_model_requires() -> None:
    required = set(site_schema()["$defs"]["Site"]["required"])

    assert required == {row.key for row in attributes(Site) if row.required}


def test_empty_text_that_is_not_the_default_is_written() -> None:
    # pH has no unit; without the empty text it would read back in mg/L.
    quality = {"at": "s", "parameter": "w01001", "value": "7.1", "unit": ""}
    site = site_of_given({"streams": [stream("s", "env", "U", "surface", 1)], "qualities": [quality]})

    again = site_from_json(site_as_json(site))

    assert again.qualities[0].unit == ""
