"""Who asks: one person for each role and relation, with a name for the page and one for the table."""

from __future__ import annotations

from dataclasses import dataclass

from tests.unit.web.programme.ministry_build import APPLICANT_CODE, PARTNER_CODE, code, member, organisation

from xunshui.web.accounts.models import Organisation, OrganisationKind, Person
from xunshui.web.programme.models import Expert

Kind = OrganisationKind
VISITOR = "visitor"
TITLES = {
    VISITOR: "未登录",
    "nobody": "无单位",
    "owner": "申报单位：本单位",
    "other_applicant": "申报单位：别家",
    "invited": "联合申报：已邀请",
    "confirmed": "联合申报：已确认",
    "province": "推荐单位：本地区",
    "other_province": "推荐单位：别地区",
    "city": "市级部门",
    "endorser": "协会：已推荐",
    "association": "协会：未推荐",
    "ministry": "部",
    "assigned": "专家：已分配",
    "unassigned": "专家：未分配",
    "recused": "专家：已回避",
    "retired": "专家：已出库",
}
EXPERTS = ("assigned", "unassigned", "recused", "retired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everyone who asks, and the organisations they ask for."""

    people: dict[str, Person]
    organisations: dict[str, Organisation]
    experts: dict[str, Expert]


def make_cast() -> Cast:
    """Make everyone but the visitor."""
    organisations = {
        "owner": organisation("示例钢铁", Kind.ENTERPRISE, credit_code=APPLICANT_CODE, region="13"),
        "other_applicant": organisation(
            "示例化工", Kind.ENTERPRISE, credit_code=code("91130200MA0EXAMP2"), region="13"
        ),
        "invited": organisation("示例膜业", Kind.PROVIDER, credit_code=code("91110108MA0PRTNR3")),
        "confirmed": organisation("示例装备", Kind.PROVIDER, credit_code=PARTNER_CODE),
        "province": organisation("示例河北省厅", Kind.PROVINCE, region="13"),
        "other_province": organisation("示例江苏省厅", Kind.PROVINCE, region="32"),
        "city": organisation("示例市局", Kind.CITY, region="13"),
        "endorser": organisation("示例钢铁协会", Kind.ASSOCIATION),
        "association": organisation("示例造纸协会", Kind.ASSOCIATION),
        "ministry": organisation("示例部", Kind.MINISTRY),
    }
    people = {name: member(name, row) for name, row in organisations.items()}
    people["nobody"] = Person.objects.create(username="nobody", name="nobody")
    pool = organisation("示例专家库", Kind.EXPERT_POOL)
    people |= {name: member(name, pool) for name in EXPERTS}
    experts = {name: _expert(people[name], active=name != "retired") for name in EXPERTS}
    return Cast(people=people, organisations=organisations, experts=experts)


def _expert(person: Person, *, active: bool) -> Expert:
    return Expert.objects.create(
        person=person, employer="示例大学", employer_code=code("12100000400000000"), active=active
    )
