"""Forms of accounts."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from xunshui.register import bodies
from xunshui.web.accounts.models import APPLICANT_KINDS, Organisation, OrganisationKind, Person

_KINDS = (*APPLICANT_KINDS, OrganisationKind.PROVIDER)


class RegistrationForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """An organisation and its first member."""

    kind = forms.ChoiceField(label="类别", choices=[(kind.value, kind.label) for kind in _KINDS])
    region = forms.ChoiceField(label="所在地（推荐单位）")
    person_name = forms.CharField(label="负责人姓名", max_length=60)
    username = forms.CharField(label="账号", max_length=60, help_text="字母、数字，登录时使用")
    password = forms.CharField(
        label="密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 10 位",
    )

    class Meta:
        """What is kept of the organisation."""

        model = Organisation
        fields: ClassVar = ["name", "kind", "credit_code", "region"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the recommending bodies of the register."""
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [(body.code, body.short_name) for body in bodies()]  # type: ignore[attr-defined]

    def clean_credit_code(self) -> str:
        """Return the code in capitals."""
        return (self.cleaned_data["credit_code"] or "").strip().upper()

    def clean_username(self) -> str:
        """Refuse a login that exists."""
        username: str = self.cleaned_data["username"]
        if Person.objects.filter(username=username).exists():
            raise ValidationError("这个账号已有人使用，请换一个")
        return username

    def clean_password(self) -> str:
        """Refuse a weak password with the reasons."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password
