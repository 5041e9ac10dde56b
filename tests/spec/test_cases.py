"""The published cases of `cases/*.yaml`: what is given, and what the notice says of it.

A page has a `title`, an `about`, an optional `given` that all its cases share, and its `cases`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter
from tests.spec.given import site_of_given

from xunshui.assess import assess
from xunshui.register import Overlay, register
from xunshui.rules import Judgement, Outcome, Verdict

CASES = Path(__file__).parent / "cases"
IMPOSSIBLE = {
    # A condition applies to everyone; the share of reclaimed water too.
    *((clause.id, Outcome.NOT_APPLICABLE) for clause in register().notice.conditions),
    ("R-IND-3", Outcome.NOT_APPLICABLE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case of a page."""

    id: str
    title: str
    clause: str
    why: str
    given: Mapping[str, Any]
    expect: Mapping[str, Any]


def _cases() -> Iterator[Case]:
    for file in sorted(CASES.glob("*.yaml")):
        page = yaml.safe_load(file.read_text(encoding="utf-8"))
        for row in page["cases"]:
            given = {**page.get("given", {}), **row["given"]}
            yield Case(**{**row, "id": f"{file.stem}/{row['id']}", "given": given})


ALL = tuple(_cases())


def _verdict(given: Mapping[str, Any]) -> Verdict:
    rest = dict(given)
    readings, overlay = rest.pop("readings", {}), rest.pop("overlay", None)
    tighter = TypeAdapter(Overlay).validate_python(overlay) if overlay else None
    return assess(site_of_given(rest), readings=readings, overlay=tighter).verdict


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in ALL])
def test_case(case: Case) -> None:
    verdict = _verdict(case.given)

    told = {key: _told(verdict, key, expected) for key, expected in case.expect.items()}

    assert told == {key: _wanted(expected) for key, expected in case.expect.items()}


def _told(verdict: Verdict, key: str, expected: object) -> object:
    if not isinstance(expected, Mapping):
        return str(getattr(verdict, key))
    judgement = _found(verdict, key)
    return {name: _fact(judgement, name, wanted) for name, wanted in expected.items()}


def _found(verdict: Verdict, key: str) -> Judgement:
    return next(row for row in _walk((*verdict.conditions, *verdict.gates)) if row.id == key)


def _walk(rows: tuple[Judgement, ...]) -> Iterator[Judgement]:
    for row in rows:
        yield row
        yield from _walk(row.children)


def _fact(judgement: Judgement, name: str, wanted: Any) -> object:
    match name:
        case "marks":
            return [mark.code for mark in judgement.marks]
        case "says":
            return wanted if str(wanted) in judgement.reason else judgement.reason
        case "distance_m3":
            return judgement.distance and judgement.distance.volume_m3
        case "evidence":
            return list(judgement.evidence)
    told = getattr(judgement, name)
    return told if isinstance(told, Fraction) or told is None else str(told)


def _wanted(expected: object) -> object:
    if not isinstance(expected, Mapping):
        return expected
    return {name: value if name in _WORDS else _number(value) for name, value in expected.items()}


_WORDS = ("outcome", "says", "marks", "evidence", "indicator", "unit", "operator", "period", "source")


def _number(written: object) -> Fraction | None:
    return None if written is None else Fraction(str(written))


def test_case_ids_are_unique() -> None:
    ids = [case.id for case in ALL]

    assert len(ids) == len(set(ids))


def test_cases_choose_every_option_of_every_open_reading() -> None:
    chosen = {pair for case in ALL for pair in case.given.get("readings", {}).items()}

    assert chosen == {
        (reading.id, option.id)
        for reading in register().readings
        if len(reading.options) > 1
        for option in reading.options
    }


@pytest.mark.parametrize("outcome", list(Outcome), ids=str)
def test_cases_show_every_outcome_of_every_clause(outcome: Outcome) -> None:
    notice = register().notice
    shown = {
        key
        for case in ALL
        for key, expected in case.expect.items()
        if isinstance(expected, Mapping) and expected.get("outcome") == outcome
    }

    clauses = {clause.id for clause in (*notice.conditions, *notice.gates)}

    assert clauses - shown == {clause for clause in clauses if (clause, outcome) in IMPOSSIBLE}


def test_cases_meet_every_threshold_exactly_and_on_both_sides() -> None:
    wanted = {(gate.id, Fraction(row.value)) for gate in register().notice.gates for row in gate.thresholds}

    sides = {
        (key, Fraction(str(expected["threshold"])), _side(Fraction(str(expected["margin"]))))
        for case in ALL
        for key, expected in case.expect.items()
        if isinstance(expected, Mapping) and {"threshold", "margin"} <= expected.keys()
    }

    assert {(*row, side) for row in wanted for side in (-1, 0, 1)} - sides == set()


def _side(margin: Fraction) -> int:
    return (margin > 0) - (margin < 0)
