"""Write a filed document as HTML, PDF, Word or a workbook."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.shared import Mm
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from xunshui.assess import Assessment
from xunshui.documents.filing.application import application_content
from xunshui.documents.filing.content import LONGEST_CELL, Filing
from xunshui.documents.filing.recommendation import recommendation_content
from xunshui.documents.pdf import set_on_paper
from xunshui.documents.report.table import Cell, Column, Table
from xunshui.documents.sheets import Sheets
from xunshui.documents.word.frame import A4_MM, MARGIN_MM, add_page_frame, new_document
from xunshui.documents.word.runs import append, muted, run
from xunshui.documents.word.tables import add_table
from xunshui.documents.word.zipped import without_clock
from xunshui.documents.xlsx import OPTIONS
from xunshui.register import Form

_NO_CLOCK = dt.datetime(2000, 1, 1)
_NOT_IN_A_SHEETS_NAME = re.compile(r"[][:*?/\\]")
_NOT_IN_A_CSS_STRING = re.compile(r'["\\<>&\n]')


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
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["css_string"] = _css_string
    return environment


def _css_string(text: str) -> Markup:
    """Return text as a CSS string: whatever could end it or the style sheet is written by its number."""
    escaped = _NOT_IN_A_CSS_STRING.sub(lambda found: f"\\{ord(found[0]):x} ", text)
    return Markup(f'"{escaped}"')


def _xlsx(filing: Filing) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, OPTIONS)
    book.set_properties({"title": filing.title, "author": "循水", "created": _NO_CLOCK})
    sheets = Sheets(book)
    sheets.of_one("表头", _as_table(filing))
    tables = [table for part in filing.parts for table in part.tables]
    for number, table in enumerate(tables, start=1):
        sheets.of_one(_sheet_name(number, table.caption), table)
    for sheet in book.worksheets():
        # Printed at the head of every page, as in the other forms; & would begin a code.
        sheet.set_header(f"&L{_head(filing)[:200].replace('&', '&&')}")
    book.close()
    return content.getvalue()


def _as_table(filing: Filing) -> Table:
    """Return everything that stands in no table of its own, one below the other, as a table that wraps."""
    told = [("标题", filing.title), ("", filing.mark), *filing.facts]
    for part in filing.parts:
        told += [("", part.title), ("", part.note), *part.facts, *part.texts]
    told += [(seal, "　　　　年　　月　　日") for seal in filing.seals]
    columns = (Column(title="项目", width=20), Column(title="内容", width=60))
    rows = tuple((Cell(text=label), Cell(text=text[:LONGEST_CELL])) for label, text in told if label or text)
    return Table(caption=filing.title, columns=columns, rows=rows)


def _sheet_name(number: int, caption: str) -> str:
    return f"{number} {_NOT_IN_A_SHEETS_NAME.sub(' ', caption)}"[:31].strip(" '")


def _head(filing: Filing) -> str:
    return filing.mark or filing.title


def _docx(filing: Filing) -> bytes:
    document = new_document(filing.title, None)
    add_page_frame(document, _head(filing), "")
    if filing.wide:
        _lay_across(document)
    width = A4_MM[filing.wide] - 2 * MARGIN_MM
    document.add_paragraph(filing.title, style="Title")
    _remark(document, filing.subtitle)
    _facts(document, filing.facts)
    for part in filing.parts:
        document.add_heading(part.title, level=1)
        _remark(document, part.note)
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


def _lay_across(document: Word) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(A4_MM[1]), Mm(A4_MM[0])


def _remark(document: Word, text: str) -> None:
    if text:
        append(document.add_paragraph(), muted(text, 9))


def _facts(document: Word, facts: Sequence[tuple[str, str]]) -> None:
    for label, text in facts:
        append(document.add_paragraph(), muted(f"{label}　", 9), run(text))


FORMS: Mapping[str, Callable[[Filing], bytes]] = {
    ".html": _html,
    ".pdf": _pdf,
    ".docx": _docx,
    ".xlsx": _xlsx,
}
