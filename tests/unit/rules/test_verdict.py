"""A verdict carries its whole trace: clause, source, grade, years, inputs and the streams behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from tests.spec.given import Raw, site_of_given

from xunshui.assess import assess
from xunshui.register import register
from xunshui.rules import Judgement, Verdict

STEEL: Raw = {"industry": "3120", "surface": 30, "municipal_reclaimed": 10, "circulating_indirect": 960}
PARK: Raw = {"kind": "park", "surface": 60, "value_added": 10, "members": [{"id": "M", "reuse": 40}]}
DATA_CENTRE: Raw = {"kind": "data_centre", "public_supply": 10, "it_energy": 10_000}
SITES = {"steel": STEEL, "park": PARK, "data_centre": DATA_CENTRE, "empty": {}}


def verdict(given: Raw) -> Verdict:
    return assess(site_of_given(given)).verdict


def walk(rows: Iterable[Judgement]) -> Iterator[Judgement]:
    for row in rows:
        yield row
        yield from walk(row.children)


@pytest.mark.parametrize("given", SITES.values(), ids=SITES)
def test_verdict_judges_every_clause_in_the_order_of_the_notice(given: Raw) -> None:
    judged, notice = verdict(given), register().notice

    assert [row.id for row in judged.conditions] == [clause.id for clause in notice.conditions]
    assert [row.id for row in judged.gates] == [clause.id for clause in notice.gates]


@pytest.mark.parametrize("given", SITES.values(), ids=SITES)
def test_every_judgement_of_a_clause_quotes_it(given: Raw) -> None:
    judged, notice = verdict(given), register().notice

    for row in (*judged.conditions, *judged.gates):
        clause = notice.clause(row.id)
        assert (row.clause, row.text, row.title) == (clause.clause, clause.text, clause.title)


@pytest.mark.parametrize("given", SITES.values(), ids=SITES)
def test_every_judgement_gives_a_reason(given: Raw) -> None:
    judged = verdict(given)

    assert [row.id for row in walk((*judged.conditions, *judged.gates)) if not row.reason] == []


@pytest.mark.parametrize("given", SITES.values(), ids=SITES)
def test_every_comparison_carries_value_threshold_margin_and_source(given: Raw) -> None:
    judged = verdict(given)

    for row in walk((*judged.conditions, *judged.gates)):
        if row.threshold is not None and row.value is not None:
            assert row.margin is not None
            assert abs(row.margin) == abs(row.value - row.threshold)
            assert (row.unit != "", row.source != "", row.grade != "") == (True, True, True)


def test_gate_shows_every_evidence_year() -> None:
    gate = verdict(STEEL).gates[0]

    assert [(child.id, child.period) for child in gate.children] == [
        ("R-IND-1/2021", "2021"),
        ("R-IND-1/2022", "2022"),
        ("R-IND-1/2023", "2023"),
    ]


def test_gate_names_the_streams_behind_its_value() -> None:
    gate = verdict(STEEL).gates[0]

    assert {term.symbol: term.streams for term in gate.inputs} == {
        "V_r": ("circulating_indirect",),
        "V_f": ("surface", "municipal_reclaimed"),
        "V_t": ("circulating_indirect", "surface", "municipal_reclaimed"),
    }


def test_verdict_names_notice_rows_and_year() -> None:
    judged = verdict(STEEL)

    assert (judged.notice, judged.rule_version, judged.deciding_year) == (
        "工信厅节函〔2024〕280号",
        register().version,
        2023,
    )
