"""What a filed document says, read back by another program than the one that wrote it."""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from xunshui.documents.filing import Filing, filing_bytes

Rows = list[list[str]]


def has_pango() -> bool:
    """Return whether this machine can set a PDF."""
    try:
        import weasyprint  # noqa: F401  # optional dependency
    except (ImportError, OSError):
        return False
    return True


needs_pdf = pytest.mark.skipif(
    not (has_pango() and shutil.which("pdftotext")), reason="Pango or pdftotext is not installed"
)
EVERY_FORM = [".html", ".docx", ".xlsx", pytest.param(".pdf", marks=needs_pdf)]


def text_of(filing: Filing, suffix: str) -> str:
    """Return all the words of a document, without blanks: where lines break is the page's business."""
    data = filing_bytes(filing, suffix)
    return squeezed({".html": _html, ".docx": _docx, ".xlsx": _xlsx, ".pdf": _pdf}[suffix](data))


def squeezed(text: str) -> str:
    """Return text without blanks of any kind."""
    return re.sub(r"\s", "", text)


def tables_of(filing: Filing, suffix: str) -> list[Rows]:
    """Return every table as rows of text, the head first; for a workbook without its first sheet."""
    data = filing_bytes(filing, suffix)
    if suffix == ".docx":
        tables = Document(io.BytesIO(data)).tables
        return [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]
    if suffix == ".xlsx":
        sheets = load_workbook(io.BytesIO(data)).worksheets[1:]
        return [
            [[str(value or "") for value in row] for row in sheet.iter_rows(values_only=True)]
            for sheet in sheets
        ]
    found = re.findall(r"<table>.*?</table>", data.decode(), re.DOTALL)
    return [_rows(table) for table in found]


def _rows(table: str) -> Rows:
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [[html.unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def _html(data: bytes) -> str:
    body = data.decode().partition("</head>")[2]
    return html.unescape(re.sub(r"<[^>]+>", "", body))


def _docx(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    lines = [row.text for row in (*document.paragraphs, *document.sections[0].header.paragraphs)]
    return "\n".join((*lines, *cells))


def _xlsx(data: bytes) -> str:
    sheets = load_workbook(io.BytesIO(data)).worksheets
    cells = [
        str(value or "") for sheet in sheets for row in sheet.iter_rows(values_only=True) for value in row
    ]
    return "\n".join(cells)


def _pdf(data: bytes) -> str:
    found = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
    return found.stdout.decode("utf-8")


def written(folder: Path, name: str, text: str) -> Path:
    """Return the path of a new file with this text."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file
