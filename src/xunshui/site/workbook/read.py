"""Read a site from a workbook: check the package, take its cells, leave their meaning to `filled`."""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.cell import coordinate_to_tuple

from xunshui.site.mistakes import Mistake, SiteFileInvalid
from xunshui.site.model import Site
from xunshui.site.workbook.filled import site_in
from xunshui.site.workbook.grid import ExcelError, Grid, Percentage, Uncomputed
from xunshui.site.workbook.layout import FORM_SHEET, MEMBER, TABLES, title_of

LARGEST_UNPACKED_BYTES = 100 * 1024 * 1024
LARGEST_PART_BYTES = 16 * 1024 * 1024
"""Of one sheet that is read, or of the texts of all sheets; 200 streams over three years take 0.1 MB."""
MOST_ROWS = 20_000
MOST_COLUMNS = 500
"""Content beyond these is told, not read; rows and columns that are only formatted do not matter."""


def read_workbook(path: Path) -> Site:
    """Return the site in the workbook at `path`.

    Raises `SiteFileInvalid` with every mistake, each with its sheet, row and column; a file that is
    no readable workbook is told in one sentence.
    """
    return site_in(sheets_of(path.read_bytes(), path.name), path.name)


def sheets_of(content: bytes, file: str) -> dict[str, Grid]:
    """Return the sheets of a workbook that a site has, by title; `SiteFileInvalid` names the `file`."""
    try:
        _check_package(content)
        return _grids(content)
    except _Refused as refused:
        problem, accepted = refused.args
        mistake = Mistake(loc=(), place=file, problem=problem, accepted=accepted)
        raise SiteFileInvalid(file, [mistake]) from None


class _Refused(Exception):
    """A file that cannot be read at all: why, and what to do."""


_OLE_MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def _check_package(content: bytes) -> None:
    if not content:
        raise _Refused("文件是空的", "重新导出或复制文件")
    if content.startswith(_OLE_MAGIC):
        if _ENCRYPTED in content:
            raise _Refused("工作簿设有打开密码，无法读取", "在 Excel 或 WPS 中去掉密码后另存为 .xlsx")
        raise _Refused("这是旧式 .xls 工作簿", "在 Excel 或 WPS 中另存为 .xlsx")
    if not is_zipfile(BytesIO(content)):
        raise _Refused("这不是 .xlsx 工作簿", "用 Excel 或 WPS 另存为 .xlsx；只改扩展名不行")


def _grids(content: bytes) -> dict[str, Grid]:
    with warnings.catch_warnings():
        # openpyxl warns of what it would lose on saving; nothing is saved here.
        warnings.simplefilter("ignore")
        try:
            with ZipFile(BytesIO(content)) as archive:
                _check_size(archive)
            return _known_sheets(content)
        except _Refused:
            raise
        except Exception as error:
            # A damaged package makes openpyxl, zipfile, zlib and the XML parser raise some twenty kinds
            # of error, KeyError and AttributeError among them; to the user they all mean the same.
            raise _Refused(
                f"工作簿已损坏或不是标准的 .xlsx（{type(error).__name__}）",
                "用 Excel 或 WPS 打开并另存为 .xlsx 后重试",
            ) from error


def _check_size(archive: ZipFile) -> None:
    # zipfile never unpacks more of a part than its directory entry states, so the sum cannot be exceeded.
    unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > LARGEST_UNPACKED_BYTES:
        raise _too_large("工作簿", unpacked, LARGEST_UNPACKED_BYTES)
    for part in archive.infolist():
        if part.filename.endswith("sharedStrings.xml") and part.file_size > LARGEST_PART_BYTES:
            raise _too_large("工作簿中的文字", part.file_size, LARGEST_PART_BYTES)


def _too_large(what: str, size: int, limit: int) -> _Refused:
    return _Refused(
        f"{what}解压后有 {size // 2**20} MB，超过 {limit // 2**20} MB",
        "删去图片、多余的工作表和末尾只带格式的空行后重试",
    )


