"""Every indicator in every period, with its formula, where that comes from and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xunshui.assess import Assessment
from xunshui.assess.certainty import Reconciled, Uncertain
from xunshui.documents.report.beside import estimate_cells
from xunshui.documents.report.names import Names
from xunshui.documents.report.signs import Tag
from xunshui.documents.report.table import Cell, Column, Table, figure, word
from xunshui.documents.typeset import shortened
from xunshui.indicators import BY_KEY, INDICATORS, Indicator, Value
from xunshui.quantities import show_beside
from xunshui.register import GRADE_TITLES, Grade
from xunshui.rules import Judgement
from xunshui.site.operation import Period

_DOUBTFUL = (Grade.C, Grade.M)
_GRADE_WORDS: dict[str, str] = {
    Grade.A: "原文",
    Grade.B: "正文",
    Grade.C: "未核实",
    Grade.D: "推定",
    Grade.M: "凭记忆",
}


def indicator_table(assessment: Assessment, periods: Sequence[Period], told: Uncertain) -> Table:
    """Return the indicators that apply to the site, with a column for each of these periods.

    Where the deciding period could be reconciled, the reconciled figures stand behind the ledger's.
    """
    reconciled = _reconciled_columns(assessment, told)
    return Table(
        caption="用水指标",
        columns=(
            Column(title="指标", width=22),
            Column(title="单位", width=8),
            *(Column(title=shortened(period.id, 12), numeric=True, width=8) for period in periods),
            *reconciled,
            Column(title="公式与依据", width=28),
            Column(title="等级", width=11),
        ),
        rows=tuple(
            _row(assessment, value_id, periods, told.periods.get(assessment.period))
            for value_id in _ids(assessment)
        ),
    )


def _reconciled_columns(assessment: Assessment, told: Uncertain) -> tuple[Column, ...]:
    if assessment.period not in told.periods:
        return ()
    return (
        Column(title="校正值", numeric=True, width=9),
        Column(title="u", numeric=True, width=8),
    )


def _reconciled(told: Reconciled | None, value_id: str) -> tuple[Cell, ...]:
    if told is None:
        return ()
    estimate = told.indicators.get(value_id)
    if estimate is None:
        return word("—"), word("—")
    return estimate_cells(estimate.value, estimate.u, BY_KEY[value_id.partition(".")[0]].places)


def _ids(assessment: Assessment) -> Iterable[str]:
    """Return the ids of all values in the order of the catalogue, whichever period has them."""
    order = {indicator.key: place for place, indicator in enumerate(INDICATORS)}
    told = {value.id: value for values in assessment.values.values() for value in values.values()}
    return sorted(told, key=lambda value_id: order[told[value_id].key])


def _row(
    assessment: Assessment, value_id: str, periods: Sequence[Period], reconciled: Reconciled | None
) -> tuple[Cell, ...]:
    values = [assessment.values[period.id].get(value_id) for period in periods]
    definition = BY_KEY[value_id.partition(".")[0]]
    why = reconciled.missing.get(value_id, "") if reconciled else ""
    unit = next((value.unit for value in values if value), definition.unit)
    return (
        word(definition.title + _subject(assessment, definition, value_id), note=_why_missing(values, why)),
        word(unit),
        *(_figure(assessment, value, definition) for value in values),
        *_reconciled(reconciled, value_id),
        word(definition.formula, note=definition.standard),
        Cell(tags=(grade_tag(definition.grade),)),
    )


def _subject(assessment: Assessment, definition: Indicator, value_id: str) -> str:
    subject = value_id.partition(".")[2]
    if not subject:
        return ""
    products = {product.id: product.name for product in assessment.site.products}
    levels = {str(level): f"{level} 级" for level in (1, 2, 3)} if definition.unit == "%" else {}
    return f"：{products.get(subject) or levels.get(subject) or Names(assessment.site).end(subject)}"


def _figure(assessment: Assessment, value: Value | None, definition: Indicator) -> Cell:
    if value is None:
        return word("—")
    shown = _beside_threshold(assessment, value, definition)
    return figure(value.value, definition.places, text=shown)


def _beside_threshold(assessment: Assessment, value: Value, definition: Indicator) -> str:
    """Return the value with decimals enough to tell it from the threshold it was held against, if it was."""
    compared = _comparison(assessment.verdict.gates, value)
    if compared is None or compared.threshold is None or value.value is None:
        return ""
    return show_beside(value.value, compared.threshold, definition.places)


def _comparison(judgements: Iterable[Judgement], value: Value) -> Judgement | None:
    for row in judgements:
        if row.value == value.value and row.indicator == value.id and row.threshold is not None:
            return row
        found = _comparison(row.children, value)
        if found is not None:
            return found
    return None


def _why_missing(values: Iterable[Value | None], not_reconciled: str) -> str:
    reasons: dict[str, list[str]] = {}
    for value in values:
        if value is not None and value.value is None:
            reasons.setdefault(value.reason or "缺少数据", []).append(value.period)
    if not_reconciled and not_reconciled not in reasons:
        reasons[not_reconciled] = ["校正值"]
    return "；".join(f"{'、'.join(periods)}：{reason}" for reason, periods in reasons.items())


def grade_tag(grade: str) -> Tag:
    """Return how a fact is known, as a tag of few words.

    >>> grade_tag("C").word
    'C 未核实'
    """
    if grade not in _GRADE_WORDS:
        return Tag(grade or "—", "", "plain")
    return Tag(f"{grade} {_GRADE_WORDS[grade]}", "", "warn" if grade in _DOUBTFUL else "plain")


def legend(assessment: Assessment, told: Uncertain) -> str:
    """Return what stands below the table: the grades, and of which period the reconciled figures are."""
    if assessment.period not in told.periods:
        return GRADE_LEGEND
    return f"{GRADE_LEGEND}校正值与其标准不确定度 u 是 {shortened(assessment.period, 24)} 年水平衡校正后的。"


GRADE_LEGEND = "等级：" + "；".join(f"{grade} {title}" for grade, title in GRADE_TITLES.items()) + "。"
"""What the grades mean, in one line below a table."""
