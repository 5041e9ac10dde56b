"""What does not add up, warnings first: what, where, and what to do."""

from __future__ import annotations

from xunshui.assess import Assessment, Problem, Severity
from xunshui.documents.report.names import Names
from xunshui.documents.report.signs import SEVERITIES
from xunshui.documents.report.table import Cell, Column, Table, state, word

_LONGEST = 500


def problem_table(assessment: Assessment) -> Table:
    """Return every problem, the ones to be mended before filing first, else in the order they were found."""
    names = Names(assessment.site)
    ordered = sorted(assessment.problems, key=lambda problem: problem.severity is not Severity.WARNING)
    return Table(
        caption="需要核对",
        columns=(
            Column(title="程度", width=8),
            Column(title="时期", width=7),
            Column(title="位置", width=16),
            Column(title="问题", width=36),
            Column(title="怎样处理", width=28),
        ),
        rows=tuple(_row(names, problem) for problem in ordered),
    )


def _row(names: Names, problem: Problem) -> tuple[Cell, ...]:
    return (
        state(SEVERITIES[problem.severity]),
        word(problem.period or "—"),
        word(names.place(problem.where)),
        word(problem.text, longest=_LONGEST),
        word(problem.remedy, longest=_LONGEST),
    )


def warnings_in(assessment: Assessment) -> int:
    """Return how many problems should be mended before filing."""
    return sum(problem.severity is Severity.WARNING for problem in assessment.problems)
