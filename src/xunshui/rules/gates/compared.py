"""One indicator held against one threshold of the register."""

from __future__ import annotations

from fractions import Fraction

from xunshui.indicators import BY_KEY, Value
from xunshui.quantities import plain, show_beside
from xunshui.register import Clause, Grade, Operator, Threshold
from xunshui.rules.distance import distance
from xunshui.rules.ground import Ground
from xunshui.rules.judgement import UNVERIFIED, Judgement, Mark, compare, margin
from xunshui.rules.outcome import OUTCOME_TITLES, Outcome
from xunshui.site.operation import Period

OPERATOR_WORDS = {
    Operator.GREATER: "大于",
    Operator.AT_LEAST: "不低于",
    Operator.LESS: "小于",
    Operator.AT_MOST: "不高于",
}


def against(
    ground: Ground, clause: Clause, threshold: Threshold, period: Period, *, indicator: str, wording: str
) -> Judgement:
    """Return how an indicator of a period compares with a threshold, with the distance in words of water."""
    value = ground.values[period.id].get(indicator)
    if threshold.note_grade is Grade.M or clause.grade is Grade.M:
        return unknown(indicator, f"限值 {threshold.value} 凭记忆，不用于判定；请提供数值与出处")
    if value is None or value.value is None:
        return unknown(indicator, _why_missing(indicator, value))
    return compared(
        value,
        threshold.operator,
        Fraction(threshold.value),
        wording=wording,
        hours=period.hours,
        marks=_marks(threshold),
        source=clause.source,
        grade=str(clause.grade),
    )


def compared(
    value: Value,
    operator: Operator,
    limit: Fraction,
    *,
    wording: str,
    hours: int,
    marks: tuple[Mark, ...],
    source: str,
    grade: str,
    title: str = "",
    said_by: str = "",
) -> Judgement:
    """Return the judgement of a known value against a limit in the value's own unit.

    `source` and `grade` are those of the row that the limit stands in; `title` replaces the indicator's,
    `said_by` opens the reason.
    """
    assert value.value is not None
    outcome = Outcome.MET if compare(value.value, operator, limit) else Outcome.NOT_MET
    return Judgement(
        id=value.id,
        title=title or BY_KEY[value.key].title,
        outcome=outcome,
        reason=said_by + _sentence(value, operator, limit, outcome),
        indicator=value.id,
        value=value.value,
        operator=operator,
        threshold=limit,
        unit=value.unit,
        margin=margin(value.value, operator, limit),
        source=source,
        grade=grade,
        marks=marks,
        inputs=value.terms,
        distance=None if outcome is Outcome.MET else distance(value, operator, limit, hours, wording),
    )


def unknown(indicator: str, reason: str, marks: tuple[Mark, ...] = ()) -> Judgement:
    """Return the judgement of what cannot be told."""
    return Judgement(
        id=indicator,
        title=indicator,
        outcome=Outcome.CANNOT_TELL,
        reason=reason,
        indicator=indicator,
        marks=marks,
    )


def _sentence(value: Value, operator: Operator, limit: Fraction, outcome: Outcome) -> str:
    assert value.value is not None
    title, places = BY_KEY[value.key].title, BY_KEY[value.key].places
    shown = show_beside(value.value, limit, places)
    return f"{title} {shown} {value.unit}，要求{OPERATOR_WORDS[operator]} {plain(limit)} {value.unit}，{OUTCOME_TITLES[outcome]}"


def _why_missing(indicator: str, value: Value | None) -> str:
    key = indicator.split(".")[0]
    title = BY_KEY[key].title if key in BY_KEY else indicator
    if value is None:
        return f"没有计算{title}所需的数据"
    return f"{title}无法计算：{value.reason}"


def _marks(threshold: Threshold) -> tuple[Mark, ...]:
    notes = (Mark("note", threshold.note),) if threshold.note else ()
    return notes + ((UNVERIFIED,) if threshold.note_grade is Grade.C else ())
