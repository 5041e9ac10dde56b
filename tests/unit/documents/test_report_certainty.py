"""The report beside the ledger: reconciled figures with their uncertainty, and the water balanced as a whole."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path

from docx import Document
from openpyxl import load_workbook

from xunshui.assess import Assessment, assess
from xunshui.documents.docx import docx_report
from xunshui.documents.html import html_report
from xunshui.documents.report import Report, Table, report_of
from xunshui.documents.xlsx import xlsx_report
from xunshui.site import site_of

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@cache
def assessed(
    name: str = "steel_pass", *, bias: float = 1.0, output: float = 1.0, lost: str = ""
) -> Assessment:
    """Return an example's assessment: the main intake read wrong, the output changed, a stream's volume lost."""
    tables = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    for row in tables["streams"]:
        if row["id"] == "S01":
            row["volume_m3"]["2023"] *= bias
        if row["id"] == lost:
            del row["volume_m3"]["2023"]
    for product in tables.get("products", []):
        product["output"]["2023"] *= output
    return assess(site_of(tables))


def reported(assessment: Assessment) -> Report:
    """Return the report of an assessment."""
    return report_of(assessment)


def row_of(table: Table, name: str) -> dict[str, str]:
    """Return one row by its first cell."""
    found = next(row for row in table.rows if row[0].text == name)
    return {column.title: cell.text for column, cell in zip(table.columns, found, strict=True)}


def plain(text: str) -> str:
    """Return a text with ordinary blanks."""
    return text.replace("\u00a0", " ").replace("\u2009", " ")


def test_gates_bear_the_reconciled_figure_with_its_probability() -> None:
    gates = reported(assessed()).verdict.gates

    assert [plain(gate.beside) for gate in gates] == [
        "校正值 97.601 % ± 0.017，达到的概率 > 99.9 %",
        "校正值 2.309 m³/t ± 0.009，达到的概率 > 99.9 %",
        "校正值 17.99 % ± 0.08，达到的概率 < 0.1 %",
    ]
    assert not {"相反", "脆弱", "读数矛盾"} & {tag.word for gate in gates for tag in gate.tags}


def test_conflict_and_contradicting_readings_are_tags_and_the_sign_follows_the_ledger() -> None:
    gate = reported(assessed(bias=1.06, output=0.7715)).verdict.gates[1]

    assert gate.sign.word == "未达到"
    assert [tag.word for tag in gate.tags][:2] == ["相反", "读数矛盾"]


def test_fragile_is_a_tag() -> None:
    gate = reported(assessed("park_invented")).verdict.gates[1]

    assert "达到的概率 50 %" in plain(gate.beside)
    assert "脆弱" in [tag.word for tag in gate.tags]


def test_suspects_are_named_with_their_places() -> None:
    part = reported(assessed(bias=1.06)).certainty

    assert part is not None and part.suspects is not None
    assert part.sign.word == "不符"
    assert "疑有 1 处" in part.sentence
    assert part.suspects.rows[0][0].text.startswith("S01 疑偏高 6")
    assert part.suspects.rows[0][1].text.startswith("地表水取水（S01）；或 ")
    assert part.flows is not None
    assert row_of(part.flows, "S01")["z"].startswith("▲ ")


def test_flows_tell_reading_reconciled_uncertainty_and_who_checks_them() -> None:
    part = reported(assessed(lost="S30")).certainty

    assert part is not None and part.flows is not None
    circulating, lost = row_of(part.flows, "S14"), row_of(part.flows, "S30")
    assert (circulating["核对"], circulating["z"]) == ("不能核对", "—")
    assert circulating["读数"] == circulating["校正值"]
    assert (lost["读数"], lost["核对"], lost["读数的不确定度"]) == ("—", "可推算", "没有水量")
    assert lost["校正值"] != "—"
    assert any("S14、S15" in note for note in part.notes)
    assert any(note.startswith("读数的标准不确定度") and "产量" in note for note in part.notes)


def test_site_that_cannot_be_reconciled_says_why_and_has_no_tables() -> None:
    tables = json.loads((EXAMPLES / "steel_pass.json").read_text(encoding="utf-8"))
    tables["streams"] = [row for row in tables["streams"] if row["id"] in ("S01", "S14")]
    tables["valves"] = []
    report = reported(assess(site_of(tables)))

    assert report.certainty is not None
    assert (report.certainty.sign.word, report.certainty.flows) == ("不能校正", None)
    assert report.certainty.sentence == "没有一处平衡能核对水表，无从校正"
    assert [gate.beside for gate in report.verdict.gates] == ["", "", ""]
    assert "校正值" not in [column.title for column in report.indicators.columns]


def test_indicators_stand_beside_their_reconciled_values() -> None:
    report = reported(assessed())

    rate = row_of(report.indicators, "工业用水重复利用率")
    assert (rate["2023"], rate["校正值"], rate["u"]) == ("97.60", "97.601", "0.017")
    assert "2023 年水平衡校正" in report.grade_legend


def test_every_form_holds_the_section() -> None:
    made = assessed(bias=1.06, output=0.7715)

    page = html_report(made)
    assert 'id="certainty"' in page and "相反" in page
    word = Document(io.BytesIO(docx_report(made)))
    assert "水平衡校正" in [
        row.text for row in word.paragraphs if row.style and row.style.name == "Heading 1"
    ]
    assert any("疑偏高" in cell.text for table in word.tables for row in table.rows for cell in row.cells[:1])
    book = load_workbook(io.BytesIO(xlsx_report(made)))
    cells = [cell for row in book["水平衡校正"].iter_rows(values_only=True) for cell in row]
    assert any(isinstance(cell, str) and "疑偏高" in cell for cell in cells)
    assert 12243169.6 in [round(cell, 1) for cell in cells if isinstance(cell, float)]
    heads = [cell for row in book["结论"].iter_rows(values_only=True) for cell in row]
    assert "达到的概率" in heads
