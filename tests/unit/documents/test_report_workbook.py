"""The workbook: exact numbers in cells, units in heads, and no text that Excel would run."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from xunshui.assess import Assessment, assess
from xunshui.balance import COLUMNS
from xunshui.documents import xlsx_report
from xunshui.site import read_site

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
WRITTEN = dt.datetime(2024, 8, 30, 14, 3)


@cache
def steel() -> Assessment:
    """Return the assessment of the steel example."""
    return assess(read_site(EXAMPLES / "steel_pass.json"))


def opened(assessment: Assessment) -> Workbook:
    """Return the report as a spreadsheet program would open it."""
    return load_workbook(io.BytesIO(xlsx_report(assessment, written_at=WRITTEN)))


def sheet(book: Workbook, name: str) -> Worksheet:
    """Return a sheet by name."""
    found = book[name]
    assert isinstance(found, Worksheet)
    return found


def test_sheets_have_the_names_of_their_questions() -> None:
    assert opened(steel()).sheetnames == ["结论", "指标", "水平衡", "水平衡校正", "水流", "问题", "来源"]


def test_flows_are_the_numbers_of_the_file_with_units_in_the_head() -> None:
    site, flows = steel().site, sheet(opened(steel()), "水流")
    rows = list(flows.iter_rows(values_only=True))

    assert rows[0][5:8] == ("2021 [m³]", "2022 [m³]", "2023 [m³]")
    assert [row[7] for row in rows[1:]] == [float(stream.volume_m3["2023"]) for stream in site.streams]
    assert flows.freeze_panes == "B2"


def test_indicators_are_exact_though_their_cells_show_few_decimals() -> None:
    indicators = sheet(opened(steel()), "指标")
    first = indicators[2]
    value = steel().indicators["reuse_rate"].value
    assert value is not None

    assert [cell.value for cell in indicators[1]][:5] == ["指标", "单位", "2021", "2022", "2023"]
    assert first[4].value == float(value)
    assert first[4].number_format == "#,##0.00"


def test_ledger_holds_every_period_with_exact_sums() -> None:
    ledger = sheet(opened(steel()), "水平衡")
    whole = steel().ledgers["2023"].row()
    row = next(row for row in ledger.iter_rows(min_row=3) if row[0].value == "2023")

    assert [cell.value for cell in row[3 : 3 + len(COLUMNS)]] == [
        float(whole.columns[column]) for column in COLUMNS
    ]
    assert ledger.cell(2, 4).value == "循环水量 [m³]"
    assert ledger.freeze_panes == "B3"


def test_verdict_sheet_begins_with_site_and_answer() -> None:
    facts = {
        row[0]: row[1]
        for row in sheet(opened(steel()), "结论").iter_rows(max_row=14, max_col=2, values_only=True)
    }

    assert facts["站点"] == "示例钢铁厂"
    assert facts["结论"] == "● 达到"
    assert str(facts["说明"]).startswith("具备申报条件")
    assert facts["报告时间"] == "2024年8月30日 14:03"


@pytest.mark.parametrize("start", list("=+-@"), ids=["equals", "plus", "minus", "at"])
def test_text_that_begins_like_a_formula_stays_text(start: str) -> None:
    site = steel().site
    name = f'{start}HYPERLINK("http://x","y")'
    unit = replace(site.units[0], name=name)
    stream = replace(site.streams[0], name=name)
    changed = replace(site, name=name, units=(unit, *site.units[1:]), streams=(stream, *site.streams[1:]))

    book = opened(assess(changed))
    cells = [cell for part in book.worksheets for row in part.iter_rows() for cell in row]

    assert [cell for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert sum(cell.value == name for cell in cells) > 3


def test_equal_assessments_give_equal_files() -> None:
    again = assess(read_site(EXAMPLES / "steel_pass.json"))

    assert xlsx_report(steel(), written_at=WRITTEN) == xlsx_report(again, written_at=WRITTEN)
