"""Experts and cases as parties: every kind of conflict shows through the records that it comes from."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.unit.web.programme.ministry_build import (
    APPLICANT_CODE,
    PARTNER_CODE,
    a_case,
    a_round,
    an_expert,
    applicant,
    code,
)

from xunshui.review.conflicts import Reason
from xunshui.web.programme.assign import conflicts_of

pytestmark = [pytest.mark.records, pytest.mark.django_db]
ON = dt.date(2024, 10, 1)
GROUP = code("91110000MA0GR0UP7")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param({}, [], id="none"),
        pytest.param({"employer_code": APPLICANT_CODE}, [Reason.SAME_ORGANISATION], id="employer"),
        pytest.param({"employer_code": PARTNER_CODE}, [Reason.PROVIDER], id="provider_of_the_case"),
        pytest.param({"group_code": GROUP}, [Reason.SAME_GROUP], id="group"),
        pytest.param({"province": "13"}, [Reason.SAME_PROVINCE], id="province_of_the_recommender"),
        pytest.param({"declared": [PARTNER_CODE]}, [Reason.DECLARED], id="declared"),
        pytest.param(
            {"past_employers": [{"code": APPLICANT_CODE, "until": "2021-10-01", "name": "示例"}]},
            [Reason.FORMER_EMPLOYER],
            id="left_three_years_ago_to_the_day",
        ),
        pytest.param(
            {"past_employers": [{"code": APPLICANT_CODE, "until": "2021-09-30", "name": "示例"}]},
            [],
            id="left_a_day_earlier",
        ),
        pytest.param({"employer_code": ""}, [Reason.UNRESOLVED], id="employer_without_code"),
    ],
)
def test_conflicts_come_from_the_records(entry: dict[str, Any], expected: list[Reason]) -> None:
    organisation = applicant()
    organisation.group_code = GROUP
    organisation.save()
    case = a_case(a_round())
    expert = an_expert("zhou", "周专家", **entry)

    found = conflicts_of(expert, case, on=ON)

    assert [row.reason for row in found] == expected
