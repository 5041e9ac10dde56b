"""Rows of a CSV or an Excel file: their number, their cells as text, and the bytes they were written in."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import NamedTuple

PIECE = 1 << 20
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",\t;"
WORKBOOKS = frozenset({".xlsx", ".xlsm"})


class FileUnreadable(ValueError):
    """A file that cannot be imported at all: why, and what to do."""


class Row(NamedTuple):
    """One row. `number` counts the file's lines or the sheet's rows from 1; `raw` ends with a line end."""

    number: int
    cells: list[str]
    raw: bytes


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file; raises OSError."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def rows_of(file: Path) -> Iterator[Row]:
    """Yield the rows that hold anything, the header first; raises `FileUnreadable`, OSError."""
    rows = _sheet_rows(file) if file.suffix.lower() in WORKBOOKS else _csv_rows(file)
    return (row for row in rows if any(cell.strip() for cell in row.cells))


def _csv_rows(file: Path) -> Iterator[Row]:
    encoding = _encoding_of(file)
    written_in = "gb18030" if encoding == "gb18030" else "utf-8"
    with file.open(encoding=encoding, newline="") as content:
        first = content.readline()
        content.seek(0)
        delimiter = max(DELIMITERS, key=first.count)
        lines = _Lines(content)
        reader = csv.reader(lines, delimiter=delimiter)
        number = 1
        try:
            for cells in reader:
                yield Row(number, cells, lines.taken().encode(written_in))
                number = reader.line_num + 1
        except csv.Error as error:
            raise FileUnreadable(
                f"{file.name} 第 {number} 行起不是 CSV（{error}）；检查引号是否成对"
            ) from None


class _Lines:
    """Passes lines on and remembers those since it was last asked."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._taken.append(line)
        return line

    def taken(self) -> str:
        told = "".join(self._taken)
        self._taken.clear()
        return told if told.endswith("\n") else told + "\n"


def _encoding_of(file: Path) -> str:
    with file.open("rb") as content:
        if content.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with file.open("rb") as content:
                while piece := content.read(PIECE):
                    _refuse_binary(piece, file)
                    decoder.decode(piece)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise FileUnreadable(f"{file.name} 既不是 UTF-8 也不是 GBK 的文本；请另存为 CSV（UTF-8）或 XLSX")


def _refuse_binary(piece: bytes, file: Path) -> None:
    if b"\0" in piece:
        raise FileUnreadable(f"{file.name} 不是文本；可导入 CSV 或 XLSX（旧的 XLS 请另存为 XLSX）")


def _sheet_rows(file: Path) -> Iterator[Row]:
    from zipfile import BadZipFile  # slow import

    from openpyxl import load_workbook  # slow import

    try:
        workbook = load_workbook(file, read_only=True, data_only=True)
        try:
            sheet = workbook.worksheets[0]
            # What the file says of its size may be wrong, and then rows are missing.
            sheet.reset_dimensions()
            for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
                cells = [_text(value) for value in values]
                yield Row(number, cells, _as_csv(cells))
        finally:
            workbook.close()
    except (BadZipFile, KeyError, ValueError, IndexError, EOFError) as error:
        raise FileUnreadable(f"{file.name} 不是能读的 XLSX（{error}）；请用 Excel 或 WPS 另存一次") from None


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "真" if value else "假"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    return repr(value) if isinstance(value, float) else str(value)


def _as_csv(cells: list[str]) -> bytes:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()
