"""What a person may pick in a cell: words of a code list, 是/否, or the ids of another sheet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from xunshui.site.columns import Attribute
from xunshui.site.graph import Measure
from xunshui.site.labels import LABELS, label
from xunshui.site.points import PointKind
from xunshui.site.workbook.draft import FIRST_ROW, Draft
from xunshui.site.workbook.layout import (
    CHOICES_SHEET,
    MEMBER,
    OUTSIDE_WORD,
    REFERENCES,
    choices_of,
    is_code,
    is_day,
    is_number,
    keeps_figures,
    title_of,
    value_type,
)

_WITH_IDS = ("periods", "units", "streams", "meters", "tanks", "documents")
_ENDS_NAME = "水流两端"
_EARLIEST, _LATEST = dt.date(1950, 1, 1), dt.date(2100, 12, 31)


def name_of_ids(table: str) -> str:
    """Return the defined name of a table's ids: 单元编号."""
    return f"{title_of(table)}编号"


def define_names(draft: Draft) -> None:
    """Name the ids of each sheet, as far as they are filled in, for the drop-downs of other sheets."""
    tables = [*_WITH_IDS, *(["members"] if draft.of_park else [])]
    for table in tables:
        column = xl_col_to_name(1 if draft.of_park and table != "members" else 0)
        sheet = f"'{title_of(table)}'!"
        first = f"{sheet}${column}${FIRST_ROW + 1}"
        filled = f"{first}:${column}${draft.last_row(table) + 1}"
        draft.book.define_name(name_of_ids(table), f"=OFFSET({first},0,0,MAX(1,COUNTA({filled})),1)")


def write_choices(draft: Draft) -> None:
    """Write the hidden sheet that lists 外部 before the ids of units, for both ends of a stream."""
    book: Workbook = draft.book
    sheet = book.add_worksheet(CHOICES_SHEET)
    sheet.hide()
    sheet.write_string(0, 0, OUTSIDE_WORD)
    units = [unit.id for _, unit in draft.elements("units")]
    rows = draft.last_row("units") - FIRST_ROW + 1
    column = "$B" if draft.of_park else "$A"
    area = f"'{title_of('units')}'!{column}${FIRST_ROW + 1}:{column}${draft.last_row('units') + 1}"
    for row in range(rows):
        # INDEX rather than a cell: rows of units may be deleted or sorted.
        value = f"INDEX({area},{row + 1})"
        sheet.write_formula(
            row + 1, 0, f'=IF({value}="","",{value})', None, units[row] if row < len(units) else ""
        )
    filled = f"COUNTA({area})"
    book.define_name(_ENDS_NAME, f"=OFFSET('{CHOICES_SHEET}'!$A$1,0,0,1+{filled},1)")


def validation(table: str, attribute: Attribute, draft: Draft) -> dict[str, Any] | None:
    """Return the data validation of an attribute's cells, None where any text will do.

    Typing something else is warned of, never forbidden: codes are accepted as well as labels, and an
    id may be named before its row is written.
    """
    source = _source(table, attribute, draft)
    if source is not None:
        several = value_type(attribute) is tuple
        return {"validate": "list", "source": source, **_warning("不在可选范围"), "show_error": not several}
    if is_number(attribute) and not keeps_figures(table, attribute):
        limits = {"criteria": "between", "minimum": -1e30, "maximum": 1e30}
        return {"validate": "decimal", **limits, **_warning("应为数字；缺测请留空，没有水填 0")}
    if is_day(attribute):
        limits = {"criteria": "between", "minimum": _EARLIEST, "maximum": _LATEST}
        return {"validate": "date", **limits, **_warning("应为日期，如 2023-12-31")}
    return None


def _warning(message: str) -> dict[str, Any]:
    return {"error_type": "warning", "error_title": "请核对", "error_message": message}


def _source(table: str, attribute: Attribute, draft: Draft) -> list[str] | str | None:
    if is_code(attribute):
        return list(LABELS[value_type(attribute)].values())
    if value_type(attribute) is bool:
        return ["是", "否"]
    if choices_of(attribute) and value_type(attribute) is int:
        return [str(choice) for choice in choices_of(attribute)]
    if attribute is MEMBER:
        return f"={name_of_ids('members')}"
    return _reference(table, attribute, draft)


def _reference(table: str, attribute: Attribute, draft: Draft) -> str | None:
    target = REFERENCES.get((table, attribute.name))
    if target == "ends":
        return f"={_ENDS_NAME}"
    if target == "measured":
        measure = f"${draft.letter(table, 'measure')}{FIRST_ROW + 1}"
        streams, units = name_of_ids("streams"), name_of_ids("units")
        return f'=IF({measure}="{label(Measure.MEASURED)}",{streams},{units})'
    if target == "pointed":
        kind = f"${draft.letter(table, 'kind')}{FIRST_ROW + 1}"
        tanks, streams, meters = (name_of_ids(name) for name in ("tanks", "streams", "meters"))
        level, quality = label(PointKind.LEVEL), label(PointKind.QUALITY)
        return f'=IF({kind}="{level}",{tanks},IF({kind}="{quality}",{streams},{meters}))'
    return f"={name_of_ids(target)}" if target in _WITH_IDS else None
