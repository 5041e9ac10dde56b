"""Forms as dated rows: whole, with versions of their own, and exchangeable by another file."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

import xunshui
from xunshui.register import (
    FormInvalid,
    application_form,
    attachment_kinds,
    bodies,
    directions,
    form_from,
    recommendation_form,
    register,
)
from xunshui.site.kinds import KINDS, Group, WaterKind

ROWS = Path(xunshui.__file__).parent / "register" / "rows"
OWN = """
id: other
title: 另一份申报书
notice: miit-2024-280
version: "2025-1"
official: true
valid_from: 2025-01-01
sections:
  - {id: all, title: 全部, fields: [{id: name, title: 名称, required: true}]}
"""


def test_forms_are_not_part_of_the_rule_version() -> None:
    digest = hashlib.sha256()
    for file in sorted(row for row in ROWS.iterdir() if row.is_file()):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())

    assert register().version == f"miit-2024-280+{digest.hexdigest()[:12]}"


def test_form_version_names_its_date_and_its_very_rows() -> None:
    content = (ROWS / "forms" / "miit-2024-280-application.yaml").read_bytes()

    assert application_form().version == f"2024-derived-1+{hashlib.sha256(content).hexdigest()[:12]}"


def test_derived_forms_say_that_they_are_not_official() -> None:
    assert [form.official for form in (application_form(), recommendation_form())] == [False, False]


def test_ledger_asks_for_every_kind_of_water_that_a_gate_may_rest_on() -> None:
    fields = [field for field in application_form().sections if field.id == "ledger"][0].fields
    asked = {field.water for field in fields if field.required and field.per_year}
    counted = {
        kind
        for kind, facts in KINDS.items()
        if facts.group in (Group.CONVENTIONAL, Group.NON_CONVENTIONAL, Group.CIRCULATING, Group.REUSED)
    }

    assert counted | {WaterKind.SUPPLIED_OUTSIDE, WaterKind.DISCHARGE} == asked


def test_thirty_seven_bodies_stand_on_tiles_of_their_own() -> None:
    rows = bodies()
    tiles = Counter((body.column, body.row) for body in rows)

    assert len(rows) == len({body.code for body in rows}) == 37
    assert sum(len(body.code) == 4 for body in rows) == 5
    assert max(tiles.values()) == 1


def test_directions_are_the_five_of_the_notice() -> None:
    assert [(row.id, row.clause) for row in directions()] == [
        ("D1", "一（一）"),
        ("D2", "一（二）"),
        ("D3", "一（三）"),
        ("D4", "一（四）"),
        ("D5", "一（五）"),
    ]


def test_proof_documents_bear_out_fields_that_exist() -> None:
    form = application_form()
    places = {f"{section.id}.{field.id}" for section in form.sections for field in section.fields}
    by_record = {"cover.fast_track", "applicant.partners"}

    rows = attachment_kinds()

    assert [row.code for row in rows] == [f"P{number:02}" for number in range(1, 21)]
    assert {place for row in rows for place in row.supports} - places <= by_record


@pytest.mark.parametrize(
    ("code", "facts", "needed"),
    [
        pytest.param("P01", {}, True, id="licence_always"),
        pytest.param("P15", {"direction": "D2"}, True, id="reclaimed_contract_for_D2"),
        pytest.param("P15", {"direction": "D1"}, False, id="no_reclaimed_contract_for_D1"),
        pytest.param("P19", {"fast_track": True}, True, id="pilot_result_for_fast_track"),
        pytest.param("P20", {"joint": False}, False, id="no_agreement_alone"),
    ],
)
def test_proof_is_required_when_its_row_says_so(code: str, facts: dict[str, object], needed: bool) -> None:
    kind = next(row for row in attachment_kinds() if row.code == code)
    case = {"kind": "enterprise", "direction": "D1", "fast_track": False, "joint": False} | facts

    assert kind.is_required(**case) is needed  # type: ignore[arg-type]


def test_form_from_reads_an_authoritys_own_form(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(OWN, encoding="utf-8")

    form = form_from(file)

    assert (form.official, form.sections[0].fields[0].title) == (True, "名称")
    assert form.version.startswith("2025-1+")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("{", "不是 YAML", id="no_yaml"),
        pytest.param(OWN.replace("title: 名称", "titel: 名称"), "titel", id="misspelt_key"),
        pytest.param(
            OWN.replace("title: 名称", "title: 名称, type: choice"), "须有选项", id="nothing_to_choose"
        ),
        pytest.param(
            OWN.replace("title: 名称", "title: 名称, type: table"), "须有列", id="table_without_columns"
        ),
        pytest.param(
            OWN.replace("required: true}", "required: true}, {id: name, title: 又一个}"),
            "重复",
            id="same_id_twice",
        ),
    ],
)
def test_form_from_refuses_with_the_place(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(FormInvalid, match=told):
        form_from(file)


def test_form_from_tells_that_a_file_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FormInvalid, match="打不开 own.yaml"):
        form_from(tmp_path / "own.yaml")
