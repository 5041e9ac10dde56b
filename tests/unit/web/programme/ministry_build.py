"""Small builders for the tests of ministry and experts: who takes part, a round, a recommended case."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.test import Client

from xunshui.review.deadline import BEIJING
from xunshui.site.credit_code import check_character
from xunshui.web.accounts.models import Membership, Organisation, OrganisationKind, Part, Person
from xunshui.web.accounts.views import BACKEND
from xunshui.web.programme.models import (
    Application,
    Attachment,
    Expert,
    Partner,
    Round,
    RoundDeadline,
    Submission,
)
from xunshui.web.programme.models.application import FileState

THEN = dt.datetime(2024, 9, 1, tzinfo=BEIJING)
RUBRIC = [
    {"id": "effect", "title": "节水减排成效", "weight": 3, "note": ""},
    {"id": "spread", "title": "可复制推广性", "weight": 4, "note": ""},
]


def code(stem: str) -> str:
    """Return a credit code with its check character from 17 characters."""
    check = check_character(stem)
    assert check is not None, f"{stem} holds a character that no credit code has"
    return stem + check


APPLICANT_CODE = code("91130200MA0EXAMP1")
UNIVERSITY_CODE = code("12100000400000000")
PARTNER_CODE = code("91110108MA0PRTNR2")


def organisation(name: str, kind: OrganisationKind, **facts: Any) -> Organisation:
    """Return an organisation, the same for the same name."""
    return Organisation.objects.get_or_create(name=name, defaults={"kind": kind, **facts})[0]


def member(username: str, of: Organisation, name: str = "") -> Person:
    """Return a person who signs for an organisation."""
    person = Person.objects.create(username=username, name=name or username)
    Membership.objects.create(person=person, organisation=of, part=Part.SIGNATORY)
    return person


def client_of(person: Person) -> Client:
    """Return a client in which a person is logged in."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def ministry() -> Client:
    """Return the client of a ministry officer."""
    return client_of(member("officer", organisation("工业和信息化部", OrganisationKind.MINISTRY), "钱司员"))


def a_round(**facts: Any) -> Round:
    """Return a round in review with a rubric of weights 3 and 4."""
    told = {"title": "2024 年典型案例征集", "state": "reviewing", "rubric": RUBRIC, "experts_per_case": 1}
    versions = {"rule_version": "miit-2024-280+test", "form_version": "2024-derived-1"}
    round_ = Round.objects.create(year=2024, **(told | versions | facts))
    for level in ("filing", "recommending"):
        RoundDeadline.objects.create(round=round_, level=level, at=THEN)
    return round_


def applicant() -> Organisation:
    """Return the organisation that applies."""
    return organisation(
        "河北示例钢铁股份有限公司", OrganisationKind.ENTERPRISE, credit_code=APPLICANT_CODE, region="13"
    )


def partner() -> Organisation:
    """Return the provider that applies jointly."""
    return organisation("循膜装备科技有限公司", OrganisationKind.PROVIDER, credit_code=PARTNER_CODE)


ANSWERS: dict[str, Any] = {
    "applicant": {
        "name": "河北示例钢铁股份有限公司",
        "credit_code": APPLICANT_CODE,
        "legal_representative": "赵法人",
        "contact": "孙联络",
        "contact_phone": "13912345678",
        "address": "示例市示例路 1 号",
        "profile": "单位简介正文",
    },
    "base": {"permits": [{"number": "取水冀字2021第77号", "authority": "示例市水务局"}]},
    "narrative": {
        "background": "示例钢铁浓盐水难以回用，电话 13912345678 联系孙联络。",
        "practice": "循膜装备科技有限公司提供反渗透装置，三级浓缩。",
    },
}


def a_case(round_: Round, number: str = "2024-0001", **facts: Any) -> Application:
    """Return a case that the province of Hebei has recommended, with its sealed version and one document."""
    told: dict[str, Any] = {
        "applicant": applicant(),
        "body": "13",
        "case_name": f"示例钢铁浓盐水分级回用 {number}",
        "direction": "D1",
        "kind": "enterprise",
        "industry": "3120",
        "state": "recommended",
        "created_at": THEN,
        "committed_at": THEN,
        "submitted_at": THEN,
        "recommended_at": THEN,
        "opinion": "情况属实，同意推荐",
        "rank": 1,
    }
    case = Application.objects.create(round=round_, number=number, **(told | facts))
    Submission.objects.create(
        application=case,
        no=1,
        at=THEN,
        by="赵法人",
        answers=ANSWERS,
        assessment=_assessment(),
        form_version="2024-derived-1",
        rule_version="miit-2024-280+test",
        digest="sha256:0000",
    )
    Partner.objects.create(application=case, organisation=partner(), role="装备供应", confirmed_at=THEN)
    Attachment.objects.create(
        application=case,
        code="P05",
        title="水平衡测试报告",
        issuer="河北示例钢铁股份有限公司",
        file="attachments/none.pdf",
        file_name="示例钢铁水平衡报告终稿.pdf",
        content_type="application/pdf",
        size=1,
        digest="sha256:1",
        state=FileState.CLEAN,
        uploaded_at=THEN,
        uploaded_by="赵法人",
    )
    return case


def an_expert(username: str, name: str, **facts: Any) -> Expert:
    """Return an expert of the pool."""
    pool = organisation("评审专家库", OrganisationKind.EXPERT_POOL)
    person = member(username, pool, name)
    return Expert.objects.create(
        person=person, **({"employer": "某大学", "employer_code": UNIVERSITY_CODE} | facts)
    )


def _assessment() -> dict[str, Any]:
    gate = {
        "title": "工业用水重复利用率",
        "outcome": "met",
        "reason": "河北示例钢铁股份有限公司 2023 年 97.6 % > 97 %",
        "clause": "二（二）3（1）",
        "marks": [],
    }
    return {
        "site": {"id": "2024-0001", "name": "河北示例钢铁股份有限公司"},
        "period": "2023",
        "rules": {"version": "miit-2024-280+test"},
        "eligible": "met",
        "gates": [gate],
        "conditions": [],
        "indicators": {"reuse_rate": {"title": "重复利用率", "value": 97.6, "unit": "%", "formula": "R"}},
        "problems": [],
    }
