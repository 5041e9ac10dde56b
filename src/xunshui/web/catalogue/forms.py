"""Forms of what comes after publication."""

from __future__ import annotations

from django import forms

from xunshui.web.programme.models.followup import Instrument


class YearForm(forms.Form):
    """A published case's figures of a later year."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    file = forms.FileField(
        label="站点文件", help_text=".xlsx 工作簿或 .json，须含这一年全年的水量，最大 20 MB"
    )
    note = forms.CharField(
        label="说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class SupportForm(forms.Form):
    """Support given to a case."""

    measure = forms.CharField(label="措施", max_length=200)
    authority = forms.CharField(label="给予单位", max_length=120)
    instrument = forms.ChoiceField(label="方式", choices=Instrument.choices)
    amount_wan_yuan = forms.DecimalField(
        label="金额（万元）", required=False, min_value=0, max_digits=14, decimal_places=2
    )
    given_on = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}))
