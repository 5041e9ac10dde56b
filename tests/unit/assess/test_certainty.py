"""How sure an assessment is: by hand, against brute force and Monte Carlo, and what it says where it cannot tell."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from pydantic import TypeAdapter
from tests.spec.given import Raw, site_of_given, stream

from xunshui.assess import Assessment, AssessmentForm, as_json, assess, uncertain
from xunshui.assess.certainty import Uncertain
from xunshui.assess.gates_at_flows import Gates
from xunshui.assess.propagation import propagated, reconciled_flows
from xunshui.balance import Reconciliation, SiteStreams, site_network
from xunshui.cli.main import cli
from xunshui.indicators import BY_KEY, Ledgered
from xunshui.indicators.at_flows import Flows, Moved
from xunshui.rules import Outcome
from xunshui.site import Site, site_of

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
DRAWS = 10_000


def raw(name: str) -> Raw:
    """Return an example's tables."""
    return dict(json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8")))


@cache
def example(name: str) -> Site:
    """Return an example."""
    return site_of(raw(name))


def without_reading(name: str, *streams: str) -> Site:
    """Return an example in which some streams have no volume in 2023."""
    tables = raw(name)
    for row in tables["streams"]:
        if row["id"] in streams:
            del row["volume_m3"]["2023"]
    return site_of(tables)


# One unit that takes in 100 ± 1, gives out 96 ± 2 and circulates 900 ± 9 [m³].
TINY: Raw = {
    "industry": "3120",
    "meters": [
        {"id": "a", "standard_uncertainty_percent": "1"},
        {"id": "b", "standard_uncertainty_percent": "2.083333333333333333"},
        {"id": "c", "standard_uncertainty_percent": "1"},
    ],
    "streams": [
        stream("in", "env", "U", "surface", 100, meters=["a"]),
        stream("out", "U", "env", "discharge", 96, meters=["b"]),
        stream("around", "U", "U", "circulating_indirect", 900, meters=["c"]),
    ],
}


def tiny(**volumes: object) -> Assessment:
    """Return the assessment of the tiny site with other volumes."""
    given = deepcopy(TINY)
    for row in given["streams"]:
        row["volume_m3"] = volumes.get(str(row["id"]), row["volume_m3"])
    return assess(site_of_given(given))


def test_reuse_rate_by_hand() -> None:
    told = uncertain(tiny()).periods["2023"]

    # in and out are one flow x, told twice: x = (100/1² + 96/2²) / (1/1² + 1/2²) = 99.2, u²(x) = 1/(1 + 1/4) = 0.8.
    # R = 100 c / (x + c): ∂R/∂c = 100 x / (x + c)², ∂R/∂x = -100 c / (x + c)².
    x, c, u_x, u_c = 99.2, 900.0, 0.8**0.5, 9.0
    whole = (x + c) ** 2
    by_hand = ((100 * x / whole * u_c) ** 2 + (100 * c / whole * u_x) ** 2) ** 0.5
    rate = told.indicators["reuse_rate"]
    assert float(rate.value) == pytest.approx(100 * c / (x + c), rel=1e-12)
    assert rate.u == pytest.approx(by_hand, rel=1e-7)


def test_gate_bears_what_its_deciding_year_bears() -> None:
    told = uncertain(tiny())

    assert told.of(0) is not None
    assert told.of(0) == told.of(0, 2)
    assert set(told.periods) == {"2021", "2022", "2023"}


@pytest.mark.parametrize(
    "name", ["steel_pass", "dyeing_works_with_quota", "park_invented", "data_centre_invented"]
)
def test_streams_that_are_moved_together_answer_as_they_do_alone(name: str) -> None:
    assessment = assess(example(name))
    network = site_network(assessment.site, "2023")
    assert network is not None
    period = assessment.site.periods[-1]
    flows = Flows(assessment.site, "2023", reconciled_flows(assessment.site, "2023", network.balanced()))
    found = propagated(network, flows, Gates(assessment, period).figures)

    step, alone = Fraction(1, 1000), dict.fromkeys(found, 0.0)
    covariance = dense_covariance(network.network, network.sd)
    slopes = {key: np.zeros(len(network.network.streams)) for key in found}
    for at, stream_id in enumerate(network.network.streams):
        up = Gates(assessment, period).judged(Moved(flows, stream_id, step))
        down = Gates(assessment, period).judged(Moved(flows, stream_id, -step))
        for key, slope in slopes.items():
            slope[at] = float((figure_of(up, key) - figure_of(down, key)) / (2 * step))
    alone = {key: float(slope @ covariance @ slope) ** 0.5 for key, slope in slopes.items()}

    assert len(found) > 15
    assert any(isinstance(key, tuple) for key in found)
    assert {key: each.u for key, each in found.items()} == pytest.approx(alone, rel=1e-6, abs=1e-9)


def figure_of(judged: Any, key: Any) -> Fraction:
    """Return an indicator's value or a comparison's margin."""
    if isinstance(key, str):
        return Fraction(judged.indicators[key].value)
    return Fraction(next(node.row.margin for node in judged.nodes if node.path == key))


def dense_covariance(network: Any, sd: Any) -> Any:
    """Return the covariance of all reconciled flows, each a linear map of the readings."""
    problem = Reconciliation(network, sd)
    moved = problem.flows(np.eye(len(sd)))  # a row for each reading: what one unit of it does to all flows
    return moved.T @ np.diag(np.nan_to_num(sd) ** 2) @ moved


MONTE_CARLO: list[Any] = [
    pytest.param(lambda: example("steel_pass"), "reuse_rate", id="reuse_rate"),
    pytest.param(lambda: example("steel_pass"), "unit_product_withdrawal.P1", id="unit_withdrawal"),
    pytest.param(lambda: example("steel_pass"), "reclaimed_share", id="reclaimed_share"),
    pytest.param(lambda: example("data_centre_invented"), "wue", id="wue"),
    pytest.param(lambda: example("data_centre_invented"), "wue_net_of_return", id="wue_net"),
    pytest.param(lambda: example("petrochemical_fail"), "wastewater_reuse_rate", id="wastewater"),
    pytest.param(
        lambda: without_reading("steel_pass", "S01"), "unit_product_withdrawal.P1", id="unmetered_intake"
    ),
]


@pytest.mark.parametrize(("site", "indicator"), MONTE_CARLO)
def test_propagated_uncertainty_agrees_with_monte_carlo(site: Callable[[], Site], indicator: str) -> None:
    made = assess(site())
    told = uncertain(made).periods["2023"]
    network, ids = told.network, told.network.network.streams
    truth = np.array([np.nan if flow.value is None else flow.value for flow in told.balanced.flows])
    draw = np.random.default_rng(20240730).standard_normal((DRAWS, len(ids)))

    readings = truth + draw * network.sd
    flows = Reconciliation(network.network, network.sd).flows(readings, network.held)
    key = BY_KEY[indicator.partition(".")[0]]
    settings = {row.id: Fraction(row.value) for row in made.register.settings}
    streams = SiteStreams(made.site)
    drawn = []
    for row in (
        np.rint(flows).astype(int).tolist()
    ):  # to the cubic metre: a thousandth of any uncertainty here
        volumes = Flows(made.site, "2023", dict(zip(ids, map(Fraction, row), strict=True)), streams)
        ground = Ledgered(site=made.site, period=made.site.periods[-1], volumes=volumes, settings=settings)
        drawn.append(next(float(value.value or 0) for value in key.of(ground) if value.id == indicator))

    assert np.std(drawn) == pytest.approx(told.indicators[indicator].u, rel=0.02)
    assert np.mean(drawn) == pytest.approx(
        float(told.indicators[indicator].value), abs=told.indicators[indicator].u
    )


def test_intake_without_a_reading_is_told_by_the_balance_though_the_ledger_cannot() -> None:
    made = assess(without_reading("steel_pass", "S01"))
    told = uncertain(made)

    assert made.indicators["unit_product_withdrawal.P1"].value is None
    assert float(told.periods["2023"].indicators["unit_product_withdrawal.P1"].value) == pytest.approx(
        2.31, abs=0.01
    )
    gate = told.of(1)
    assert made.verdict.gates[1].outcome is Outcome.CANNOT_TELL
    assert gate is not None
    assert (gate.conflict, round(gate.probability, 6)) == (False, 1.0)


# Of 100 taken in and 90 given out the balance makes 98, and 3200 round about: 97.02 % becomes 97.06 %, and so on.
def conflicting() -> Assessment:
    """Return a site whose ledger misses 97 % by a meter that reads high."""
    return tiny(**{"in": 100, "out": 90, "around": 3200})


def test_conflict_is_told_and_the_outcome_follows_the_ledger() -> None:
    made = conflicting()
    gate, beside = made.verdict.gates[0], uncertain(made).of(0)

    assert gate.value is not None and beside is not None
    assert (gate.outcome, gate.value < 97) == (Outcome.NOT_MET, True)
    assert (beside.conflict, beside.value > 97) == (True, True)
    assert beside.probability > 0.5
    form = as_json(made, uncertain(made))
    assert (form["gates"][0]["outcome"], form["gates"][0]["conflict"]) == ("not_met", True)
    assert form["eligible"] == as_json(made)["eligible"]


def test_fragile_is_a_figure_within_its_uncertainty_of_the_threshold() -> None:
    near, far = (uncertain(tiny(out=100, around=round_about)).of(0) for round_about in (3240, 4000))

    assert near is not None and far is not None
    assert (near.fragile, near.conflict, far.fragile) == (True, False, False)
    assert 0.5 < near.probability < 0.95 < far.probability


def test_readings_that_balance_stand_exactly() -> None:
    exact = tiny(out=100, around=3233).indicators["reuse_rate"].value
    told = uncertain(tiny(out=100, around=3233)).periods["2023"]

    assert told.indicators["reuse_rate"].value == exact


def test_equality_with_the_threshold_is_no_conflict() -> None:
    made = assess(example("data_centre_invented"))
    gate, beside = made.verdict.gates[1], uncertain(made).of(1)

    assert beside is not None and gate.value == gate.threshold == beside.value
    assert (beside.probability, beside.conflict, beside.fragile) == (0.5, False, True)


def told_of(given: Raw) -> Uncertain:
    """Return what reconciliation says of a site given in the small language."""
    return uncertain(assess(site_of_given(given)))


def test_site_without_a_check_says_so() -> None:
    told = told_of(
        {
            "industry": "3120",
            "streams": [
                stream("in", "env", "U", "surface", 30),
                stream("out", "U", "env", "discharge", {}),
                stream("around", "U", "U", "circulating_indirect", 970),
            ],
        }
    )

    assert told.periods == {}
    assert told.why_not["2023"] == "没有一处平衡能核对水表，无从校正"
    assert told.of(0) is None


def test_unit_that_tells_only_its_intake_is_not_corrected_to_nothing() -> None:
    told = told_of({"industry": "3120", "surface": 30, "circulating_indirect": 970})

    assert told.periods == {}
    assert told.why_not["2023"] == "没有一处平衡能核对水表，无从校正"


def test_balances_that_contradict_exact_volumes_name_the_unit() -> None:
    told = told_of(
        {
            "industry": "3120",
            "streams": [stream("a", "env", "U", "surface", 0), stream("b", "U", "env", "discharge", 0)],
            "tanks": [{"id": "T", "name": "池", "unit": "U", "change_m3": 5}],
        }
    )

    assert "U" in told.why_not["2023"]


def test_indicators_beyond_the_flows_say_why() -> None:
    park = uncertain(assess(example("park_invented"))).periods["2023"]
    plant = uncertain(assess(example("steel_pass"))).periods["2023"]

    assert "成员" in park.missing["park_reuse_rate"]
    assert plant.missing["compliance_rate"] == "达标水量按文件所填，不随水流校正"
    assert plant.missing["meter_equipping_rate.1"] == "是个数之比，与水量无关"
    assert set(plant.indicators).isdisjoint(plant.missing)


def test_basis_names_what_is_assumed() -> None:
    told = uncertain(assess(example("cisa_2021")))
    plant = uncertain(assess(example("steel_pass"))).periods["2023"]

    assert [row.basis for row in told.periods.values()] == [(("估算，取 10 %", 3),)] * len(told.periods)
    assert plant.basis[0] == ("估算，取 10 %", 28)
    assert sum(count for _, count in plant.basis) == len(plant.network.metering)


def test_json_form_tells_certainty_only_where_it_was_asked_for() -> None:
    made = assess(example("steel_pass"))
    plain, told = as_json(made), as_json(made, uncertain(made))

    assert "uncertainty" not in plain
    assert "reconciled" not in plain["gates"][0] and "reconciled" not in plain["indicators"]["reuse_rate"]
    assert TypeAdapter(AssessmentForm).validate_python(json.loads(json.dumps(told))) == told
    assert told["gates"][0]["reconciled"] == pytest.approx(97.6012, abs=1e-4)
    assert told["indicators"]["compliance_rate"]["not_reconciled"]
    assert told["uncertainty"]["periods"]["2023"]["dof"] == 14


@pytest.mark.parametrize("as_text", [True, False], ids=["json", "terminal"])
def test_command_tells_conflict_and_doubt(tmp_path: Path, as_text: bool) -> None:
    tables = raw("steel_pass")
    next(row for row in tables["streams"] if row["id"] == "S01")["volume_m3"]["2023"] *= 1.06
    tables["products"][0]["output"]["2023"] *= 0.7715
    file = tmp_path / "biased.json"
    file.write_text(json.dumps(tables), encoding="utf-8")

    run = CliRunner().invoke(cli, ["assess", str(file), *(["--json"] if as_text else [])])

    assert run.exit_code == 0, run.output
    if as_text:
        form = json.loads(run.output)
        assert form["gates"][1]["conflict"] and form["gates"][1]["outcome"] == "not_met"
        assert form["uncertainty"]["periods"]["2023"]["doubtful"]
        assert "S01 疑偏高" in form["uncertainty"]["periods"]["2023"]["suspects"][0]
    else:
        assert "▲ 与台账结论相反，结果仍按台账  读数互相矛盾，只供参考" in run.output
        assert "▲ S01 疑偏高" in run.output


def test_folder_is_assessed_without_balancing_it(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(
        (EXAMPLES / "steel_pass.json").read_text(encoding="utf-8"), encoding="utf-8"
    )

    run = CliRunner().invoke(cli, ["assess", str(tmp_path), "--json", "--jobs", "1"])

    line = json.loads(next(row for row in run.output.splitlines() if row.startswith("{")))
    assert "uncertainty" not in line["assessment"]
