"""What the terminal shows beside an assessment: reconciled figures with their probability, and the water as a whole."""

from __future__ import annotations

import click

from xunshui.assess.certainty import Uncertain
from xunshui.assess.certainty_words import (
    CONFLICT,
    DOUBTFUL,
    FRAGILE,
    basis_words,
    compliance_text,
    standing_words,
)
from xunshui.balance.words import suspect_words
from xunshui.indicators import BY_KEY
from xunshui.rules import Judgement


def print_beside(told: Uncertain, number: int, gate: Judgement) -> None:
    """Print what the reconciled balance makes of a gate's figure, if anything."""
    beside = told.of(number)
    if beside is None:
        return
    key, row = gate.indicator.partition(".")[0], told.periods.get(gate.period)
    click.echo(
        f"      校正值 {compliance_text(beside, BY_KEY[key].places if key in BY_KEY else 2)}", nl=False
    )
    marks = {
        f"▲ {CONFLICT}": beside.conflict,
        FRAGILE: beside.fragile,
        DOUBTFUL: row is not None and row.doubtful,
    }
    for mark in (words for words, holds in marks.items() if holds):
        click.secho(f"  {mark}", fg="yellow", nl=False)
    click.echo()


def print_balance(told: Uncertain, period: str) -> None:
    """Print how the deciding period balances as a whole, or why that cannot be told."""
    row = told.periods.get(period)
    if row is None:
        if period in told.why_not:
            click.echo(f"\n水平衡校正：{told.why_not[period]}")
        return
    click.echo(f"\n水平衡校正\n  {standing_words(row)}\n  {basis_words(row)}")
    readings = {flow.id: flow.reading for flow in row.balanced.flows}
    for suspect in row.balanced.found.suspects:
        first = suspect.candidate.errors[0].at
        click.echo(f"  ▲ {suspect_words(suspect, 'm³', readings.get(first))}")
