"""Forms of the ministry: a round, its deadlines and settings, experts, the public notice."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password

from xunshui.register import NOTICES, bodies, directions, register
from xunshui.web.accounts.models import Organisation, validate_credit_code
from xunshui.web.programme.models.round import Level

EVERY_BODY = ("", "全部推荐单位")
_LINES = {"rows": 3}


def _moment(label: str, help_text: str = "北京时间；该时刻本身已截止") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, help_text=help_text, widget=widget)


def _body_choices() -> list[tuple[str, str]]:
    return [EVERY_BODY, *((body.code, body.short_name) for body in bodies())]


class _OnPage(forms.Form):
    """A form beside others on one page: its inputs have ids of their own."""

    ids: ClassVar = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the inputs their ids."""
        super().__init__(*args, **kwargs)
        self.auto_id = f"{self.ids}-%s"


class PrepareForm(forms.Form):
    """A new round of a notice."""

    notice = forms.ChoiceField(label="通知")
    filing_at = _moment("申报截止", "北京时间；各推荐单位可以定得更早。推荐截止取自通知")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the notices of the register."""
        super().__init__(*args, **kwargs)
        told = [(name, register(name).notice) for name in NOTICES]
        self.fields["notice"].choices = [(name, f"{n.document} {n.title}") for name, n in told]  # type: ignore[attr-defined]


class DeadlineForm(_OnPage):
    """When a level closes, for all bodies or one."""

    ids: ClassVar = "deadline"
    level = forms.ChoiceField(label="环节", choices=Level.choices)
    body = forms.ChoiceField(label="推荐单位", choices=_body_choices, required=False)
    at = _moment("截止时刻")
    grace_min = forms.IntegerField(
        label="宽限（分钟）", min_value=0, max_value=1440, initial=0, help_text="已开始的提交还能完成的时间"
    )
    reason = forms.CharField(label="依据", max_length=200, required=False)

    @property
    def grace(self) -> dt.timedelta:
        """Return the grace of a valid form."""
        return dt.timedelta(minutes=self.cleaned_data["grace_min"])


class ExtensionForm(_OnPage):
    """More time for one party."""

    ids: ClassVar = "extension"
    level = forms.ChoiceField(label="环节", choices=Level.choices)
    credit_code = forms.CharField(label="统一社会信用代码", max_length=18, help_text="须已在本平台登记")
    at = _moment("延至")
    reason = forms.CharField(label="理由", max_length=200, help_text="记入审计记录")

    def clean_credit_code(self) -> Organisation:
        """Return the organisation of the code."""
        code = self.cleaned_data["credit_code"].strip().upper()
        found = Organisation.objects.filter(credit_code=code).first()
        if found is None:
            raise forms.ValidationError(f"没有登记过信用代码为“{code}”的单位，请核对 18 位代码")
        return found


class SettingsForm(_OnPage):
    """How a round is reviewed; the rubric's rows are read beside it."""

    ids: ClassVar = "settings"
    blind = forms.BooleanField(label="盲评：专家看不到申报单位与联合单位", required=False)
    experts_per_case = forms.IntegerField(label="每案专家数", min_value=1, max_value=15)
    cases_per_expert = forms.IntegerField(label="每位专家最多案例数", min_value=1, max_value=200)
    body_quota = forms.IntegerField(
        label="每个推荐单位名额", min_value=1, max_value=500, required=False, help_text="不限则留空"
    )


class NoticeForm(forms.Form):
    """The public notice of the selected cases."""

    days = forms.IntegerField(label="公示天数", min_value=1, max_value=60, initial=7)
    contact = forms.CharField(
        label="公示联系方式", max_length=200, help_text="司局、电话、邮箱；异议人据此实名提出"
    )


class ExpertForm(forms.Form):
    """An expert's entry; lists are written one to a line."""

    employer = forms.CharField(label="工作单位", max_length=120)
    employer_code = forms.CharField(
        label="单位信用代码",
        max_length=18,
        validators=[validate_credit_code],
        help_text="没有它就无法排除利益关系，不能分配案例",
    )
    group_code = forms.CharField(
        label="所属集团信用代码", max_length=18, required=False, validators=[validate_credit_code]
    )
    past_employers = forms.CharField(
        label="三年内工作过的单位",
        required=False,
        widget=forms.Textarea(attrs=_LINES),
        help_text="每行一个：信用代码 离开日期 单位名称，如 91130200MA0EXAMPLE 2023-05-31 某某公司",
    )
    province = forms.ChoiceField(label="所在地", required=False)
    directions = forms.MultipleChoiceField(
        label="擅长方向", required=False, widget=forms.CheckboxSelectMultiple
    )
    industries = forms.CharField(
        label="熟悉行业", required=False, help_text="GB/T 4754 代码，空格隔开，大类即可，如 31 25"
    )
    declared = forms.CharField(
        label="申明回避的单位",
        required=False,
        widget=forms.Textarea(attrs=_LINES),
        help_text="每行一个信用代码",
    )
    active = forms.BooleanField(label="在库（可以分配案例）", required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the bodies and directions of the register."""
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = [("", "—"), *_body_choices()[1:]]  # type: ignore[attr-defined]
        self.fields["directions"].choices = [(d.id, f"{d.id} {d.title}") for d in directions()]  # type: ignore[attr-defined]

    def clean_past_employers(self) -> list[dict[str, str]]:
        """Return code, day of leaving and name of each past employer."""
        return [
            _past_employer(line) for line in self.cleaned_data["past_employers"].splitlines() if line.strip()
        ]

    def clean_industries(self) -> list[str]:
        """Return the codes."""
        codes: list[str] = self.cleaned_data["industries"].replace("，", " ").replace(",", " ").split()
        wrong = [code for code in codes if not code.isdecimal() or len(code) > 4]
        if wrong:
            raise forms.ValidationError(f"“{wrong[0]}”不是行业代码；应为 2–4 位数字，如 31")
        return codes

    def clean_declared(self) -> list[str]:
        """Return the codes."""
        return [line.strip().upper() for line in self.cleaned_data["declared"].splitlines() if line.strip()]


class NewExpertForm(ExpertForm):
    """An expert who is added: also the account."""

    name = forms.CharField(label="姓名", max_length=60)
    username = forms.CharField(label="账号", max_length=60, help_text="已有账号的人填原账号，密码不变")
    password = forms.CharField(
        label="初始密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 10 位",
    )
    field_order = ("name", "username", "password")

    def clean_password(self) -> str:
        """Refuse a weak password with the reasons."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


def _past_employer(line: str) -> dict[str, str]:
    code, *rest = line.split(maxsplit=2)
    try:
        left = dt.date.fromisoformat(rest[0]) if rest else None
    except ValueError:
        raise forms.ValidationError(f"“{line}”的离开日期应写成 2023-05-31") from None
    if left is None:
        raise forms.ValidationError(f"“{line}”应写成：18 位信用代码 离开日期 单位名称")
    validate_credit_code(code.upper())
    return {"code": code.upper(), "until": left.isoformat(), "name": rest[1] if len(rest) > 1 else ""}
