"""Answers are checked against their form: every mistake, each with its place."""

from __future__ import annotations

from typing import Any

import pytest

from xunshui.register import application_form
from xunshui.site.filing import AnswerMistake, check_answers, missing_required

FORM = application_form()
YEARS = (2021, 2022, 2023)


def mistakes(answers: dict[str, Any], *, kind: str = "enterprise") -> list[str]:
    return [str(row) for row in check_answers(FORM, answers, kind=kind, years=YEARS, draft=True)]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        pytest.param(
            {"applicant": {"staff": "一百"}},
            "职工人数：“一百”不是数字；可填：数字，如 1234.5",
            id="not_a_number",
        ),
        pytest.param(
            {"applicant": {"staff": "1.5"}}, "职工人数：“1.5”不是整数；可填：整数，如 120", id="not_whole"
        ),
        pytest.param(
            {"ledger": {"surface": {"2023": "-3"}}},
            "地表水 2023 年：“-3”不能小于 0；可填：0 或正数",
            id="negative",
        ),
        pytest.param(
            {"ledger": {"surface": {"2019": "3"}}},
            "地表水：不填“2019”年；可填：2021、2022、2023",
            id="year_not_asked",
        ),
        pytest.param(
            {"ledger": {"surface": "3"}}, "地表水：应按年份填写；可填：2021、2022、2023", id="no_years"
        ),
        pytest.param(
            {"project": {"started_on": "20220630"}},
            "开工日期：“20220630”不是日期；可填：如 2023-12-31",
            id="no_date",
        ),
        pytest.param(
            {"project": {"started_on": "2023-02-30"}},
            "开工日期：“2023-02-30”不是日期；可填：如 2023-12-31",
            id="no_such_day",
        ),
        pytest.param(
            {"base": {"legal_entity": "是"}},
            "具有独立法人资格：“是”应为是或否；可填：是、否",
            id="no_yes_or_no",
        ),
        pytest.param(
            {"narrative": {"innovation": "新" * 801}},
            "创新点：801 字，超过 800 字；可填：不超过 800 字",
            id="long",
        ),
        pytest.param(
            {"applicant": {"name": "甲\x0b"}}, "单位名称：含有控制字符；可填：删去后重填", id="control"
        ),
        pytest.param(
            {"applicant": {"credit_code": "91350100M000100Y44"}},
            "统一社会信用代码：“91350100M000100Y44”的校验位不符；可填：末位应为 3，请核对前 17 位",
            id="check_digit",
        ),
        pytest.param(
            {"applicant": {"industry": "钢铁"}},
            "行业代码：“钢铁”不是行业代码；可填：GB/T 4754 的 2–4 位数字，如 3120",
            id="industry",
        ),
        pytest.param(
            {"base": {"permits": [{"number": "1"}, {"number": "2", "valid_to": "长期"}]}},
            "取水许可或其他合法手续·有效期至 第 2 行：“长期”不是日期；可填：如 2023-12-31",
            id="cell_of_a_row",
        ),
        pytest.param(
            {"production": {"products": [{"name": "钢", "unit": "t", "output": {"2022": "x"}}]}},
            "主要产品·产量 第 1 行 2022 年：“x”不是数字；可填：数字，如 1234.5",
            id="year_of_a_cell",
        ),
        pytest.param(
            {"ledger": {"discharge": {"2023": "4"}, "discharge_compliant": {"2023": "5"}}},
            "其中达标排水量 2023 年：达标水量 5 大于排水量 4；可填：0–4",
            id="more_complied_than_discharged",
        ),
    ],
)
def test_malformed_answer_is_told_with_place_and_remedy(answers: dict[str, Any], told: str) -> None:
    assert mistakes(answers) == [told]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        pytest.param({"nonsense": {}}, "表样里没有这一节", id="section"),
        pytest.param({"applicant": {"nonsense": "1"}}, "表样里没有这一栏", id="field"),
        pytest.param({"base": {"permits": [{"nonsense": "1"}]}}, "没有“nonsense”这一列", id="column"),
        pytest.param({"base": {"permits": "1"}}, "应为最多 200 行的表", id="no_table"),
        pytest.param({"base": ["1"]}, "应为一组栏目", id="no_section"),
    ],
)
def test_what_the_form_does_not_have_is_refused(answers: dict[str, Any], told: str) -> None:
    (mistake,) = mistakes(answers)

    assert told in mistake


def test_all_mistakes_are_told_at_once() -> None:
    answers = {"applicant": {"staff": "x"}, "project": {"started_on": "x"}, "base": {"legal_entity": "x"}}

    assert len(mistakes(answers)) == 3


def test_empty_draft_has_no_mistake_but_lacks_everything_required() -> None:
    required = {
        (section.id, field.id)
        for section in FORM.sections_for("enterprise")
        for field in section.fields
        if field.required
    }

    assert mistakes({}) == []
    assert {
        (row.section, row.field) for row in missing_required(FORM, {}, kind="enterprise", years=YEARS)
    } == required


def test_one_year_left_out_is_missing_for_that_year() -> None:
    answers = {"ledger": {"surface": {"2021": "1", "2023": "0"}}}

    found = [
        row
        for row in missing_required(FORM, answers, kind="enterprise", years=YEARS)
        if row.field == "surface"
    ]

    assert [(row.year, row.accepted) for row in found] == [("2022", "没有此类水量填 0")]


@pytest.mark.parametrize(("kind", "asked"), [("park", True), ("enterprise", False)])
def test_a_section_is_asked_of_its_kinds_only(kind: str, asked: bool) -> None:
    found = check_answers(FORM, {}, kind=kind, years=YEARS)

    assert any(row.section == "park" for row in found) is asked


def test_mistake_in_a_table_names_row_and_column() -> None:
    answers = {"base": {"permits": [{"number": "1", "valid_to": "x"}]}}

    (found,) = check_answers(FORM, answers, kind="enterprise", years=YEARS, draft=True)

    assert isinstance(found, AnswerMistake)
    assert (found.section, found.field, found.row, found.column) == ("base", "permits", 0, "valid_to")
