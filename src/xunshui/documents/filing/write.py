"""Write a filed document as HTML, PDF, Word or a workbook."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
from docx.document import Document as Word
from jinja2 import Environment, PackageLoader, StrictUndefined

from xunshui.assess import Assessment
from xunshui.documents.filing.application import application_content
from xunshui.documents.filing.content import Filing
from xunshui.documents.filing.recommendation import recommendation_content
from xunshui.documents.pdf import set_on_paper
from xunshui.documents.sheets import Sheets
from xunshui.documents.word.frame import A4_MM, MARGIN_MM, add_page_frame, new_document, turn
from xunshui.documents.word.runs import append, muted, run
from xunshui.documents.word.tables import add_table
from xunshui.documents.word.zipped import without_clock
from xunshui.documents.xlsx import OPTIONS
from xunshui.register import Form


class FilingFormUnknown(ValueError):
    """A kind of file that a filed document cannot be written as."""


def application_document(
    form: Form,
    answers: Mapping[str, Mapping[str, Any]],
    out: Path,
    *,
    kind: str,
    years: Sequence[int],
    facts: Sequence[tuple[str, str]],
    assessment: Assessment | None = None,
    documents: Sequence[tuple[str, str, str]] = (),
    seals: Sequence[str] = (),
) -> None:
    """Write an application to `out`; its suffix picks the form: .html .pdf .docx .xlsx."""
    content = application_content(
        form,
        answers,
        kind=kind,
        years=years,
        facts=facts,
        assessment=assessment,
        documents=documents,
        seals=seals,
    )
    out.write_bytes(filing_bytes(content, out.suffix))


def recommendation_document(
    form: Form, header: Mapping[str, str], rows: Sequence[Mapping[str, str]], out: Path
) -> None:
    """Write a recommendation table to `out`; its suffix picks the form: .html .pdf .docx .xlsx."""
    out.write_bytes(filing_bytes(recommendation_content(form, header, rows), out.suffix))


def filing_bytes(filing: Filing, suffix: str) -> bytes:
    """Return a filed document as the content of a file.

    Raises `FilingFormUnknown`, and `PdfUnavailable` where PDF cannot be set here.
    """
    if suffix not in FORMS:
        raise FilingFormUnknown(f"不能写成“{suffix}”，可写：{' '.join(FORMS)}")
    return FORMS[suffix](filing)


def _html(filing: Filing) -> bytes:
    return _environment().get_template("filing.html.j2").render(filing=filing).encode()


def _pdf(filing: Filing) -> bytes:
    return set_on_paper(_html(filing).decode())


@cache
def _environment() -> Environment:
    loader = PackageLoader("xunshui.documents", "templates")
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _xlsx(filing: Filing) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, OPTIONS)
    tables = [table for part in filing.parts for table in part.tables]
    facts = [*filing.facts, *(fact for part in filing.parts for fact in part.facts)]
    sheets = Sheets(book)
    sheets.of_several("表头", [("标题", filing.title), *facts], [], filing.mark)
    for number, table in enumerate(tables, start=1):
        sheets.of_one(f"{number} {table.caption}"[:31], table)
    book.close()
    return content.getvalue()


def _docx(filing: Filing) -> bytes:
    document = new_document(filing.title, None)
    add_page_frame(document, filing.mark or filing.title, "")
    width = turn(document, wide=True) if filing.wide else A4_MM[0] - 2 * MARGIN_MM
    document.add_paragraph(filing.title, style="Title")
    _facts(document, filing.facts)
    for part in filing.parts:
        document.add_heading(part.title, level=1)
        _facts(document, part.facts)
        for title, text in part.texts:
            document.add_heading(title, level=3)
            for line in text.split("\n"):
                append(document.add_paragraph(), run(line))
        for table in part.tables:
            add_table(document, table, width)
    for seal in filing.seals:
        append(document.add_paragraph(), run(f"{seal}：______________________　　年　　月　　日"))
    content = io.BytesIO()
    document.save(content)
    return without_clock(content.getvalue())


def _facts(document: Word, facts: Sequence[tuple[str, str]]) -> None:
    for label, text in facts:
        append(document.add_paragraph(), muted(f"{label}　", 9), run(text))


FORMS: Mapping[str, Callable[[Filing], bytes]] = {
    ".html": _html,
    ".pdf": _pdf,
    ".docx": _docx,
    ".xlsx": _xlsx,
}
