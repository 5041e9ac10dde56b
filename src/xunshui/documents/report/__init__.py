"""The assessment report as content: prepared once, drawn as a page, a PDF, a Word file or a workbook.

Everything in it is text, tables and what charts are drawn from, in the order in which a reader asks: does the
site meet the conditions, where does its water go, what does not add up, and where does each number come from.

>>> from xunshui.assess import assess
>>> from xunshui.site import site_from_json
>>> site = site_from_json('''{"id": "m", "name": "示例厂", "kind": "enterprise", "industry": "3120", "streams": [],
...   "units": [], "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}]}''')
>>> report_of(assess(site)).verdict.sign.text
'? 无法判定'
"""

from __future__ import annotations

from dataclasses import dataclass

from xunshui.assess import Assessment, uncertain
from xunshui.documents.report.certainty import CertaintyPart, certainty_part
from xunshui.documents.report.flows import all_flows_table, flow_table
from xunshui.documents.report.gates import GateCard
from xunshui.documents.report.indicators import indicator_table, legend
from xunshui.documents.report.ledger import every_ledger_table, ledger_table, summary_table, tolerance_note
from xunshui.documents.report.periods import Shown, column_periods, shown_period
from xunshui.documents.report.problems import problem_table, warnings_in
from xunshui.documents.report.signs import Sign, Tag
from xunshui.documents.report.sources import SourcesPart, sources_part
from xunshui.documents.report.table import Cell, Column, Table
from xunshui.documents.report.title import Title, title_of
from xunshui.documents.report.trace import Walk, steps_table, walks
from xunshui.documents.report.verdict import VerdictPart, verdict_part
from xunshui.documents.report.water_map import WaterMap, water_map

__all__ = [
    "Cell",
    "CertaintyPart",
    "Column",
    "GateCard",
    "Report",
    "Sign",
    "SourcesPart",
    "Table",
    "Tag",
    "Title",
    "VerdictPart",
    "Walk",
    "WaterMap",
    "report_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole content; tables named `every_…` hold all periods and are meant for a spreadsheet."""

    title: Title
    verdict: VerdictPart
    steps: Table
    walks: tuple[Walk, ...]
    water_map: WaterMap | None
    shown: Shown | None
    flows: Table | None
    problems: Table
    warnings: int
    indicators: Table
    grade_legend: str
    ledger: Table | None
    ledger_note: str
    balances: Table
    certainty: CertaintyPart | None
    sources: SourcesPart
    every_indicator: Table
    every_flow: Table
    every_ledger: Table


def report_of(assessment: Assessment) -> Report:
    """Return the report of an assessment, the same for every form it is written in."""
    site, shown, told = assessment.site, shown_period(assessment), uncertain(assessment)
    period = shown.period if shown else None
    return Report(
        title=title_of(assessment),
        verdict=verdict_part(assessment, told),
        steps=steps_table(assessment),
        walks=walks(assessment),
        water_map=water_map(site, shown.period, shown.title) if shown else None,
        shown=shown,
        flows=flow_table(site, period) if period else None,
        problems=problem_table(assessment),
        warnings=warnings_in(assessment),
        indicators=indicator_table(assessment, column_periods(assessment), told),
        grade_legend=legend(assessment, told),
        ledger=ledger_table(assessment, period) if period else None,
        ledger_note=tolerance_note(assessment.ledgers[period.id].row()) if period else "",
        balances=summary_table(assessment),
        certainty=certainty_part(site, told, period) if period else None,
        sources=sources_part(assessment),
        every_indicator=indicator_table(assessment, site.periods, told),
        every_flow=all_flows_table(site, site.periods),
        every_ledger=every_ledger_table(assessment),
    )
