"""The sheet of one table: titles with units, notes, drop-downs, and a row for each element."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from xunshui.site.columns import Attribute
from xunshui.site.labels import LABELS
from xunshui.site.workbook.draft import FIRST_ROW, Draft
from xunshui.site.workbook.dropdowns import validation
from xunshui.site.workbook.layout import (
    MEMBER,
    NOTES_MARK,
    REFERENCES,
    VOLUME_UNIT_LABEL,
    Column,
    follows_volume_unit,
    is_code,
    is_day,
    is_number,
    sheet_is_required,
    title_of,
    unit_shown,
    value_type,
)
from xunshui.site.workbook.look import LINE, PRIMARY, printable, set_page, style_of, text_width
from xunshui.site.workbook.put import content_of, put

_NARROWEST, _WIDEST = 7, 36
_LINES_OF_NOTES = 4
_ROW_POINTS = 19.5


def write_table(draft: Draft, table: str) -> None:
    """Write the sheet of a table."""
    columns = draft.columns(table)
    sheet = draft.book.add_worksheet(title_of(table))
    sheet.set_default_row(_ROW_POINTS)
    widths = [_width(table, column, draft) for column in columns]
    for number, column in enumerate(columns):
        _write_head(sheet, draft, table, number, column)
    notes = list(_notes(columns))
    for number, note in enumerate(notes):
        style = "note number" if is_number(columns[number].attribute) else "note"
        sheet.write(1, number, note or None, draft.look[style])
    _write_elements(sheet, draft, table, columns, widths)
    for number, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(number, number, width, draft.look[style_of(table, column.attribute)])
        _add_validation(sheet, draft, table, number, column.attribute)
    _set_heights(sheet, columns, widths, notes)
    _add_conditions(sheet, draft, table, columns)
    _set_view(sheet, draft, table, columns)


def _write_head(sheet: Worksheet, draft: Draft, table: str, number: int, column: Column) -> None:
    attribute = column.attribute
    style = draft.look[_head_style(attribute)]
    unit = unit_shown(table, attribute, draft.volume_unit)
    name = printable(column.title)
    title = f"{name} *" if attribute.required else name
    text = f"{title}\n({unit})" if unit else title
    if follows_volume_unit(table, attribute):
        # The unit under the title changes with the form's drop-down.
        quoted = title.replace('"', '""')
        formula = f'="{quoted}"&CHAR(10)&"("&{VOLUME_UNIT_LABEL}&")"'
        sheet.write_formula(0, number, formula, style, text)
    else:
        sheet.write_string(0, number, text, style)


def _head_style(attribute: Attribute) -> str:
    words = ["head", "required" if attribute.required else "", "number" if is_number(attribute) else ""]
    return " ".join(word for word in words if word)


def _notes(columns: list[Column]) -> Iterator[str]:
    """Yield the note of each column; an amount's note stands under its first period only."""
    told: set[str] = set()
    for number, column in enumerate(columns):
        attribute = column.attribute
        note = "" if attribute.name in told else attribute.note
        told.add(attribute.name)
        if number == 0:
            note = f"{NOTES_MARK}：{note}" if note else NOTES_MARK
        yield note


def _write_elements(
    sheet: Worksheet, draft: Draft, table: str, columns: list[Column], widths: list[int]
) -> None:
    ids = {column.attribute.name: _ids(draft, table, column.attribute) for column in columns}
    for row, (member, element) in enumerate(draft.elements(table), start=FIRST_ROW):
        for number, column in enumerate(columns):
            attribute = column.attribute
            content: Any = (
                member
                if attribute is MEMBER
                else content_of(element, table, column, draft.volume_unit, ids[attribute.name])
            )
            seen = put(sheet, row, number, content, draft.look, style_of(table, attribute))
            widths[number] = min(_WIDEST, max(widths[number], text_width(seen) + 4))


def _ids(draft: Draft, table: str, attribute: Attribute) -> tuple[str, ...]:
    target = REFERENCES.get((table, attribute.name), "")
    if value_type(attribute) is not tuple:
        return ()
    return tuple(element.id for _, element in draft.elements(target))


