"""Write a site as the Chinese workbook."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook

from xunshui.site.mistakes import Mistake, SiteFileInvalid
from xunshui.site.model import Site
from xunshui.site.workbook.draft import Draft
from xunshui.site.workbook.dropdowns import define_names, write_choices
from xunshui.site.workbook.form_sheet import write_form
from xunshui.site.workbook.guide_sheet import write_guide
from xunshui.site.workbook.layout import TABLES, VOLUME_UNITS
from xunshui.site.workbook.look import FONT, Look, printable
from xunshui.site.workbook.put import NotSeparable
from xunshui.site.workbook.table_sheet import write_table

_CREATED = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
"""The same site gives the same bytes on any day."""


def write_workbook(site: Site, path: Path, *, volume_unit: str = VOLUME_UNITS[0]) -> None:
    """Write the site to `path` as a workbook that reads back to an equal site.

    Yearly volumes are written in `volume_unit`, m³ or 万m³. Raises `SiteFileInvalid` where ids hold
    the signs that part the ids of a list.
    """
    if volume_unit not in VOLUME_UNITS:
        raise ValueError(f"{volume_unit}: {VOLUME_UNITS}")
    buffer = BytesIO()
    try:
        with Workbook(buffer, {"in_memory": True, "default_format_properties": dict(FONT)}) as book:
            _write_sheets(Draft(site=site, book=book, look=Look(book), volume_unit=volume_unit))
    except NotSeparable as error:
        mistake = Mistake(
            loc=(),
            place=path.name,
            problem=f"编号“{error}”含有分隔编号用的符号，写入工作簿后无法分开",
            accepted="编号中不用顿号、逗号、分号和空格",
        )
        raise SiteFileInvalid(path.name, [mistake]) from None
    path.write_bytes(buffer.getvalue())


def _write_sheets(draft: Draft) -> None:
    draft.book.set_properties({"title": printable(draft.site.name)[:250], "created": _CREATED})
    write_guide(draft)
    write_form(draft)
    if draft.of_park:
        write_table(draft, "members")
    for table in TABLES:
        write_table(draft, table)
    write_choices(draft)
    define_names(draft)
