"""What the terminal shows of an assessment: the answer first, then each gate with its distance."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click

from xunshui.assess import Assessment
from xunshui.assess.many import Outcome as FileOutcome
from xunshui.rules import OUTCOME_TITLES, Judgement, Outcome

SHAPES = {Outcome.MET: "●", Outcome.NOT_MET: "▲", Outcome.NOT_APPLICABLE: "–", Outcome.CANNOT_TELL: "?"}
COLOURS = {
    Outcome.MET: "green",
    Outcome.NOT_MET: "red",
    Outcome.NOT_APPLICABLE: None,
    Outcome.CANNOT_TELL: "yellow",
}
ELIGIBLE = {
    Outcome.MET: "具备申报条件",
    Outcome.NOT_MET: "不具备申报条件",
    Outcome.CANNOT_TELL: "尚不能判定是否具备申报条件",
    Outcome.NOT_APPLICABLE: "不适用",
}


def print_one(assessment: Assessment) -> None:
    """Print the verdict on one site for a person at a terminal."""
    verdict = assessment.verdict
    click.echo(f"{assessment.site.name}  {assessment.period} 年  {verdict.notice}")
    click.secho(
        f"{_sign(verdict.eligible)} {ELIGIBLE[verdict.eligible]}", fg=COLOURS[verdict.eligible], bold=True
    )
    click.echo("\n指标（至少达到一项）")
    for gate in verdict.gates:
        _print_judgement(gate)
    click.echo("\n基本条件")
    for condition in verdict.conditions:
        _print_judgement(condition)
    _print_problems(assessment)


def _sign(outcome: Outcome) -> str:
    return f"{SHAPES[outcome]} {OUTCOME_TITLES[outcome]}"


def _print_judgement(row: Judgement) -> None:
    marks = "".join(f" [{mark.text}]" for mark in row.marks)
    click.secho(f"  {_sign(row.outcome)}", fg=COLOURS[row.outcome], nl=False)
    click.echo(f"  {row.title}（{row.clause}）：{row.reason}{marks}")
    if row.distance is not None:
        click.echo(f"      差距：{row.distance.text}")


def _print_problems(assessment: Assessment) -> None:
    if assessment.problems:
        click.echo(f"\n需要核对（{len(assessment.problems)}）")
    for problem in assessment.problems:
        when = f"{problem.period}  " if problem.period else ""
        click.echo(f"  · {when}{problem.text}\n      {problem.remedy}")


def print_many(outcomes: Iterable[FileOutcome], *, as_text: bool) -> int:
    """Print one line for each file and return how many could not be assessed."""
    faulty = 0
    for outcome in outcomes:
        faulty += outcome.assessment is None
        click.echo(_line_as_json(outcome) if as_text else _line(outcome))
    return faulty


def _line_as_json(outcome: FileOutcome) -> str:
    content = {"file": outcome.file, "assessment": outcome.assessment, "mistakes": outcome.mistakes or None}
    return json.dumps(content, ensure_ascii=False)


def _line(outcome: FileOutcome) -> str:
    if outcome.assessment is None:
        return f"✕ {outcome.mistakes}"
    eligible = Outcome(outcome.assessment["eligible"])
    gates = "  ".join(
        f"{gate['id']} {OUTCOME_TITLES[Outcome(gate['outcome'])]}" for gate in outcome.assessment["gates"]
    )
    return f"{_sign(eligible)}  {outcome.file}  {outcome.assessment['site']['name']}  {gates}"