def _width(table: str, column: Column, draft: Draft) -> int:
    """Return a width that takes the title, the words to pick from and the note on a few lines."""
    attribute = column.attribute
    needed = [_NARROWEST, text_width(column.title) + 5, -(-text_width(attribute.note) // _LINES_OF_NOTES) + 4]
    if is_code(attribute):
        needed.append(max(text_width(words) for words in LABELS[value_type(attribute)].values()) + 3)
    elif is_number(attribute) or is_day(attribute):
        needed.append(13)
    elif not attribute.note and value_type(attribute) is str:
        needed.append(18)
    return min(_WIDEST, max(needed))


def _set_heights(sheet: Worksheet, columns: list[Column], widths: list[int], notes: list[str]) -> None:
    two_lines = any(column.attribute.unit for column in columns)
    sheet.set_row(0, 36 if two_lines else 24)
    # A note is set one size smaller than the column's width is counted in.
    lines = max(-(-text_width(note) // (width - 1)) for note, width in zip(notes, widths, strict=True))
    sheet.set_row(1, 6 + 12.5 * max(1, lines))


def _add_validation(sheet: Worksheet, draft: Draft, table: str, number: int, attribute: Attribute) -> None:
    rule = validation(table, attribute, draft)
    if rule is not None:
        sheet.data_validation(FIRST_ROW, number, draft.last_row(table), number, rule)


def _add_conditions(sheet: Worksheet, draft: Draft, table: str, columns: list[Column]) -> None:
    last, end = draft.last_row(table), len(columns) - 1
    first_cell = f"A{FIRST_ROW + 1}"
    row_cells = f"$A{FIRST_ROW + 1}:${xl_col_to_name(end)}{FIRST_ROW + 1}"
    look = draft.look
    for number, column in enumerate(columns):
        cell = f"{xl_col_to_name(number)}{FIRST_ROW + 1}"
        area = (FIRST_ROW, number, last, number)
        if column.attribute.required:
            lacking = f"=AND(ISBLANK({cell}),COUNTA({row_cells})>0)"
            sheet.conditional_format(
                *area, {"type": "formula", "criteria": lacking, "format": look["lacking"]}
            )
        if is_number(column.attribute):
            broken = f"=AND(ISNUMBER({cell}),{cell}<>INT({cell}))"
            sheet.conditional_format(
                *area, {"type": "formula", "criteria": broken, "format": look["decimals"]}
            )
    area = (FIRST_ROW, 0, last, end)
    formula = {"type": "formula", "criteria": f"=_xlfn.ISFORMULA({first_cell})", "format": look["formula"]}
    sheet.conditional_format(*area, formula)
    if any(column.attribute.name == "example" for column in columns):
        example = f'=${draft.letter(table, "example")}{FIRST_ROW + 1}="是"'
        sheet.conditional_format(*area, {"type": "formula", "criteria": example, "format": look["example"]})


def _set_view(sheet: Worksheet, draft: Draft, table: str, columns: list[Column]) -> None:
    names = [column.attribute.name for column in columns]
    kept = names.index("id") + 1 if "id" in names else 1
    sheet.freeze_panes(FIRST_ROW, min(kept, len(columns) - 1))
    sheet.repeat_rows(0, FIRST_ROW - 1)
    filled = sum(1 for _ in draft.elements(table))
    sheet.print_area(0, 0, FIRST_ROW + max(filled, 1) - 1, len(columns) - 1)
    sheet.set_tab_color(PRIMARY if sheet_is_required(table) else LINE)
    # Ids such as 2023 are text on purpose; Excel need not mark each with a green corner.
    sheet.ignore_errors(
        {"number_stored_as_text": f"A1:{xl_col_to_name(len(columns) - 1)}{draft.last_row(table) + 1}"}
    )
    set_page(sheet, header=f"{draft.site.name}（{draft.site.id}）")
