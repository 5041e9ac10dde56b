"""The report as PDF: the same page, set on A4 by WeasyPrint, with charts as pictures."""

from __future__ import annotations

import datetime as dt

from xunshui.assess import Assessment
from xunshui.documents.html import page
from xunshui.documents.pictures import as_image
from xunshui.documents.report import report_of

APT_LINE = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"


class PdfUnavailable(RuntimeError):
    """PDF cannot be set on this machine; `missing` says for want of what, `remedy` what to do."""

    def __init__(self, missing: str) -> None:
        self.missing = missing
        self.remedy = f"请安装：{APT_LINE}；或改写 .html、.docx、.xlsx，它们不需要这些库"
        super().__init__(f"无法生成 PDF，缺少 {missing}。{self.remedy}")


def pdf_report(assessment: Assessment, *, written_at: dt.datetime | None = None) -> bytes:
    """Return the report as the content of a PDF file; raises `PdfUnavailable`."""
    return set_on_paper(page(report_of(assessment), written_at=written_at, draw=as_image, for_print=True))


def set_on_paper(text: str) -> bytes:
    """Return an HTML page as the content of a PDF file; raises `PdfUnavailable`."""
    try:
        from weasyprint import HTML, URLFetcher  # optional dependency
    except (ImportError, OSError) as error:
        raise PdfUnavailable(_missing(error)) from error
    # The page holds its pictures itself; nothing else may be fetched while it is set.
    inside = URLFetcher(allowed_protocols=("data",))
    return bytes(HTML(string=text, url_fetcher=inside).write_pdf(pdf_tags=True))


def _missing(error: Exception) -> str:
    return (
        "WeasyPrint"
        if isinstance(error, ModuleNotFoundError)
        else f"Pango 库（{str(error).splitlines()[0]}）"
    )
