"""The recommendation table as a Word, Excel or PDF file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from xunshui.web.programme.models import Recommendation
from xunshui.web.programme.table_document import document_of


def table_file(table: Recommendation, suffix: str) -> bytes:
    """Return the table as a file of the kind that `suffix` names: .docx, .xlsx or .pdf."""
    from xunshui.documents.filing import recommendation_document  # slow import

    document = document_of(table)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"table{suffix}"
        recommendation_document(document.form, document.header, document.rows, out)
        return out.read_bytes()
