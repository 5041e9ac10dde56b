"""The form that a new token is made by."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from xunshui.web.accounts.actor import Actor
from xunshui.web.api.scope import Scope
from xunshui.web.api.token import LIFETIMES_DAYS
from xunshui.web.programme.models import Application

USUAL_DAYS = 90


class TokenForm(forms.Form):
    """What a token is for, what it reaches, what it may do, how long."""

    name = forms.CharField(label="用途", max_length=40, help_text="例：能源管理系统每月填报")
    application = forms.ModelChoiceField(
        label="范围",
        queryset=Application.objects.none(),
        required=False,
        empty_label="本单位的全部申报",
        help_text="能选一份申报就选一份：令牌泄漏时，受影响的只有它",
    )
    scopes = forms.MultipleChoiceField(
        label="权限",
        choices=Scope.choices,
        initial=[Scope.READ, Scope.FILL, Scope.ATTACH],
        widget=forms.CheckboxSelectMultiple,
        help_text="签署承诺不在其中：承诺由负责人登录后签署",
    )
    days = forms.TypedChoiceField(
        label="有效期",
        coerce=int,
        choices=[(days, f"{days} 天") for days in LIFETIMES_DAYS],
        initial=USUAL_DAYS,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the applications of the actor's organisation."""
        super().__init__(*args, **kwargs)
        rows = Application.objects.filter(applicant=actor.organisation).order_by("-number")
        self.fields["application"].queryset = rows  # type: ignore[attr-defined]  # a ModelChoiceField

    @property
    def told(self) -> dict[str, Any]:
        """Return what was chosen, as `make_token` takes it."""
        chosen = self.cleaned_data
        return {
            "name": chosen["name"],
            "application": chosen["application"],
            "scopes": [Scope(scope) for scope in chosen["scopes"]],
            "lifetime": dt.timedelta(days=chosen["days"]),
        }
