"""People, organisations and memberships."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models

from xunshui.review import Role
from xunshui.site.credit_code import check_character


class OrganisationKind(models.TextChoices):
    """What an organisation is in the programme."""

    ENTERPRISE = "enterprise", "企业"
    PARK = "park", "工业园区"
    DATA_CENTRE = "data_centre", "数据中心"
    PROVIDER = "provider", "技术装备服务商"
    ASSOCIATION = "association", "行业协会"
    CITY = "city", "市级主管部门"
    PROVINCE = "province", "省级主管部门"
    MINISTRY = "ministry", "工业和信息化部"
    EXPERT_POOL = "expert_pool", "评审专家库"


APPLICANT_KINDS = (OrganisationKind.ENTERPRISE, OrganisationKind.PARK, OrganisationKind.DATA_CENTRE)
ROLE_OF_KIND = {
    OrganisationKind.ENTERPRISE: Role.APPLICANT,
    OrganisationKind.PARK: Role.APPLICANT,
    OrganisationKind.DATA_CENTRE: Role.APPLICANT,
    OrganisationKind.PROVIDER: Role.PARTNER,
    OrganisationKind.ASSOCIATION: Role.ASSOCIATION,
    OrganisationKind.CITY: Role.CITY,
    OrganisationKind.PROVINCE: Role.PROVINCE,
    OrganisationKind.MINISTRY: Role.MINISTRY,
    OrganisationKind.EXPERT_POOL: Role.EXPERT,
}


def validate_credit_code(code: str) -> None:
    """Raise a `ValidationError` that says what is wrong with a unified social credit code (GB 32100-2015)."""
    expected = check_character(code[:17]) if len(code) == 18 else None
    if expected is None:
        raise ValidationError("统一社会信用代码应为 18 位数字和大写字母（不含 I、O、S、V、Z）")
    if code[17] != expected:
        raise ValidationError(f"统一社会信用代码校验位不符：前 17 位对应的末位是“{expected}”，请核对")


class Organisation(models.Model):
    """A legal body that takes part; `region` is the code of the recommending body it falls under."""

    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=20, choices=OrganisationKind.choices)
    credit_code = models.CharField(
        "统一社会信用代码",
        max_length=18,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_credit_code],
    )
    group_code = models.CharField("所属集团信用代码", max_length=18, blank=True)
    region = models.CharField("推荐单位代码", max_length=12, blank=True)
    verified = models.BooleanField("已核实", default=False)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        """Who takes part in applying must say by which code."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(kind__in=[*APPLICANT_KINDS, OrganisationKind.PROVIDER])
                | models.Q(credit_code__isnull=False),
                name="organisation_applying_has_credit_code",
                violation_error_message="申报与联合申报单位必须有统一社会信用代码",
            )
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def role(self) -> Role:
        """Return the part that its members play."""
        return ROLE_OF_KIND[OrganisationKind(self.kind)]


class Person(AbstractUser):
    """Someone with a login."""

    first_name = None  # type: ignore[assignment]  # Chinese names are one field
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("电话", max_length=30, blank=True)

    def __str__(self) -> str:
        """Return the name."""
        return self.name or self.username

    def get_full_name(self) -> str:
        """Return the name; Django asks for it under this one."""
        return self.name


class Part(models.TextChoices):
    """What a member may do for its organisation."""

    MEMBER = "member", "经办"
    SIGNATORY = "signatory", "负责人（可签署、提交、盖章）"


class Membership(models.Model):
    """A person acts for an organisation."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    part = models.CharField("职责", max_length=12, choices=Part.choices, default=Part.MEMBER)

    class Meta:
        """A person is a member of an organisation once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "organisation"], name="membership_once")
        ]

    def __str__(self) -> str:
        """Return who acts for whom."""
        return f"{self.person}（{self.organisation}）"
