"""The application (申报书) as content: every section of the form with its answers, computed beside declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from xunshui.assess import Assessment
from xunshui.documents.filing.content import Filing, Part, blocks, pairs, whole
from xunshui.documents.report.table import Column, Table, word
from xunshui.documents.typeset import typeset
from xunshui.indicators import BY_KEY
from xunshui.quantities import show
from xunshui.register import Column as FormColumn
from xunshui.register import Field, FieldType, Form, Section
from xunshui.rules import OUTCOME_TITLES, Judgement

_EMPTY = "—"
_BLOCK = 60
"""Texts longer than this stand under a head of their own rather than beside a label."""


def application_content(
    form: Form,
    answers: Mapping[str, Mapping[str, Any]],
    *,
    kind: str,
    years: Sequence[int],
    facts: Sequence[tuple[str, str]],
    assessment: Assessment | None = None,
    documents: Sequence[tuple[str, str, str]] = (),
    seals: Sequence[str] = (),
) -> Filing:
    """Return the content of an application; `documents` are code, title and file name of the proof."""
    parts = [_part(section, answers.get(section.id, {}), years) for section in form.sections_for(kind)]
    if assessment is not None:
        parts.insert(-1, _computed(assessment))
    parts.append(_documents(documents))
    return Filing(
        title=typeset(form.title),
        subtitle=typeset(dict(facts).get("案例名称", "")),
        official=form.official,
        note=typeset(form.note),
        facts=pairs(facts),
        parts=tuple(parts),
        seals=tuple(map(typeset, seals)),
    )


def _part(section: Section, answers: Mapping[str, Any], years: Sequence[int]) -> Part:
    plain = [field for field in section.fields if not field.per_year and field.type is not FieldType.TABLE]
    told = [(_label(field), _words(field, answers.get(field.id)), field) for field in plain]
    yearly = [field for field in section.fields if field.per_year]
    tables = [
        *([_by_year(section.title, yearly, answers, years)] if yearly else []),
        *(
            _rows(field, answers.get(field.id), years)
            for field in section.fields
            if field.type is FieldType.TABLE
        ),
    ]
    return Part(
        title=section.title,
        facts=pairs((label, text) for label, text, field in told if not _is_block(field, text)),
        texts=blocks((label, text) for label, text, field in told if _is_block(field, text)),
        tables=tuple(tables),
        note=section.note,
    )


def _is_block(field: Field, text: str) -> bool:
    return field.type is FieldType.LONG_TEXT or len(text) > _BLOCK


def _label(field: Field | FormColumn) -> str:
    return f"{field.title}（{field.unit}）" if field.unit else field.title


def _words(field: Field | FormColumn, value: Any) -> str:
    if value in (None, "", {}, []):
        return _EMPTY
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.type is FieldType.CHOICE:
        return next((choice.title for choice in field.choices if choice.id == value), str(value))
    return str(value)


def _by_year(
    caption: str, fields: Sequence[Field], answers: Mapping[str, Any], years: Sequence[int]
) -> Table:
    head = (
        Column(title="项目", width=24),
        *(Column(title=f"{year} 年", numeric=True, width=14) for year in years),
    )
    rows = [
        (
            word(_label(field)),
            *(whole(_words(field, (answers.get(field.id) or {}).get(str(year)))) for year in years),
        )
        for field in fields
    ]
    return Table(caption=caption, columns=head, rows=tuple(rows))


def _rows(field: Field, value: Any, years: Sequence[int]) -> Table:
    heads = [
        (column, str(year) if year else "")
        for column in field.columns
        for year in (years if column.per_year else (0,))
    ]
    columns = tuple(
        Column(title=f"{column.title} {year}".strip(), unit=column.unit, width=10) for column, year in heads
    )
    rows = [
        tuple(whole(_cell(column, year, row)) for column, year in heads)
        for row in (value if isinstance(value, list) else [])
    ]
    return Table(caption=field.title, columns=columns, rows=tuple(rows))


def _cell(column: FormColumn, year: str, row: Mapping[str, Any]) -> str:
    value = row.get(column.id)
    return _words(column, value.get(year) if year and isinstance(value, dict) else value)


def _computed(assessment: Assessment) -> Part:
    """Return what the rules make of the ledger: never typed, always with its clause."""
    declared = {
        (row.indicator, row.period): row.value
        for row in assessment.site.declared
        if row.period == assessment.period
    }
    values = [
        (
            word(BY_KEY[value.key].title, note=BY_KEY[value.key].formula),
            word(show(value.value, BY_KEY[value.key].places) if value.value is not None else _EMPTY),
            word(_declared(declared.get((value.key, value.period)))),
            word(value.unit),
        )
        for value in assessment.indicators.values()
    ]
    indicators = Table(
        caption=f"{assessment.period} 年指标（由台账计算）",
        columns=(
            Column(title="指标", width=26),
            Column(title="算得", numeric=True, width=10),
            Column(title="申报", numeric=True, width=10),
            Column(title="单位", width=10),
        ),
        rows=tuple(values),
    )
    judged = [_judged(row) for row in (*assessment.verdict.gates, *assessment.verdict.conditions)]
    verdict = Table(
        caption="条件与指标",
        columns=(
            Column(title="条款", width=12),
            Column(title="结论", width=8),
            Column(title="理由", width=36),
        ),
        rows=tuple(judged),
    )
    eligible = OUTCOME_TITLES[assessment.verdict.eligible]
    return Part(
        title="指标与结论（计算）",
        facts=(("是否具备申报条件", eligible), ("规则版本", assessment.verdict.rule_version)),
        tables=(indicators, verdict),
    )


def _declared(value: Any) -> str:
    return _EMPTY if value is None else show(Fraction(value), 2)


def _judged(row: Judgement) -> tuple[Any, ...]:
    return (word(f"{row.clause} {row.title}"), word(OUTCOME_TITLES[row.outcome]), whole(row.reason))


def _documents(documents: Sequence[tuple[str, str, str]]) -> Part:
    table = Table(
        caption="证明材料",
        columns=(
            Column(title="类别", width=6),
            Column(title="名称", width=24),
            Column(title="文件", width=24),
        ),
        rows=tuple(tuple(whole(text) for text in row) for row in documents),
    )
    return Part(title="附件", tables=(table,))
