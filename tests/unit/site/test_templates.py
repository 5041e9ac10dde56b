"""Every template reads, closes by hand in every unit and year, and says that its figures are examples."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest

from xunshui.site import Site, site_as_json, site_from_json
from xunshui.site import templates as shelf
from xunshui.site.templates import TITLES, UnknownTemplate, names, template

FULL_YEARS = (2021, 2022, 2023)
INTAKE = {
    "surface",
    "ground",
    "public_supply",
    "purchased_treated",
    "purchased_hot_water",
    "municipal_reclaimed",
    "other_reclaimed",
}


def open_units(site: Site, period: str) -> dict[str, Fraction]:
    """Return what came in less what went out, for every unit where the two differ."""
    residual: dict[str, Fraction] = defaultdict(Fraction)
    for stream in site.streams:
        volume = Fraction(stream.volume_m3[period])
        residual[stream.target] += volume
        residual[stream.source] -= volume
    return {unit.id: residual[unit.id] for unit in site.units if residual[unit.id]}


def volume(site: Site, period: str, *kinds: str, source: str = "", target: str = "") -> Fraction:
    """Return the sum of the streams of these kinds, between these ends where they are named."""
    return sum(
        (
            Fraction(stream.volume_m3[period])
            for stream in site.streams
            if stream.kind in kinds
            and stream.source == (source or stream.source)
            and stream.target == (target or stream.target)
        ),
        Fraction(0),
    )


def test_names_are_the_files_of_the_folder() -> None:
    folder = Path(shelf.__file__).parent

    assert sorted(names()) == sorted(path.stem for path in folder.glob("*.json"))


def test_template_of_unknown_name_says_which_exist() -> None:
    with pytest.raises(UnknownTemplate) as told:
        template("cement")

    assert told.value.accepted == names()
    assert all(name in str(told.value) for name in names())


@pytest.mark.parametrize("name", names())
def test_template_is_written_as_the_site_writes_itself(name: str) -> None:
    text = (Path(shelf.__file__).parent / f"{name}.json").read_text(encoding="utf-8")

    assert text == site_as_json(template(name)) + "\n"
    assert site_from_json(text) == template(name)


@pytest.mark.parametrize("name", names())
def test_template_closes_in_every_unit_and_year(name: str) -> None:
    site = template(name)

    for year in FULL_YEARS:
        period = site.year(year)
        assert period is not None
        assert [open_units(each, period.id) for each in (site, *site.members)] == [
            {} for _ in (site, *site.members)
        ]


@pytest.mark.parametrize("name", names())
def test_template_says_that_it_is_an_example(name: str) -> None:
    site = template(name)

    assert "示例" in site.name
    assert "示例值" in site.assumptions[0].text
    assert site.credit_code is None
    assert TITLES[name]


@pytest.mark.parametrize("name", names())
def test_template_meters_every_intake_and_has_units_below_the_first_level(name: str) -> None:
    site = template(name)

    assert [stream.id for stream in site.streams if stream.source == "env" and not stream.meters] == []
    assert {unit.level for unit in site.units} == ({1} if name == "park" else {2, 3})
    assert {meter.level for meter in site.meters} == ({1} if name == "park" else {1, 2, 3})
    assert all(meter.accuracy_class for meter in site.meters)


@pytest.mark.parametrize("name", [name for name in names() if name != "park"])
def test_template_has_one_main_product_with_its_quota_key_and_three_outputs(name: str) -> None:
    (product,) = template(name).products

    assert product.main
    assert product.quota_key
    assert set(product.output) == {"2021", "2022", "2023"}


@pytest.mark.parametrize("name", names())
def test_template_backs_every_statement_with_a_document(name: str) -> None:
    site = template(name)

    codes = {document.id: document.code for document in site.documents}
    proof = {str(row.statement): [codes[each] for each in row.documents] for row in site.declarations}
    assert proof == {
        "park_management" if name == "park" else "legal_entity": ["P01"],
        "no_over_plan": ["P03"],
        "no_accident": ["P09"],
        "not_listed": ["P08"],
    }
    assert [codes[row.document or ""] for row in site.permits] == ["P02"]


@pytest.mark.parametrize("year", ["2021", "2022", "2023"])
def test_park_hands_its_members_what_they_take_in_and_takes_what_they_send(year: str) -> None:
    park = template("park")

    for member in park.members:
        given = volume(park, year, "distributed", "reuse", "series", target=member.id)
        sent = volume(park, year, "collected", "series", source=member.id)
        assert volume(member, year, *INTAKE) == given
        assert volume(member, year, "discharge", "supplied_outside") == sent
