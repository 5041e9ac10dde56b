"""In which part a person acts in the programme."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A part in the programme; what a person may do in it also depends on the organisation it is held for."""

    APPLICANT = "applicant"
    PARTNER = "partner"
    ASSOCIATION = "association"
    CITY = "city"
    PROVINCE = "province"
    MINISTRY = "ministry"
    EXPERT = "expert"
    PUBLIC = "public"


ROLE_TITLES = {
    Role.APPLICANT: "申报单位",
    Role.PARTNER: "联合申报单位",
    Role.ASSOCIATION: "行业协会",
    Role.CITY: "市级主管部门",
    Role.PROVINCE: "省级主管部门",
    Role.MINISTRY: "工业和信息化部",
    Role.EXPERT: "评审专家",
    Role.PUBLIC: "社会公众",
}