def _known_sheets(content: bytes) -> dict[str, Grid]:
    reader = ExcelReader(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    with reader.archive:
        # Properties, themes and defined names are left unread: they are often odd and say nothing of the site.
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        reader.read_worksheets()
        parts = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}
        known = {FORM_SHEET, MEMBER.title, *(title_of(table) for table in TABLES)}
        grids = {}
        for sheet in reader.wb.worksheets:
            title = sheet.title.strip()
            if title in known and title not in grids:
                grids[title] = _grid(title, sheet, _part(reader.archive, parts[sheet.title], title))
    return grids


def _part(archive: ZipFile, name: str, title: str) -> bytes:
    size = archive.getinfo(name).file_size
    if size > LARGEST_PART_BYTES:
        raise _too_large(f"“{title}”表", size, LARGEST_PART_BYTES)
    return archive.read(name)


def _grid(title: str, sheet: Any, part: bytes) -> Grid:
    # The sheet's own statement of its size is not believed: some programs write A1 for everything.
    cells_by_row = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
    rows = [_values(cells) for cells in cells_by_row]
    for (row, column), formula in _uncomputed(part).items():
        if row <= len(rows) and column <= MOST_COLUMNS:
            rows[row - 1] = _with_formula(rows[row - 1], column - 1, formula)
    return Grid(title=title, rows=rows, cut=_beyond(part))


def _values(cells: Sequence[Any]) -> Sequence[object]:
    width = len(cells)
    while width and (cells[width - 1] is EMPTY_CELL or cells[width - 1].value is None):
        width -= 1
    return [_value(cell) for cell in cells[:width]]


def _value(cell: Any) -> object:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "e":
        return ExcelError(str(value))
    if cell.data_type == "n" and cell.number_format.endswith("%"):
        return Percentage(Decimal(repr(value)))
    return value


def _with_formula(cells: Iterable[object], column: int, formula: Uncomputed) -> Sequence[object]:
    values = list(cells)
    values += [None] * (column + 1 - len(values))
    values[column] = formula
    return values


# Possessive throughout: a damaged part is passed over in one go, however it is damaged.
_CELL_WITH_CONTENT = re.compile(rb"<(?:\w++:)?c\s([^<>]*+)>\s*+<(?:\w++:)?(?:v|is|f)\b", re.ASCII)
_FORMULA_WITHOUT_VALUE = re.compile(
    rb"<(?:\w++:)?c\s([^<>]*+)>\s*+"
    rb"<(?:\w++:)?f\b(?:[^<>]*+(?<=/)>|[^<>]*+>([^<]*+)</(?:\w++:)?f>)\s*+"
    rb"(<(?:\w++:)?v\b[^<>]*+(?:(?<=/)>|>\s*+</(?:\w++:)?v>))?+\s*+"
    rb"</(?:\w++:)?c>",
    re.ASCII,
)
_REFERENCE = re.compile(rb"""\br=["']([A-Za-z]{1,3}[0-9]{1,7})["']""")
_TEXT_RESULT = re.compile(rb"""\bt=["']str["']""")


def _beyond(part: bytes) -> str:
    """Return in words which content stands right of or below what is read, empty where none does."""
    for cell in _CELL_WITH_CONTENT.findall(part):
        reference = _REFERENCE.search(cell)
        if reference:
            row, column = coordinate_to_tuple(reference[1].decode())
            if row > MOST_ROWS or column > MOST_COLUMNS:
                return f"单元格 {reference[1].decode()} 超出了读取范围（{MOST_ROWS} 行、{MOST_COLUMNS} 列）"
    return ""


def _uncomputed(part: bytes) -> dict[tuple[int, int], Uncomputed]:
    """Return the formulas of a sheet that were saved without a result, by row and column.

    openpyxl gives either values or formulas; a formula without a value looks to it like a blank cell.
    """
    found = {}
    for cell, formula, empty_value in _FORMULA_WITHOUT_VALUE.findall(part):
        reference = _REFERENCE.search(cell)
        # An empty text is a result: =IF(A1="","",A1*2) leaves the cell blank on purpose.
        if reference and not (empty_value and _TEXT_RESULT.search(cell)):
            text = html.unescape(formula.decode("utf-8", "replace"))
            found[coordinate_to_tuple(reference[1].decode())] = Uncomputed(text)
    return found
