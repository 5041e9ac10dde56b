"""What the terminal shows of an assessment: the answer first, then each gate with its distance."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import click

from xunshui.assess import Assessment, as_json, uncertain
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
    from xunshui.cli.certainty import print_balance, print_beside  # slow import

    verdict, told = assessment.verdict, uncertain(assessment)
    click.echo(f"{assessment.site.name}  {assessment.period} 年  {verdict.notice}")
    click.secho(
        f"{_sign(verdict.eligible)} {ELIGIBLE[verdict.eligible]}", fg=COLOURS[verdict.eligible], bold=True
    )
    click.echo("\n指标（至少达到一项）")
    for number, gate in enumerate(verdict.gates):
        _print_judgement(gate)
        print_beside(told, number, gate)
    click.echo("\n基本条件")
    for condition in verdict.conditions:
        _print_judgement(condition)
    print_balance(told, assessment.period)
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


@dataclass(frozen=True, slots=True)
class FileLine:
    """What is shown of one file of a folder, and whether it could be assessed."""

    text: str
    assessed: bool


def print_many(lines: Iterable[FileLine]) -> int:
    """Print one line for each file and return how many could not be assessed."""
    faulty = 0
    for line in lines:
        faulty += not line.assessed
        # No line has colour, so none of its 50 kB need be searched for it.
        click.echo(line.text, color=True)
    return faulty


def json_line(outcome: FileOutcome) -> FileLine:
    """Return a file's outcome as one line of JSON."""
    assessment = outcome.assessment
    content = {
        "file": outcome.file,
        "assessment": None if assessment is None else as_json(assessment),
        "mistakes": outcome.mistakes or None,
    }
    return FileLine(json.dumps(content, ensure_ascii=False), assessment is not None)


def plain_line(outcome: FileOutcome) -> FileLine:
    """Return a file's outcome as one line for a person: whether it is eligible, and each gate."""
    if outcome.assessment is None:
        return FileLine(f"✕ {outcome.mistakes}", assessed=False)
    verdict = outcome.assessment.verdict
    gates = "  ".join(f"{gate.id} {OUTCOME_TITLES[gate.outcome]}" for gate in verdict.gates)
    text = f"{_sign(verdict.eligible)}  {outcome.file}  {outcome.assessment.site.name}  {gates}"
    return FileLine(text, assessed=True)
