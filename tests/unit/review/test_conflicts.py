"""Conflicts of interest: each reason with the facts it rests on, to the day, and an unknown identity is one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.review.conflicts import (
    Case,
    ExpertParty,
    FormerEmployer,
    Party,
    Reason,
    conflicts,
    years_before,
)

ON = dt.date(2024, 10, 8)
THREE_YEARS_AGO = dt.date(2021, 10, 8)
DAY = dt.timedelta(days=1)
MILL, PROVIDER, GROUP, OTHER = "MILL", "PROVIDER", "GROUP", "OTHER"

CASE = Case(
    number="2024-13-001",
    parties=(
        Party(name="示例厂", credit_code=MILL, group_code=GROUP),
        Party(name="示例环保", credit_code=PROVIDER, is_provider=True),
    ),
    body="13",
    body_name="河北省",
)
EXPERT = ExpertParty(name="甲", employer="示例院", credit_code=OTHER, province="11")


def found(case: Case = CASE, **changes: Any) -> list[tuple[str, str]]:
    return [(row.reason, row.party) for row in conflicts(replace(EXPERT, **changes), case, on=ON)]


def left(code: str, until: dt.date | None) -> tuple[FormerEmployer, ...]:
    return (FormerEmployer(name="旧单位", credit_code=code, until=until),)


def test_expert_with_nothing_in_common_has_no_conflict() -> None:
    assert found() == []
    assert found(former=left(OTHER, None), declared=(OTHER,), group_code="ELSEWHERE") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"credit_code": MILL}, [(Reason.SAME_ORGANISATION, "示例厂")], id="same_credit_code"),
        pytest.param({"credit_code": PROVIDER}, [(Reason.PROVIDER, "示例环保")], id="works_for_the_provider"),
        pytest.param({"group_code": GROUP}, [(Reason.SAME_GROUP, "示例厂")], id="same_group"),
        pytest.param({"credit_code": GROUP}, [(Reason.SAME_GROUP, "示例厂")], id="works_for_the_head"),
        pytest.param({"group_code": MILL}, [(Reason.SAME_GROUP, "示例厂")], id="applicant_is_the_head"),
        pytest.param({"province": "13"}, [(Reason.SAME_PROVINCE, "河北省")], id="same_province"),
        pytest.param({"declared": (PROVIDER,)}, [(Reason.DECLARED, "示例环保")], id="declared"),
        pytest.param(
            {"former": left(MILL, THREE_YEARS_AGO)},
            [(Reason.FORMER_EMPLOYER, "示例厂")],
            id="left_three_years_ago_to_the_day",
        ),
        pytest.param({"former": left(MILL, THREE_YEARS_AGO - DAY)}, [], id="left_a_day_earlier"),
        pytest.param(
            {"former": left(MILL, None)}, [(Reason.FORMER_EMPLOYER, "示例厂")], id="day_of_leaving_unknown"
        ),
        pytest.param(
            {"former": left(GROUP, ON)}, [(Reason.FORMER_EMPLOYER, "示例厂")], id="worked_for_the_head"
        ),
        pytest.param({"credit_code": ""}, [(Reason.UNRESOLVED, "甲")], id="employer_without_code"),
        pytest.param({"former": left("", ON)}, [(Reason.UNRESOLVED, "甲")], id="former_without_code"),
        pytest.param({"former": left("", THREE_YEARS_AGO - DAY)}, [], id="former_without_code_long_ago"),
    ],
)
def test_conflict_is_told_with_its_reason_and_party(
    changes: dict[str, Any], expected: list[tuple[Reason, str]]
) -> None:
    assert found(**changes) == expected


def test_every_reason_has_a_case_and_is_told_at_once() -> None:
    case = replace(CASE, parties=(*CASE.parties, Party(name="无码厂", credit_code="")))
    everything = found(
        case,
        credit_code=PROVIDER,
        group_code=GROUP,
        province="13",
        declared=(MILL,),
        former=left(MILL, ON),
    )

    assert everything == [
        (Reason.SAME_GROUP, "示例厂"),
        (Reason.FORMER_EMPLOYER, "示例厂"),
        (Reason.DECLARED, "示例厂"),
        (Reason.PROVIDER, "示例环保"),
        (Reason.UNRESOLVED, "无码厂"),
        (Reason.SAME_PROVINCE, "河北省"),
    ]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"credit_code": MILL}, "甲任职的“示例院”就是本案单位"),
        ({"credit_code": PROVIDER}, "甲任职的“示例院”就是本案服务商"),
        ({"group_code": GROUP}, "“示例院”与“示例厂”同属一个集团"),
        (
            {"former": left(MILL, dt.date(2023, 5, 1))},
            "甲曾任职于“旧单位”（2023-05-01 离任，2021-10-08 起算三年内）",
        ),
        ({"former": left(MILL, None)}, "甲曾任职于“旧单位”（离任日期未填，2021-10-08 起算三年内）"),
        ({"province": "13"}, "甲所在地就是推荐单位所在的河北省"),
        ({"declared": (MILL,)}, "甲已申明回避“示例厂”"),
    ],
    ids=["organisation", "provider", "group", "former", "former_without_day", "province", "declared"],
)
def test_conflict_is_told_in_a_sentence_with_its_facts(changes: dict[str, Any], text: str) -> None:
    assert [row.text for row in conflicts(replace(EXPERT, **changes), CASE, on=ON)] == [text]


def test_empty_codes_are_not_equal_codes() -> None:
    nameless = Case(number="1", parties=(Party(name="厂", credit_code=MILL, group_code=""),), body="")

    assert found(nameless, group_code="", province="") == []


@pytest.mark.parametrize(
    ("day", "earlier"),
    [
        pytest.param(dt.date(2024, 2, 29), dt.date(2021, 2, 28), id="leap_day"),
        pytest.param(dt.date(2027, 2, 28), dt.date(2024, 2, 28), id="back_into_a_leap_year"),
        pytest.param(dt.date(2024, 10, 8), dt.date(2021, 10, 8), id="common_day"),
    ],
)
def test_three_years_earlier_is_the_same_day(day: dt.date, earlier: dt.date) -> None:
    assert years_before(day, 3) == earlier


@given(st.integers(0, 2000))
def test_former_employer_counts_from_the_boundary_on(days: int) -> None:
    until = ON - days * DAY

    assert bool(found(former=left(MILL, until))) is (until >= THREE_YEARS_AGO)
