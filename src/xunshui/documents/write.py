"""Writes a report to a file, in the form that the file's name asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from xunshui.assess import Assessment
from xunshui.documents.docx import docx_report
from xunshui.documents.html import html_report
from xunshui.documents.pdf import pdf_report
from xunshui.documents.xlsx import xlsx_report


class UnknownForm(ValueError):
    """A file name that asks for a form no report is written in; `accepted` lists those there are."""

    def __init__(self, path: Path) -> None:
        self.accepted = tuple(FORMS)
        super().__init__(f"不能把报告写成“{path.suffix or path.name}”，可写：{' '.join(self.accepted)}")


def _html_bytes(assessment: Assessment, *, written_at: dt.datetime | None) -> bytes:
    return html_report(assessment, written_at=written_at).encode("utf-8")


FORMS: dict[str, Callable[..., bytes]] = {
    ".html": _html_bytes,
    ".pdf": pdf_report,
    ".docx": docx_report,
    ".xlsx": xlsx_report,
}


def write_report(assessment: Assessment, path: str | Path, *, written_at: dt.datetime | None = None) -> None:
    """Write the report of an assessment to `path`, whose suffix chooses among .html, .pdf, .docx and .xlsx.

    `written_at` is printed as the time of the report; without it none is printed. Raises `UnknownForm`,
    and `PdfUnavailable` where a PDF cannot be set on this machine.
    """
    file = Path(path)
    form = FORMS.get(file.suffix.lower())
    if form is None:
        raise UnknownForm(file)
    file.write_bytes(form(assessment, written_at=written_at))
