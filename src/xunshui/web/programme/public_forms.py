"""Forms that the public fills in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from xunshui.web.programme.file_type import ACCEPTED, FileRefused, content_type_of
from xunshui.web.programme.models.application import FileState
from xunshui.web.programme.scanner import scan

LARGEST = 20 * 1024 * 1024


class ObjectionForm(forms.Form):
    """A signed objection: who, how to reach them, what is wrong and how it is known."""

    name = forms.CharField(label="真实姓名", max_length=60)
    employer = forms.CharField(label="工作单位", max_length=120)
    contact = forms.CharField(
        label="联系方式", max_length=120, help_text="电话或电子邮箱，只用于核实异议，不公开"
    )
    facts = forms.CharField(
        label="事实与理由",
        min_length=20,
        max_length=5000,
        help_text="写明哪一个数字或哪一句话不实、依据是什么；20–5000 字",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    file = forms.FileField(label="证明材料", required=False, help_text=f"可不附；{ACCEPTED}，最大 20 MB")
    signed = forms.BooleanField(label="我以真实姓名提出，并对所述事实负责")

    def clean_file(self) -> UploadedFile[Any] | None:
        """Refuse a file that is too large, of a kind not taken, or that the scanner rejects."""
        file: UploadedFile[Any] | None = self.cleaned_data.get("file")
        if not file:
            return None
        if (file.size or 0) > LARGEST:
            raise ValidationError(f"文件 {(file.size or 0) / 1048576:.1f} MB，最大 {LARGEST >> 20} MB")
        _check(file.read(), file.name or "")
        file.seek(0)
        return file

    @property
    def told(self) -> dict[str, Any]:
        """Return what the verb takes."""
        return {key: self.cleaned_data[key] for key in ("name", "employer", "contact", "facts", "file")}


def _check(content: bytes, name: str) -> None:
    try:
        content_type_of(content, name)
    except FileRefused as error:
        raise ValidationError(str(error)) from None
    verdict = scan(content)
    if verdict.state == FileState.REJECTED:
        raise ValidationError(verdict.finding)
