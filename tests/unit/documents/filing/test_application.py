"""The application: every answer in the form's order and words, computed beside declared, in all four forms."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from tests.unit.documents.filing.printed import EVERY_FORM, squeezed, tables_of, text_of

from xunshui.assess import Assessment, assess
from xunshui.documents.filing import Filing, application_content, application_document, filing_bytes
from xunshui.register import application_form
from xunshui.site import read_site

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
FORM = application_form()
YEARS = (2021, 2022, 2023)
LONG = "分质用水，梯级利用。" * 150
ANSWERS: dict[str, dict[str, Any]] = {
    "applicant": {
        "name": "=示例厂",
        "enterprise_type": "private",
        "staff": 0,
        "profile": "第一段\n\n第二段\x0b第三段",
    },
    "base": {
        "legal_entity": True,
        "permits": [
            {"number": "@取水 1", "licensed_m3_per_year": "100"},
            {"number": "取水 2", "valid_to": "2026-01-01"},
        ],
        "plan_m3": {"2021": "1", "2023": "3.10"},
    },
    "narrative": {"background": LONG, "practice": "做法"},
    "declaration": {"truth": False},
}
FACTS = [("案例名称", "示例案例"), ("编号", "2024-13-0001")]


@cache
def steel() -> Assessment:
    """Return the assessment of the steel example."""
    return assess(read_site(EXAMPLES / "steel_pass.json"))


@cache
def filing(kind: str = "enterprise") -> Filing:
    return application_content(
        FORM,
        ANSWERS,
        kind=kind,
        years=YEARS,
        facts=FACTS,
        assessment=steel(),
        documents=[("P01", "营业执照", "执照.pdf"), ("P02", "取水许可证", "-证.pdf")],
        seals=["申报单位（盖章）=示例厂"],
    )


def test_parts_are_the_forms_sections_in_order_the_computed_before_the_declaration() -> None:
    titles = [part.title for part in filing().parts]

    own = [section.title for section in FORM.sections if not section.kinds]
    assert titles == [*own[:-1], "指标与结论（计算）", own[-1], "附件"]
    assert "园区情况" not in titles
    assert "园区情况" in [part.title for part in filing("park").parts]


@pytest.mark.parametrize("suffix", EVERY_FORM)
def test_every_answer_is_in_every_form(suffix: str) -> None:
    text = text_of(filing(), suffix)

    for words in ("=示例厂", "内资（民营）", "第二段", "@取水1", "3.10", "做法", "营业执照", "-证.pdf"):
        assert words in text
    assert "申报单位（盖章）=示例厂" in text
    assert "示例案例" in text
    assert text.count("分质用水，梯级利用。") == 150
    assert "…" not in text


@pytest.mark.parametrize("suffix", EVERY_FORM)
def test_notes_of_sections_are_in_every_form(suffix: str) -> None:
    assert squeezed(FORM.section("base").note) in text_of(filing(), suffix)  # type: ignore[union-attr]


def test_answers_are_told_in_words_and_a_missing_one_by_a_dash() -> None:
    told = {label: text for part in filing().parts for label, text in (*part.facts, *part.texts)}

    assert told["单位类型"] == "内资（民营）"
    assert told["职工人数（人）"] == "0"
    assert told["具有独立法人资格"] == "是"
    assert told["所填内容与所附材料真实、完整"] == "否"
    assert told["所在市县"] == "—"
    assert told["单位简介"] == "第一段\n\n第二段\n第三段"


@pytest.mark.parametrize("suffix", [".html", ".docx", ".xlsx"])
def test_tables_keep_their_rows_and_years_in_order(suffix: str) -> None:
    tables = tables_of(filing(), suffix)

    permits = next(table for table in tables if table[0][0] == "证号")
    yearly = next(table for table in tables if table[1][0] == "年度计划用水量（m³）")
    assert [squeezed(row[0]) for row in permits[1:]] == ["@取水1", "取水2"]
    assert [row[4] for row in permits[1:]] == ["—", "2026-01-01"]
    assert yearly[0] == ["项目", "2021 年", "2022 年", "2023 年"]
    assert yearly[1][1:] == ["1", "—", "3.10"]


@pytest.mark.parametrize("suffix", [".html", ".docx", ".xlsx"])
def test_computed_figures_stand_beside_the_clauses_they_meet(suffix: str) -> None:
    text = text_of(filing(), suffix)

    rate = 100 * _volume("again") / (_volume("new") + _volume("again"))
    table = next(rows for rows in tables_of(filing(), suffix) if rows[0][:2] == ["指标", "算得"])
    row = next(row for row in table if row[0].startswith("工业用水重复利用率"))
    assert float(row[1]) == pytest.approx(rate, abs=0.005)
    assert steel().verdict.rule_version in text


def _volume(kind: str) -> float:
    """Return water used again or newly taken for production in 2023, added up from the example's streams."""
    again = kind == "again"
    return sum(
        float(stream.volume_m3["2023"])
        for stream in steel().site.streams
        if (stream.kind.startswith("circulating") or stream.kind in ("series", "reuse", "condensate"))
        is again
        and (again or (stream.source == "env" and stream.production))
    )


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    book = load_workbook(io.BytesIO(filing_bytes(filing(), ".xlsx")))

    types = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    assert types == {"s"}
    front = {str(row[0]): row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert front["单位名称"] == "=示例厂"


def test_workbook_wraps_long_answers() -> None:
    front = load_workbook(io.BytesIO(filing_bytes(filing(), ".xlsx"))).worksheets[0]

    told = {row[0].value: row[1] for row in front.iter_rows()}
    assert told["案例背景与问题"].alignment.wrap_text
    assert told["案例背景与问题"].value == LONG
    assert told["单位简介"].value == "第一段\n\n第二段\n第三段"
    assert front.row_dimensions[told["案例背景与问题"].row].height > 300


def test_word_file_sets_each_line_of_a_long_answer_as_a_paragraph() -> None:
    document = Document(io.BytesIO(filing_bytes(filing(), ".docx")))
    texts = [row.text for row in document.paragraphs]

    assert texts[texts.index("单位简介") + 1 :][:4] == ["第一段", "", "第二段", "第三段"]


def test_page_breaks_no_words_out_of_their_cell() -> None:
    page = filing_bytes(filing(), ".html").decode()

    assert "overflow-wrap: anywhere" in page
    assert "table-layout: fixed" in page
    assert re.search(r"\.text \{ white-space: pre-wrap", page)


def test_application_is_written_to_its_file(tmp_path: Path) -> None:
    out = tmp_path / "申报书.docx"

    application_document(FORM, ANSWERS, out, kind="data_centre", years=YEARS, facts=FACTS)

    assert "数据中心情况" in [row.text for row in Document(str(out)).paragraphs]
