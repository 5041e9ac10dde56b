"""The scan of a sealed table: a PDF or a picture, by what it is, not larger than a proof document may be."""

from __future__ import annotations

from django.core.files.base import File

from xunshui.review import StepRefused
from xunshui.web.programme.attach import LARGEST
from xunshui.web.programme.file_type import FileRefused, content_type_of
from xunshui.web.programme.models.application import FileState
from xunshui.web.programme.scanner import scan

ACCEPTED = ".pdf,.jpg,.jpeg,.png"
_MIMES = ("application/pdf", "image/jpeg", "image/png")
_TITLE = "上传盖章件"


def checked_scan(file: File[bytes] | None) -> File[bytes]:
    """Return the uploaded scan, rewound; raises `StepRefused` that says what would be taken."""
    if file is None:
        raise StepRefused(_TITLE, ("请先选择盖章后扫描的推荐表（PDF、JPG 或 PNG）",))
    if not file.size or file.size > LARGEST:
        raise StepRefused(_TITLE, (f"文件应有内容且不超过 {LARGEST // 1048576} MB",))
    content = file.read()
    try:
        kind = content_type_of(content, file.name or "")
    except FileRefused as error:
        raise StepRefused(_TITLE, (str(error),)) from None
    verdict = scan(content)
    if kind.mime not in _MIMES or verdict.state == FileState.REJECTED:
        raise StepRefused(_TITLE, (verdict.finding or "盖章件应为 PDF、JPG 或 PNG",))
    file.seek(0)
    return file
