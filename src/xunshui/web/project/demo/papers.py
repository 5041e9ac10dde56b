"""Proof documents and sealed tables for the demo: PDF files of one line, each of its own."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile


def paper(name: str, line: str) -> SimpleUploadedFile:
    """Return a PDF of one page that carries one ASCII line."""
    return SimpleUploadedFile(f"{name}.pdf", one_line_pdf(line), content_type="application/pdf")


def one_line_pdf(line: str) -> bytes:
    """Return a whole PDF file (ISO 32000-1, 7.5) of one page with one ASCII line on it."""
    shown = f"BT /F1 14 Tf 60 760 Td ({line}) Tj ET".encode("ascii")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(shown), shown),
    )
    return _joined(objects)


def _joined(objects: tuple[bytes, ...]) -> bytes:
    """Return the file: header, objects, the table of their places, trailer."""
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%b\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, rows)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + table + tail
