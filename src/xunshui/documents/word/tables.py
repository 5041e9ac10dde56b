"""A report's table in Word: ruled by lines only, its head repeated on every page, no row parted by one.

Rows are written as XML: a table of two hundred streams takes python-docx half a minute cell by cell.
"""

from __future__ import annotations

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from xunshui.documents.palette import INK, LINE, MUTED
from xunshui.documents.report.table import Cell, Column, Table
from xunshui.documents.word.runs import SMALL_PT, muted, run, sign_run, tag_runs

TWIPS_PER_MM = 1440 / 25.4
_TEXT_PT = 8.0
_DENSE_PT = 7.0
_MANY_COLUMNS = 10
_INDENT_TWIPS = 160


def add_table(document: Document, table: Table, width_mm: float) -> None:
    """Add a table across `width_mm`, its columns by their shares of it."""
    twips = width_mm * TWIPS_PER_MM / sum(column.width for column in table.columns)
    widths = [round(column.width * twips) for column in table.columns]
    drawn = document.add_table(rows=0, cols=len(widths))._tbl
    drawn.replace(drawn.tblPr, parse_xml(_properties(sum(widths))))
    for grid, width in zip(drawn.tblGrid.gridCol_lst, widths, strict=True):
        grid.w = width * 635
    if table.groups:
        drawn.append(parse_xml(_group_row(table, widths)))
    drawn.append(parse_xml(_head_row(table.columns, widths)))
    for row in table.rows:
        drawn.append(parse_xml(_row(row, table.columns, widths)))
    document.add_paragraph(style="Gap")


def _properties(width: int) -> str:
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE.lstrip("#")}"/>'
        for side in ("bottom", "insideH")
    )
    return (
        f'<w:tblPr {nsdecls("w")}><w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>'
        '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    )


def _group_row(table: Table, widths: list[int]) -> str:
    cells, at = [], 0
    for title, span in table.groups:
        width = sum(widths[at : at + span])
        rule = (
            f'<w:bottom w:val="single" w:sz="4" w:space="0" w:color="{LINE.lstrip("#")}"/>' if title else ""
        )
        properties = f'<w:gridSpan w:val="{span}"/><w:tcBorders>{rule}</w:tcBorders>'
        cells.append(
            _cell(width, _paragraph(run(title, colour=MUTED, size_pt=SMALL_PT), "center"), properties)
        )
        at += span
    return _head(cells)


def _head_row(columns: tuple[Column, ...], widths: list[int]) -> str:
    rule = f'<w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="{INK.lstrip("#")}"/></w:tcBorders>'
    bottom = rule + '<w:vAlign w:val="bottom"/>'
    return _head(
        [
            _cell(width, _paragraph(run(column.head, colour=MUTED, size_pt=SMALL_PT), _side(column)), bottom)
            for column, width in zip(columns, widths, strict=True)
        ]
    )


def _head(cells: list[str]) -> str:
    return f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"


def _row(row: tuple[Cell, ...], columns: tuple[Column, ...], widths: list[int]) -> str:
    size = _DENSE_PT if len(columns) > _MANY_COLUMNS else _TEXT_PT
    cells = [
        _cell(width, _content(cell, column, size))
        for cell, column, width in zip(row, columns, widths, strict=True)
    ]
    return f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def _cell(width: int, content: str, properties: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{content}</w:tc>'


def _content(cell: Cell, column: Column, size_pt: float) -> str:
    main = sign_run(cell.sign, size_pt) if cell.sign else run(cell.text, size_pt=size_pt)
    side, indent = _side(column), cell.depth * _INDENT_TWIPS
    content = _paragraph(main + tag_runs(cell.tags), side, indent)
    return content + (_paragraph(muted(cell.note, 7.5), side, indent) if cell.note else "")


def _side(column: Column) -> str:
    return "right" if column.numeric else "left"


def _paragraph(runs: str, side: str, indent: int = 0) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="Cell"/><w:ind w:left="{indent}"/><w:jc w:val="{side}"/></w:pPr>{runs}</w:p>'
