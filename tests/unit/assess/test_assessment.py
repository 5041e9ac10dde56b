"""One call from a site to its assessment, and its form as JSON."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from tests.spec.given import Raw, site_of_given

import xunshui as xs
from xunshui.assess import as_json, assess, assess_many, assessment_schema
from xunshui.assess.as_json import AssessmentForm
from xunshui.rules import UnknownReading

STEEL: Raw = {"industry": "3120", "surface": 3, "circulating_indirect": 97}


def test_assessment_holds_every_period() -> None:
    assessment = assess(site_of_given({**STEEL, "years": [2022, 2023, 2024]}))

    assert list(assessment.values) == ["2022", "2023", "2024"]
    assert list(assessment.ledgers) == ["2022", "2023", "2024"]
    assert assessment.period == "2023"


def test_assessment_without_the_deciding_year_names_it() -> None:
    assessment = assess(site_of_given({**STEEL, "years": [2022]}))

    assert (assessment.period, assessment.indicators) == ("2023", {})


def test_assess_refuses_an_unknown_reading() -> None:
    with pytest.raises(UnknownReading):
        assess(site_of_given(STEEL), readings={"wue_water": "none"})


def test_package_and_room_are_called_alike() -> None:
    site = site_of_given(STEEL)

    assert xs.assess(site).verdict.eligible is assess(site).verdict.eligible


def test_package_tells_of_a_name_it_does_not_have() -> None:
    with pytest.raises(AttributeError, match="no attribute 'asess'"):
        _ = xs.asess


@pytest.mark.parametrize(
    "given",
    [
        STEEL,
        {"kind": "park", "surface": 1, "members": [{"id": "M"}]},
        {"kind": "data_centre", "surface": 1},
        {},
    ],
    ids=["steel", "park", "data_centre", "empty"],
)
def test_json_form_fits_its_schema_and_is_plain(given: Raw) -> None:
    form = as_json(assess(site_of_given(given)))

    assert TypeAdapter(AssessmentForm).validate_python(json.loads(json.dumps(form))) == form


def test_json_form_keeps_what_was_compared_exactly() -> None:
    gate = as_json(assess(site_of_given({**STEEL, "surface": 4})))["gates"][0]

    # 97 ÷ (4 + 97)
    assert (gate["exact"], gate["threshold"], gate["operator"]) == ("9700/101", 97.0, ">")


def test_json_form_tells_readings_and_departures() -> None:
    rules = as_json(assess(site_of_given(STEEL), readings={"deciding_year": "every"}))["rules"]

    assert (rules["readings"]["deciding_year"], rules["departures"]) == ("every", ["deciding_year"])


def test_schema_names_every_part() -> None:
    assert set(assessment_schema()["required"]) == AssessmentForm.__required_keys__


def test_many_files_come_back_in_order_with_their_mistakes(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.json" for number in range(20)]
    for number, file in enumerate(files):
        xs.write_site(site_of_given({**STEEL, "id": f"s{number}"}), file)
    files[7].write_text("{", encoding="utf-8")
    done: list[int] = []

    with ThreadPoolExecutor(2) as executor:
        told = assess_many(
            files,
            executor,
            lambda outcome: outcome.assessment.site.id if outcome.assessment else outcome.mistakes[:6],
            told=done.append,
        )
        shapes = list(told)

    assert shapes == [f"s{number}" if number != 7 else "7.json" for number in range(20)]
    assert sum(done) == 20
