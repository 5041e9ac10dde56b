"""`xunshui rules`: what verdicts rest on, row by row."""

from __future__ import annotations

from collections.abc import Iterator

import click

from xunshui.register import (
    GRADE_TITLES,
    Clause,
    Register,
    discharge_limits,
    grid_factors,
    parameters,
    register,
)


@click.command("rules")
@click.argument(
    "part",
    type=click.Choice(["clauses", "readings", "quotas", "limits", "factors", "sources"]),
    default="clauses",
)
def command(part: str) -> None:
    """列出规则数据：clauses 条件与限值，readings 释义选项，quotas 定额，limits 排放限值，factors 电网因子，sources 出处。"""
    rows = register()
    click.echo(f"{rows.notice.document} {rows.notice.title}  版本 {rows.version}")
    for line in _PARTS[part](rows):
        click.echo(line)


def _clauses(rows: Register) -> Iterator[str]:
    for clause in (*rows.notice.conditions, *rows.notice.gates):
        yield f"\n{clause.id}  {clause.clause}  {clause.title}  [{clause.grade} {GRADE_TITLES[clause.grade]}]"
        yield f"  {clause.text}"
        yield from _thresholds(clause)


def _thresholds(clause: Clause) -> Iterator[str]:
    for row in clause.thresholds:
        note = f"（{row.note}）" if row.note else ""
        yield f"    {row.subject}: {row.indicator} {row.operator} {row.value} {row.unit}{note}"


def _readings(rows: Register) -> Iterator[str]:
    for reading in rows.readings:
        yield f"\n{reading.id}  {reading.clause}  {reading.question}  [{reading.grade}]"
        for option in reading.options:
            default = "（默认）" if option is reading.options[0] else ""
            yield f"    {reading.id}={option.id}{default}  {option.text}"


def _quotas(rows: Register) -> Iterator[str]:
    for row in rows.quotas:
        where = row.province or "国家"
        level = f"{row.level_as_printed}→{row.level_for_gate or '不作先进值'}"
        yield f"{row.key}  {row.value_m3} m³/{row.per}  {level}  {where} {row.standard} {row.product} {row.route}  [{row.grade}] {row.disputed}"


def _sources(rows: Register) -> Iterator[str]:
    for key, source in rows.sources.items():
        yield f"{key}  {source.title}（{source.seen}）"


def _limits(rows: Register) -> Iterator[str]:
    titles = {parameter.id: parameter for parameter in parameters()}
    for row in discharge_limits():
        what = titles[row.parameter]
        yield f"{row.standard}  {row.applies_to}  {what.title} {row.value} {what.unit}  {row.destination}  [{row.grade}] {row.note}"


def _factors(rows: Register) -> Iterator[str]:
    for row in grid_factors():
        yield f"{row.year}  {row.region}  {row.value} kgCO2/kWh  {row.kind}  [{row.grade}]"


_PARTS = {
    "clauses": _clauses,
    "readings": _readings,
    "quotas": _quotas,
    "limits": _limits,
    "factors": _factors,
    "sources": _sources,
}
