"""The sheet of a site's own attributes: label, value, unit, note."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xunshui.site.columns import Attribute
from xunshui.site.workbook.draft import Draft
from xunshui.site.workbook.dropdowns import validation
from xunshui.site.workbook.form import FORM_HEADS
from xunshui.site.workbook.layout import (
    FORM_SHEET,
    VOLUME_UNIT_LABEL,
    VOLUME_UNITS,
    Column,
    scalars,
)
from xunshui.site.workbook.look import PRIMARY, set_page, style_of
from xunshui.site.workbook.put import content_of, put

_WIDTHS = (22, 46, 8, 62)
_UNIT_NOTE = "各表的年度水量以此为单位，表头随之改变；已填的数字不会自动换算"


def write_form(draft: Draft) -> None:
    """Write the form, the unit of volume after the site's own attributes."""
    sheet = draft.book.add_worksheet(FORM_SHEET)
    sheet.set_default_row(21)
    for number, (head, width) in enumerate(zip(FORM_HEADS, _WIDTHS, strict=True)):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, head, draft.look["head"])
    *own, form = scalars()
    for row, attribute in enumerate(own, start=1):
        _write_row(sheet, draft, row, attribute)
    _write_volume_unit(sheet, draft, len(own) + 1)
    _write_row(sheet, draft, len(own) + 2, form)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_tab_color(PRIMARY)
    sheet.ignore_errors({"number_stored_as_text": f"B1:B{len(own) + 3}"})
    set_page(sheet, header=f"{draft.site.name}（{draft.site.id}）")


def _write_row(sheet: Worksheet, draft: Draft, row: int, attribute: Attribute) -> None:
    _write_label(sheet, draft, row, attribute.title, attribute.unit, attribute.note, attribute.required)
    content = content_of(draft.site, "members", Column(attribute), draft.volume_unit, ())
    put(sheet, row, 1, content, draft.look, style_of("members", attribute))
    rule = validation("members", attribute, draft)
    if rule is not None:
        sheet.data_validation(row, 1, row, 1, rule)


def _write_volume_unit(sheet: Worksheet, draft: Draft, row: int) -> None:
    _write_label(sheet, draft, row, VOLUME_UNIT_LABEL, "", _UNIT_NOTE, required=True)
    sheet.write_string(row, 1, draft.volume_unit, draft.look["text"])
    sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": list(VOLUME_UNITS)})
    draft.book.define_name(VOLUME_UNIT_LABEL, f"='{FORM_SHEET}'!$B${row + 1}")


def _write_label(
    sheet: Worksheet, draft: Draft, row: int, title: str, unit: str, note: str, required: bool
) -> None:
    label = draft.look["label required" if required else "label"]
    sheet.write_string(row, 0, f"{title} *" if required else title, label)
    sheet.write_string(row, 2, unit, draft.look["remark"])
    sheet.write_string(row, 3, note, draft.look["remark"])
