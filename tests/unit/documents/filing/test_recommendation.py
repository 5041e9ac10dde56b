"""The recommendation table: every case in its row and order, nothing cut, and no cell that a sheet would execute."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from openpyxl import load_workbook
from tests.unit.documents.filing.printed import EVERY_FORM, needs_pdf, squeezed, tables_of, text_of

from xunshui.documents.filing import filing_bytes, recommendation_content, recommendation_document
from xunshui.documents.filing.write import FilingFormUnknown
from xunshui.register import FormInvalid, recommendation_form

FORM = recommendation_form()
HEADER = {"body": "示例省工业和信息化厅", "round": "2024 年", "contact": "王示例", "opinion": "同意推荐。"}
CASES = [
    {"rank": "1", "number": "2024-13-0002", "applicant": "乙厂", "direction": "D1", "industry": "钢铁"},
    {"rank": "2", "number": "2024-13-0009", "applicant": "丙厂", "direction": "D2", "industry": "造纸"},
    {"rank": "3", "number": "2024-13-0001", "applicant": "甲厂", "direction": "D1", "industry": ""},
]
TITLES = [
    "排序", "编号", "申报单位", "类别", "行业", "市县", "案例名称", "方向",
    "达到的指标与数值", "协会推荐", "试点直通", "真实性", "指标符合性", "现场核查", "推荐意见",
]  # fmt: skip
LONG = "水平衡测试齐全，台账可追溯。" * 100
TABLE_FORMS = [".html", ".docx", ".xlsx"]


@pytest.mark.parametrize("suffix", TABLE_FORMS)
def test_cases_stand_in_the_given_order_under_the_forms_columns(suffix: str) -> None:
    (table,) = tables_of(recommendation_content(FORM, HEADER, CASES), suffix)

    assert table[0] == TITLES
    assert [row[:3] for row in table[1:]] == [
        ["1", "2024-13-0002", "乙厂"],
        ["2", "2024-13-0009", "丙厂"],
        ["3", "2024-13-0001", "甲厂"],
    ]


@pytest.mark.parametrize("suffix", EVERY_FORM)
def test_header_totals_and_seal_are_in_every_form(suffix: str) -> None:
    text = text_of(recommendation_content(FORM, HEADER, CASES), suffix)

    for words in ("王示例", "同意推荐。", "合计3个", "D12", "D21", "未填1", "推荐单位（盖章）"):
        assert words in text
    assert "联系电话—" in text


@pytest.mark.parametrize("suffix", EVERY_FORM)
def test_long_opinion_is_printed_whole(suffix: str) -> None:
    filing = recommendation_content(FORM, {**HEADER, "opinion": LONG}, [{**CASES[0], "opinion": LONG + "完"}])

    text = text_of(filing, suffix)

    assert "…" not in text
    if suffix == ".pdf":  # the end of a page may part a sentence
        assert text.count("水平衡测试齐全") >= 190
        assert "完" in text
    else:
        assert text.count(squeezed(LONG)) == 2
        assert squeezed(LONG) + "完" in text


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")', "http://x"]
)
def test_no_cell_of_a_workbook_is_a_formula_a_link_or_a_number(text: str) -> None:
    filing = recommendation_content(FORM, {**HEADER, "body": text}, [dict.fromkeys(CASES[0], text)])

    book = load_workbook(io.BytesIO(filing_bytes(filing, ".xlsx")))

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells if cell.hyperlink] == []
    assert sum(cell.value == text.strip() for cell in cells) >= len(CASES[0])


@needs_pdf
def test_long_opinion_is_set_in_seconds() -> None:
    filing = recommendation_content(FORM, {**HEADER, "opinion": LONG}, CASES)

    start = time.process_time()
    filing_bytes(filing, ".pdf")

    # As a grid, which is set again for every line, this took a minute.
    assert time.process_time() - start < 15


def test_workbook_wraps_long_text_in_rows_tall_enough() -> None:
    filing = recommendation_content(FORM, {**HEADER, "opinion": LONG}, [{"opinion": LONG}, {"opinion": "短"}])
    front, table = load_workbook(io.BytesIO(filing_bytes(filing, ".xlsx"))).worksheets

    long, short = (table.cell(row, len(TITLES)) for row in (2, 3))
    opinion = next(row[1] for row in front.iter_rows() if row[0].value == "推荐意见")

    assert all(cell.alignment.wrap_text for cell in (long, short, opinion))
    heights = [table.row_dimensions[row].height or 0 for row in (2, 3)]
    assert 409.5 >= heights[0] > 5 * heights[1]
    assert front.row_dimensions[opinion.row or 0].height == pytest.approx(409, abs=1)


@pytest.mark.parametrize("suffix", EVERY_FORM)
def test_pasted_control_characters_do_not_break_a_document(suffix: str) -> None:
    text = "甲\x0b厂\x00\x1f\ufffe\ud800<b>&amp;"
    filing = recommendation_content(FORM, dict.fromkeys(HEADER, text), [dict.fromkeys(CASES[0], text)])

    assert "甲厂<b>&amp;" in text_of(filing, suffix)


@pytest.mark.parametrize("suffix", EVERY_FORM)
def test_table_without_cases_is_still_a_document(suffix: str) -> None:
    text = text_of(recommendation_content(FORM, {}, []), suffix)

    assert "合计0个" in text
    assert "达到的指标与数值" in text or suffix == ".pdf"


def test_word_file_lies_across_from_its_first_page_on() -> None:
    document = Document(io.BytesIO(filing_bytes(recommendation_content(FORM, HEADER, CASES), ".docx")))

    (section,) = document.sections
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (section.page_width or 0) > (section.page_height or 0)
    assert document.paragraphs[0].text == FORM.title


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_same_content_gives_the_same_bytes(suffix: str) -> None:
    filing = recommendation_content(FORM, HEADER, CASES)

    assert filing_bytes(filing, suffix) == filing_bytes(filing, suffix)


def test_suffix_of_the_file_picks_the_form_and_others_are_refused(tmp_path: Path) -> None:
    recommendation_document(FORM, HEADER, CASES, tmp_path / "t.xlsx")

    assert (tmp_path / "t.xlsx").read_bytes()[:2] == b"PK"
    with pytest.raises(FilingFormUnknown, match=r"可写：\.html \.pdf \.docx \.xlsx"):
        recommendation_document(FORM, HEADER, CASES, tmp_path / "t.odt")


def test_form_without_a_section_of_cases_is_refused() -> None:
    with pytest.raises(FormInvalid, match="没有编号为 cases 的章节"):
        recommendation_content(replace(FORM, sections=FORM.sections[:1]), HEADER, CASES)
