"""A draft's answers as a site: judged by the rules, what is missing stays missing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from xunshui.assess import assess
from xunshui.register import FormInvalid, application_form, form_from
from xunshui.rules import Outcome
from xunshui.site import Site, SiteFileInvalid, read_site
from xunshui.site.filing import FiledDocument, answers_from_site, not_held, site_from_answers

FORM = application_form()
YEARS = (2021, 2022, 2023)
EXAMPLES = Path(__file__).parents[4] / "examples"


def site(answers: dict[str, Any], **more: Any) -> Site:
    return site_from_answers(FORM, answers, **({"site_id": "A", "kind": "enterprise", "years": YEARS} | more))


def ledger(**volumes: str) -> dict[str, dict[str, str]]:
    """Return a ledger in which everything but these volumes is zero, the same each year."""
    section = FORM.section("ledger")
    assert section is not None
    return {
        field.id: dict.fromkeys(map(str, YEARS), volumes.get(field.id, "0"))
        for field in section.fields
        if field.id in volumes or field.required
    }


def test_empty_answers_make_a_site_of_which_nothing_can_be_told() -> None:
    verdict = assess(site({})).verdict

    assert {gate.outcome for gate in verdict.gates} == {Outcome.CANNOT_TELL}
    assert {row.outcome for row in verdict.conditions} == {Outcome.CANNOT_TELL}


def test_reuse_rate_of_a_draft_is_that_of_its_ledger() -> None:
    answers = {"applicant": {"industry": "3120"}, "ledger": ledger(surface="20", circulating_indirect="980")}

    gate = assess(site(answers)).verdict.gates[0]

    assert (gate.value, gate.outcome) == (Fraction(98), Outcome.MET)


def test_a_kind_of_water_nobody_answered_keeps_the_gate_open() -> None:
    books = ledger(surface="20", circulating_indirect="980")
    del books["ground"]["2023"]

    gate = assess(site({"applicant": {"industry": "3120"}, "ledger": books})).verdict.gates[0]

    assert gate.outcome is Outcome.CANNOT_TELL
    assert "ground" in gate.reason


def test_water_not_for_production_counts_as_taken_but_not_as_new() -> None:
    books = ledger(surface="60", municipal_reclaimed="20", non_production="20", series="80")

    values = assess(site({"ledger": books})).indicators

    assert values["reuse_rate"].value == 50
    assert values["reclaimed_share"].value == 20


def test_figures_keep_the_digits_that_were_typed_and_slips_stay_missing() -> None:
    told = site({"ledger": {"surface": {"2021": "1 234.50", "2022": "约三万", "2023": "-1"}}})
    surface = next(row for row in told.streams if row.id == "surface")

    assert dict(surface.volume_m3) == {"2021": Decimal("1234.50")}


def test_a_half_typed_code_does_not_take_the_verdict_away() -> None:
    told = site({"applicant": {"credit_code": "9135", "industry": "钢"}, "base": {"query_date": "昨天"}})

    assert (told.credit_code, told.industry) == (None, None)


@pytest.mark.parametrize(
    ("codes", "outcome"),
    [
        pytest.param(["P01"], Outcome.MET, id="licence_attached"),
        pytest.param(["P09"], Outcome.CANNOT_TELL, id="another_document"),
        pytest.param([], Outcome.CANNOT_TELL, id="no_document"),
    ],
)
def test_a_statement_holds_with_its_proof_only(codes: list[str], outcome: Outcome) -> None:
    documents = [FiledDocument(id=code, code=code, title=code) for code in codes]

    verdict = assess(site({"base": {"legal_entity": True}}, documents=documents)).verdict

    assert verdict.conditions[0].outcome is outcome


def test_a_statement_that_is_denied_is_not_met() -> None:
    verdict = assess(site({"base": {"no_accident": False}})).verdict

    assert next(row for row in verdict.conditions if row.id == "R-BASE-3").outcome is Outcome.NOT_MET


def test_actual_beyond_plan_is_not_met() -> None:
    base = {
        "plan_m3": dict.fromkeys(map(str, YEARS), "100"),
        "actual_m3": {"2021": "90", "2022": "101", "2023": "90"},
    }

    verdict = assess(site({"base": base})).verdict

    assert next(row for row in verdict.conditions if row.id == "R-BASE-2").outcome is Outcome.NOT_MET


def test_declared_figure_is_held_against_the_ledger() -> None:
    answers = {"ledger": ledger(surface="20", series="80"), "indicators": {"reuse_rate": {"2023": "97.60"}}}

    problems = assess(site(answers)).problems

    assert [row.where for row in problems if row.code == "declared_differs"] == ["declared:reuse_rate"]


def test_mistake_is_placed_by_the_titles_of_the_form() -> None:
    answers = {"ledger": {"discharge": {"2023": "4"}, "discharge_compliant": {"2023": "5"}}}

    with pytest.raises(SiteFileInvalid, match="排水量 2023：达标水量 5 大于排水量 4"):
        site(answers)


def test_steel_example_with_its_documents_is_judged_as_its_own_file_is() -> None:
    own = read_site(EXAMPLES / "steel_pass.json")
    documents = [FiledDocument(id=row.id, code=row.code, title=row.title) for row in own.documents]

    told = assess(site(answers_from_site(FORM, own), documents=documents)).verdict

    assert [row.outcome for row in told.conditions] == [row.outcome for row in assess(own).verdict.conditions]
    assert [(row.outcome, row.value) for row in told.gates] == [
        (row.outcome, row.value) for row in assess(own).verdict.gates
    ]
    assert {mark.code for mark in told.gates[1].marks} == {
        mark.code for mark in assess(own).verdict.gates[1].marks
    }


def test_park_lines_hold_what_members_use_again() -> None:
    own = read_site(EXAMPLES / "park_invented.json")

    told = site(answers_from_site(FORM, own), kind="park")

    assert assess(told).indicators["park_reuse_rate"].value == assess(own).indicators["park_reuse_rate"].value
    assert any("园区成员" in sentence for sentence in not_held(FORM, own))


def test_part_years_are_told_as_not_held() -> None:
    own = read_site(EXAMPLES / "petrochemical_fail.json")

    assert "不是整年的时期没有带入" in not_held(FORM, own)


OTHER = """
id: other
title: 另一份申报书
notice: miit-2024-280
version: "2025-1"
official: true
valid_from: 2025-01-01
sections:
  - id: one
    title: 一张表
    fields:
      - {id: name, title: 名称}
      - {id: industry, title: 行业}
      - {id: fresh, title: 新水, type: decimal, per_year: true, water: %s, required: true}
      - {id: again, title: 循环水, type: decimal, per_year: true, water: circulating_indirect, required: true}
      - {id: note, title: 说明}
"""


def test_another_form_with_other_sections_is_judged_without_code(tmp_path: Path) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(OTHER % "surface", encoding="utf-8")
    years = dict.fromkeys(map(str, YEARS), "20")
    answers = {
        "one": {
            "industry": "3120",
            "fresh": years,
            "again": dict.fromkeys(map(str, YEARS), "980"),
            "note": "无",
        }
    }

    told = site_from_answers(form_from(file), answers, site_id="A", kind="enterprise", years=YEARS)

    assert assess(told).verdict.gates[0].value == 98
    assert answers_from_site(form_from(file), told)["one"]["again"] == answers["one"]["again"]


def test_a_form_with_an_unknown_kind_of_water_is_told(tmp_path: Path) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(OTHER % "snow", encoding="utf-8")

    with pytest.raises(FormInvalid, match="不认识水的类别“snow”"):
        site_from_answers(form_from(file), {}, site_id="A", kind="enterprise", years=YEARS)
