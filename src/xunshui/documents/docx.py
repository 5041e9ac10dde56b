"""The report as a Word file: real headings, tables whose head repeats on every page, charts as pictures."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

from docx.document import Document as Word
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from xunshui.assess import Assessment
from xunshui.documents.pictures import Chart, painted
from xunshui.documents.report import GateCard, Report, Table, Walk, report_of
from xunshui.documents.typeset import time_text
from xunshui.documents.word.frame import A4_MM, MARGIN_MM, add_frame, new_document, turn
from xunshui.documents.word.runs import TONES, append, muted, run, sign_run, tag_runs
from xunshui.documents.word.tables import add_table
from xunshui.documents.word.zipped import without_clock

WIDTH_MM = A4_MM[0] - 2 * MARGIN_MM
_CARD_CHART_MM = 84.0


def docx_report(assessment: Assessment, *, written_at: dt.datetime | None = None) -> bytes:
    """Return the report as the content of a Word file."""
    report = report_of(assessment)
    document = new_document(report.title.name, written_at)
    add_frame(document, report.title.name, time_text(written_at))
    for part in (_title, _verdict, _trace, _map, _problems, _indicators, _ledger, _certainty, _sources):
        part(document, report)
    content = io.BytesIO()
    document.save(content)
    return without_clock(content.getvalue())


def _title(document: Word, report: Report) -> None:
    append(document.add_paragraph(), muted("循水　工业废水循环利用申报条件评估", 9))
    document.add_paragraph(report.title.name, style="Title")
    facts = "　".join(f"{label} {text}" for label, text in report.title.facts)
    append(document.add_paragraph(), muted(facts, 9))
    if report.title.band:
        _warning(document, report.title.band)


def _warning(document: Word, text: str) -> None:
    append(document.add_paragraph(), run(f"▲ 注意　{text}", colour=TONES["warn"], bold=True))


def _verdict(document: Word, report: Report) -> None:
    verdict = report.verdict
    document.add_heading("结论", level=1)
    append(
        document.add_paragraph(),
        sign_run(verdict.sign, 13),
        run(f"　{verdict.sentence}", bold=True, size_pt=13),
    )
    document.add_heading("指标关口（至少达到一项）", level=2)
    for gate in verdict.gates:
        _gate(document, gate)
    _list(document, "下一步：指标达到其中一项即可", verdict.ways)
    _list(document, "下一步：基本条件须全部补齐", verdict.to_mend)
    _titled(document, verdict.conditions)


def _list(document: Word, heading: str, items: Sequence[str]) -> None:
    if items:
        document.add_heading(heading, level=2)
    for item in items:
        append(document.add_paragraph(style="List Bullet"), run(item))


def _gate(document: Word, gate: GateCard) -> None:
    """Add a card: words on the left, bars on the right."""
    document.add_heading(f"{gate.title}　{gate.clause}", level=3)
    card = document.add_table(rows=1, cols=2 if gate.years else 1)
    said = card.rows[0].cells[0]
    _said(said.paragraphs[0], gate)
    for tag in gate.tags:
        append(said.add_paragraph(style="Cell"), tag_runs((tag,)), muted(tag.text))
    append(said.add_paragraph(style="Cell"), muted(gate.text, 7.5))
    if gate.years:
        _picture(card.rows[0].cells[1].paragraphs[0], gate.chart, 340, _CARD_CHART_MM, gate.chart_title)
    document.add_paragraph(style="Gap")


def _said(paragraph: Paragraph, gate: GateCard) -> None:
    append(paragraph, sign_run(gate.sign))
    if gate.indicator:
        append(paragraph, run(f"　{gate.value}", bold=True, size_pt=14))
        append(paragraph, muted(f"　要求{gate.required}", 9) if gate.required else "")
        told = "，".join(part for part in (gate.indicator, gate.margin) if part)
        paragraph.add_run().add_break()
        append(paragraph, muted(told, 9))
    if gate.beside:
        paragraph.add_run().add_break()
        append(paragraph, run(gate.beside))
    reason = gate.distance or ("" if gate.sign.tone == "met" else gate.reason)
    if reason:
        paragraph.add_run().add_break()
        append(paragraph, run(reason))


def _picture(paragraph: Paragraph, chart: Chart, width_px: int, width_mm: float, title: str) -> None:
    picture = painted(chart, width_px)
    if not picture.content:
        append(paragraph, muted(picture.remark))
        return
    drawn = paragraph.add_run().add_picture(io.BytesIO(picture.content), width=Mm(width_mm))
    drawn._inline.docPr.set("descr", title)


def _titled(document: Word, table: Table, *, level: int = 2, width_mm: float = WIDTH_MM) -> None:
    document.add_heading(table.caption, level=level)
    add_table(document, table, width_mm)


def _trace(document: Word, report: Report) -> None:
    _titled(document, report.steps)
    for walk in report.walks:
        _walk(document, walk)


def _walk(document: Word, walk: Walk) -> None:
    document.add_heading(f"{walk.title}　怎样得来", level=2)
    append(document.add_paragraph(), run(walk.formula, bold=True), muted(f"　{walk.standard}", 9))
    add_table(document, walk.terms, WIDTH_MM)
    if walk.streams.rows:
        add_table(document, walk.streams, WIDTH_MM)


def _map(document: Word, report: Report) -> None:
    document.add_heading("水往哪里去", level=1)
    if report.shown and report.shown.remark:
        _warning(document, report.shown.remark)
    if report.water_map is None:
        append(document.add_paragraph(), muted("文件中没有可画的水量；请在“水流”表填写各时期水量。"))
    else:
        _picture(document.add_paragraph(), report.water_map.chart, 760, WIDTH_MM, report.water_map.title)
        for note in report.water_map.notes:
            append(document.add_paragraph(), muted(note))
    if report.flows and report.flows.rows:
        _titled(document, report.flows)


def _problems(document: Word, report: Report) -> None:
    document.add_heading("哪里对不上", level=1)
    if report.problems.rows:
        add_table(document, report.problems, WIDTH_MM)
    else:
        append(document.add_paragraph(), muted("没有发现对不上的地方。"))


def _indicators(document: Word, report: Report) -> None:
    document.add_heading("指标", level=1)
    add_table(document, report.indicators, WIDTH_MM)
    append(document.add_paragraph(), muted(report.grade_legend))


def _ledger(document: Word, report: Report) -> None:
    if report.ledger is None:
        document.add_heading("水平衡表", level=1)
        append(document.add_paragraph(), muted("文件中没有时期，无法列平衡表。"))
        return
    width = turn(document, wide=True)
    document.add_heading("水平衡表", level=1)
    _titled(document, report.ledger, width_mm=width)
    append(document.add_paragraph(), muted(report.ledger_note))
    _titled(document, report.balances, width_mm=width)
    turn(document, wide=False)


def _certainty(document: Word, report: Report) -> None:
    part = report.certainty
    if part is None:
        return
    document.add_heading("水平衡校正", level=1)
    append(document.add_paragraph(), sign_run(part.sign), run(f"　{part.sentence}"))
    if part.suspects:
        _titled(document, part.suspects)
    for note in part.notes:
        append(document.add_paragraph(), muted(note))
    if part.flows:
        _titled(document, part.flows)
        append(document.add_paragraph(), muted(part.legend))


def _sources(document: Word, report: Report) -> None:
    document.add_heading("依据与来源", level=1)
    sources = report.sources
    for table in (sources.readings, sources.thresholds, sources.sources, sources.assumptions):
        if table.rows:
            _titled(document, table)
    append(document.add_paragraph(), muted(sources.statement, 9))
