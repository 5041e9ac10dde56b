"""The Word file: headings that Word knows as headings, heads that repeat, Chinese type, charts with words."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn

from xunshui.assess import Assessment, assess
from xunshui.documents import docx_report, draw
from xunshui.documents.report import report_of
from xunshui.site import read_site

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
WRITTEN = dt.datetime(2024, 8, 30, 14, 3)


@cache
def steel() -> Assessment:
    """Return the assessment of the steel example."""
    return assess(read_site(EXAMPLES / "steel_pass.json"))


def opened(assessment: Assessment) -> Word:
    """Return the report as Word would open it."""
    return Document(io.BytesIO(docx_report(assessment, written_at=WRITTEN)))


def test_headings_follow_the_questions_of_a_reader() -> None:
    document = opened(steel())
    headings = [row.text for row in document.paragraphs if row.style and row.style.name == "Heading 1"]

    assert headings == ["结论", "水往哪里去", "哪里对不上", "指标", "水平衡表", "水平衡校正", "依据与来源"]


def test_verdict_stands_before_every_table() -> None:
    document = opened(steel())
    said = report_of(steel()).verdict.sentence
    before = next(row for row in document.paragraphs if said in row.text)

    assert list(document.element.body).index(before._p) < list(document.element.body).index(
        document.tables[0]._tbl
    )


def test_tables_repeat_their_head_and_hold_every_row() -> None:
    document, report = opened(steel()), report_of(steel())
    flows = next(
        table
        for table in document.tables
        if table.rows[0].cells[0].text == "编号" and len(table.columns) == 8
    )

    head = flows.rows[0]._tr.trPr
    assert head is not None
    assert head.find(qn("w:tblHeader")) is not None
    assert report.flows is not None
    assert len(flows.rows) == 1 + len(report.flows.rows)
    assert [cell.text for cell in flows.rows[1].cells] == [
        cell.text.replace("\u2009", "\u00a0") for cell in report.flows.rows[0]
    ]


def test_styles_name_a_chinese_font() -> None:
    document = opened(steel())

    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
        assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_frame_tells_site_time_and_pages() -> None:
    section = opened(steel()).sections[0]
    foot = section.footer.paragraphs[0]

    assert "示例钢铁厂" in section.header.paragraphs[0].text
    assert "2024年8月30日 14:03" in foot.text
    assert [field.get(qn("w:instr")) for field in foot._p.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]


def test_charts_are_pictures_with_words_for_who_cannot_see_them() -> None:
    document = opened(steel())
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]

    assert len(described) == 4
    assert described[-1] == "2023 年水量走向"
    assert all(described)


def test_charts_that_cannot_be_drawn_leave_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draw, "ASSET", tmp_path / "echarts.min.js")

    document = opened(steel())

    assert len(document.inline_shapes) == 0
    assert any("图未生成：缺少绘图库" in row.text for row in document.paragraphs)


def test_text_of_the_user_stays_text_whatever_it_holds() -> None:
    site = steel().site
    unit = replace(site.units[0], name="<w:p/>&\x00\x0b\ufffe" + "长" * 3900)

    document = opened(assess(replace(site, name="<b>&amp;\x08</b>", units=(unit, *site.units[1:]))))

    assert (
        next(row.text for row in document.paragraphs if row.style and row.style.name == "Title")
        == "<b>&amp; </b>"
    )
    assert any("<w:p/>&" in cell.text for table in document.tables for cell in table.columns[0].cells)


def test_equal_assessments_give_equal_files() -> None:
    again = assess(read_site(EXAMPLES / "steel_pass.json"))

    assert docx_report(steel(), written_at=WRITTEN) == docx_report(again, written_at=WRITTEN)
