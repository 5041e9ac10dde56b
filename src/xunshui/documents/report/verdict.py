"""The answer: one sentence, what is still missing, the gates as cards and the conditions as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xunshui.assess import Assessment, Compliance
from xunshui.assess.certainty import Uncertain
from xunshui.documents.report import beside
from xunshui.documents.report.gates import (
    GateCard,
    gate_card,
    indicator_title,
    margin_text,
    places_of_judged,
    required_text,
    value_figure,
    value_text,
)
from xunshui.documents.report.signs import SIGNS, Sign, tag
from xunshui.documents.report.table import Cell, Column, Table, figure, state, word
from xunshui.documents.typeset import shortened, typeset
from xunshui.rules import Judgement, Outcome, Verdict

_LEAD = {
    Outcome.MET: "具备申报条件",
    Outcome.NOT_MET: "不具备申报条件",
    Outcome.CANNOT_TELL: "尚不能判定是否具备申报条件",
    Outcome.NOT_APPLICABLE: "通知不适用于本站点",
}
_DOUBTS = {"example": "是示例值", "unverified": "未经核实", "disputed": "存在争议"}
_LONGEST_REASON = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictPart:
    """The verdict as it is shown: all of `to_mend` must be done, and one of `ways` is enough."""

    sign: Sign
    sentence: str
    to_mend: tuple[str, ...]
    ways: tuple[str, ...]
    gates: tuple[GateCard, ...]
    gate_table: Table
    conditions: Table


def verdict_part(assessment: Assessment, told: Uncertain) -> VerdictPart:
    """Return the answer of an assessment, and beside it what reconciliation says of its figures."""
    verdict = assessment.verdict
    return VerdictPart(
        sign=SIGNS[verdict.eligible],
        sentence=typeset(sentence(verdict)),
        to_mend=tuple(shortened(step, _LONGEST_REASON) for step in _to_mend(verdict)),
        ways=tuple(shortened(way, _LONGEST_REASON) for way in _ways(verdict)),
        gates=tuple(gate_card(gate, told, told.of(number)) for number, gate in enumerate(verdict.gates)),
        gate_table=_gate_table(verdict, told),
        conditions=_conditions(assessment),
    )


def sentence(verdict: Verdict) -> str:
    """Return the verdict in one sentence: the answer, the gate it rests on, and what stands against it."""
    parts = [_gates_in_words(verdict), _conditions_in_words(verdict)]
    return f"{_LEAD[verdict.eligible]}：{'；'.join(part for part in parts if part)}。"


def _gates_in_words(verdict: Verdict) -> str:
    if verdict.any_gate is Outcome.MET:
        return _won(verdict)
    doubtful = [gate.title for gate in verdict.gates if gate.outcome is Outcome.CANNOT_TELL]
    if doubtful:
        rest = "，其余未达到" if len(doubtful) < len(verdict.gates) else ""
        return f"没有一项指标确定达到，“{'”“'.join(doubtful)}”无法判定{rest}"
    return "三项指标没有一项达到"


def _won(verdict: Verdict) -> str:
    """Return the met gate that stands on the firmest ground, with its doubt where even that one has some."""
    met = [gate for gate in verdict.gates if gate.outcome is Outcome.MET]
    best = min(met, key=_doubts)
    doubts = "、".join(
        words for code, words in _DOUBTS.items() if any(mark.code == code for mark in best.marks)
    )
    doubt = f"，但限值{doubts}" if doubts else ""
    return f"{indicator_title(best)} {value_text(best)} {required_text(best)}（{best.clause}）{doubt}"


def _doubts(gate: Judgement) -> int:
    return sum(mark.code in _DOUBTS for mark in gate.marks)


def _conditions_in_words(verdict: Verdict) -> str:
    failed = [row.title for row in verdict.conditions if row.outcome is Outcome.NOT_MET]
    open_ = [row.title for row in verdict.conditions if row.outcome is Outcome.CANNOT_TELL]
    told = []
    if failed:
        told.append(f"{'、'.join(failed)}不符合要求")
    if open_:
        told.append(f"缺少{'、'.join(open_)}的依据")
    return "，".join(told) or f"{len(verdict.conditions)} 项基本条件均达到"


def _to_mend(verdict: Verdict) -> Iterator[str]:
    """Yield what each condition lacks; all of them must be mended."""
    for row in verdict.conditions:
        if row.outcome in (Outcome.NOT_MET, Outcome.CANNOT_TELL):
            yield f"{row.title}（{row.clause}）：{row.reason}"


def _ways(verdict: Verdict) -> Iterator[str]:
    """Yield the way to each gate where none is met; one of them is enough."""
    if verdict.any_gate is Outcome.MET:
        return
    for gate in verdict.gates:
        if gate.outcome in (Outcome.NOT_MET, Outcome.CANNOT_TELL):
            yield f"{gate.title}（{gate.clause}）：{gate.distance.text if gate.distance else gate.reason}"


def _gate_table(verdict: Verdict, told: Uncertain) -> Table:
    return Table(
        caption="指标关口（至少达到一项）",
        columns=(
            Column(title="关口", width=14),
            Column(title="条款", width=10),
            Column(title="结果", width=7),
            Column(title="数值", numeric=True, width=9),
            Column(title="单位", width=7),
            Column(title="要求", width=12),
            Column(title="余量", width=12),
            Column(title="差距", width=24),
            *beside.COLUMNS,
            Column(title="说明", width=30),
        ),
        rows=tuple(_gate_row(gate, told, told.of(number)) for number, gate in enumerate(verdict.gates)),
    )


def _gate_row(gate: Judgement, told: Uncertain, judged: Compliance | None) -> tuple[Cell, ...]:
    tags = (*beside.beside_tags(told, judged, gate.period), *(tag(mark) for mark in gate.marks))
    return (
        word(gate.title, tags=tags),
        word(gate.clause),
        state(SIGNS[gate.outcome]),
        figure(gate.value, 2, text=value_figure(gate)),
        word(gate.unit),
        word(required_text(gate) or "—"),
        word(margin_text(gate) or "—"),
        word(gate.distance.text if gate.distance else "—"),
        *beside.beside_cells(judged, places_of_judged(gate)),
        word(gate.reason, longest=_LONGEST_REASON),
    )


def _conditions(assessment: Assessment) -> Table:
    return Table(
        caption="基本条件（须全部达到）",
        columns=(
            Column(title="条件", width=20),
            Column(title="条款", width=9),
            Column(title="结果", width=8),
            Column(title="依据", width=32),
            Column(title="证明材料", width=16),
        ),
        rows=tuple(_condition_row(assessment, row) for row in assessment.verdict.conditions),
    )


def _condition_row(assessment: Assessment, row: Judgement) -> tuple[Cell, ...]:
    titles = {document.id: document.title for document in assessment.site.documents}
    proof = "、".join(f"{document} {titles.get(document, '')}".strip() for document in row.evidence)
    tags = tuple(tag(mark) for mark in row.marks)
    return (
        word(row.title, note=row.text if row.text != row.title else ""),
        word(row.clause),
        state(SIGNS[row.outcome]),
        word(
            row.reason,
            longest=_LONGEST_REASON,
            tags=tags,
            note="；".join(filter(None, (item.text for item in tags))),
        ),
        word(proof or "—"),
    )
