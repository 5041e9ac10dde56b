"""The report as a workbook: numbers as numbers with their unit in the head, for who works on in Excel.

Text is always written as text, so a name that begins with ``=`` stays a name.
"""

from __future__ import annotations

import datetime as dt
import io

import xlsxwriter

from xunshui.assess import Assessment
from xunshui.documents.report import Report, report_of
from xunshui.documents.sheets import Sheets
from xunshui.documents.typeset import time_text

# Nothing is turned into a formula, a link or a number behind the author's back.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def xlsx_report(assessment: Assessment, *, written_at: dt.datetime | None = None) -> bytes:
    """Return the report as the content of a workbook."""
    report = report_of(assessment)
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, OPTIONS)
    created = (written_at or dt.datetime(2000, 1, 1)).replace(tzinfo=None)
    book.set_properties({"title": report.title.name, "author": "循水", "created": created})
    _fill(Sheets(book), report, time_text(written_at))
    book.close()
    return content.getvalue()


def _fill(sheets: Sheets, report: Report, written: str) -> None:
    _verdict(sheets, report, written)
    sheets.of_one("指标", report.every_indicator)
    sheets.of_one("水平衡", report.every_ledger)
    _certainty(sheets, report)
    sheets.of_one("水流", report.every_flow)
    sheets.of_one("问题", report.problems)
    sources = report.sources
    tables = (sources.readings, sources.thresholds, sources.sources, sources.assumptions)
    sheets.of_several("来源", [], [table for table in tables if table.rows], sources.statement)


def _certainty(sheets: Sheets, report: Report) -> None:
    part = report.certainty
    if part is None:
        return
    facts = [
        ("水平衡校正", part.title),
        (part.sign.text, part.sentence),
        *(("说明", note) for note in part.notes),
    ]
    tables = [table for table in (part.suspects, part.flows) if table is not None]
    sheets.of_several("水平衡校正", facts, tables, part.legend)


def _verdict(sheets: Sheets, report: Report, written: str) -> None:
    verdict = report.verdict
    facts = [*report.title.facts, *([("报告时间", written)] if written else [])]
    facts += [("注意", report.title.band)] if report.title.band else []
    facts += [("结论", verdict.sign.text), ("说明", verdict.sentence)]
    facts += [("指标（达到其中一项即可）", way) for way in verdict.ways]
    facts += [("基本条件（须全部补齐）", step) for step in verdict.to_mend]
    walks = [table for walk in report.walks for table in (walk.terms, walk.streams) if table.rows]
    tables = [verdict.gate_table, verdict.conditions, report.steps, report.balances, *walks]
    sheets.of_several("结论", [("站点", report.title.name), *facts], tables, report.sources.statement)
