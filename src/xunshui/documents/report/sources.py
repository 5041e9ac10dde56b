"""What the verdict rests on: readings of the notice's open points, thresholds, documents, and the file's assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xunshui.assess import Assessment
from xunshui.documents.report.gates import indicator_title, required_text
from xunshui.documents.report.indicators import grade_tag
from xunshui.documents.report.signs import tag
from xunshui.documents.report.table import Cell, Column, Table, word
from xunshui.indicators import BY_KEY
from xunshui.register import Reading
from xunshui.rules import Judgement

STATEMENT = "本报告由循水按公开规则自动计算，非官方评审意见。"
_SEEN = {"text": "读过正文", "copy": "二手副本", "derived": "本项目推定", "recalled": "凭记忆"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesPart:
    """Readings, thresholds, documents and assumptions, and the statement of what this report is."""

    readings: Table
    thresholds: Table
    sources: Table
    assumptions: Table
    statement: str


def sources_part(assessment: Assessment) -> SourcesPart:
    """Return everything that the assessment rests on."""
    return SourcesPart(
        readings=_readings(assessment),
        thresholds=_thresholds(assessment),
        sources=_sources(assessment),
        assumptions=_assumptions(assessment),
        statement=STATEMENT,
    )


def _readings(assessment: Assessment) -> Table:
    chosen, departures = assessment.verdict.readings, assessment.verdict.departures
    return Table(
        caption="通知未写明之处的释义",
        columns=(
            Column(title="条款", width=13),
            Column(title="问题", width=20),
            Column(title="采用的释义", width=34),
            Column(title="是否默认", width=8),
            Column(title="选项", width=28),
        ),
        rows=tuple(
            _reading(reading, chosen[reading.id], reading.id in departures)
            for reading in assessment.register.readings
        ),
    )


def _reading(reading: Reading, chosen: str, departs: bool) -> tuple[Cell, ...]:
    option = next(option for option in reading.options if option.id == chosen)
    return (
        word(reading.clause),
        word(reading.question),
        word(option.text),
        word("▲ 改用" if departs else "默认"),
        word(f"{reading.id}={chosen}"),
    )


def _thresholds(assessment: Assessment) -> Table:
    judged = [row for gate in assessment.verdict.gates for row in _deciding(gate)]
    rows = dict.fromkeys(_threshold(row) for row in judged)
    return Table(
        caption="判定所用限值",
        columns=(
            Column(title="指标", width=20),
            Column(title="要求", width=14),
            Column(title="限值出自", width=34),
            Column(title="出处", width=20),
            Column(title="等级", width=10),
        ),
        rows=tuple(rows),
    )


def _deciding(node: Judgement) -> Iterator[Judgement]:
    """Yield the parts that were held against a threshold of their own."""
    below = [row for child in node.children for row in _deciding(child)]
    if below:
        yield from below
    elif node.threshold is not None:
        yield node


def _threshold(row: Judgement) -> tuple[Cell, ...]:
    origin = row.title.partition("：")[2] or row.clause
    return (
        word(indicator_title(row)),
        word(required_text(row)),
        word(origin, tags=(tag(mark) for mark in row.marks)),
        word(row.source),
        Cell(tags=(grade_tag(row.grade),)),
    )


def _sources(assessment: Assessment) -> Table:
    known = assessment.register.sources
    used = [source for source in _used(assessment) if source in known]
    return Table(
        caption="文献",
        columns=(
            Column(title="编号", width=10),
            Column(title="名称", width=60),
            Column(title="怎样见到", width=12),
        ),
        rows=tuple(
            (word(source), word(known[source].title), word(_SEEN.get(known[source].seen, known[source].seen)))
            for source in used
        ),
    )


def _used(assessment: Assessment) -> Iterable[str]:
    """Return the ids of the sources behind this assessment, each once: rules first, then formulas."""
    verdict = assessment.verdict
    ids = [assessment.register.notice.clause(row.id).source for row in (*verdict.conditions, *verdict.gates)]
    ids += [source for row in (*verdict.conditions, *verdict.gates) for source in _sources_below(row)]
    ids += [reading.source for reading in assessment.register.readings]
    ids += [BY_KEY[value.key].source for values in assessment.values.values() for value in values.values()]
    return dict.fromkeys(ids)


def _sources_below(node: Judgement) -> Iterator[str]:
    yield node.source
    for child in node.children:
        yield from _sources_below(child)


def _assumptions(assessment: Assessment) -> Table:
    return Table(
        caption="文件注明的假设",
        columns=(Column(title="位置", width=20), Column(title="说明", width=60)),
        rows=tuple((word(row.at), word(row.text, longest=1000)) for row in assessment.site.assumptions),
    )
