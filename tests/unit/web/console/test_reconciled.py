"""Reconciliation behind the console, on the simulated steel works: who is suspected, since when, and who never is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from xunshui.balance import GrossError, Kind
from xunshui.simulator.faults import Bias, Fault, Leak
from xunshui.simulator.plant import Plant, load
from xunshui.simulator.points import with_points
from xunshui.site.templates import template
from xunshui.telemetry.localtime import HOUR_US, MINUTE_US, instant_of_text
from xunshui.telemetry.series import Series
from xunshui.web.console.reconciled import BEFORE_H, WATCHED_H, reconciled, watched
from xunshui.web.console.reconciled_table import rows_of, uncheckable_of, words_of_test
from xunshui.web.console.streamed import streamed
from xunshui.web.console.suspects import suspects_of, suspects_of_span

SITE = with_points(template("steel"))
NOW = instant_of_text("2026-11-29T10:20")
HOURS = BEFORE_H + WATCHED_H


def told(faults: Sequence[Fault] = (), *, hours: int = HOURS, seed: int = 1) -> Series:
    """Return what the plant's meters tell in the whole hours before the present."""
    plant, last = Plant(SITE, seed, faults), NOW // HOUR_US * HOUR_US
    edges = tuple(last - (hours - number) * HOUR_US for number in range(hours + 1))
    meters = {meter.id: np.array([plant.hour(meter.id, at) for at in edges[:-1]]) for meter in SITE.meters}
    return Series(edges_us=edges, meters=meters, points={meter: f"P-{meter}" for meter in meters})


def within_class(seed: int) -> list[Fault]:
    """Return constant errors anywhere within the meters' classes, beside those that the plant has of its own."""
    chance = np.random.default_rng(seed)
    return [
        Bias(meter.id, float(meter.accuracy_class or 0) / 200 * chance.choice([-1, 1]), 0)
        for meter in SITE.meters
    ]


def part(whole: Series, until: int) -> Series:
    """Return the hours that a watch sees when so many hours have passed."""
    edges = whole.edges_us[until - HOURS : until + 1]
    meters = {meter: volumes[until - HOURS : until] for meter, volumes in whole.meters.items()}
    return Series(edges_us=edges, meters=meters, points=whole.points)


def test_constant_errors_within_class_raise_nothing_in_thirty_days() -> None:
    whole = told(within_class(1), hours=HOURS + 30 * 24)
    looks = [watched(SITE, part(whole, until)).changes for until in range(HOURS, HOURS + 30 * 24 + 1, 6)]

    assert len(looks) == 121
    assert [look for look in looks if look is None or look.found] == []
    assert reconciled(SITE, part(whole, HOURS + 30 * 24)).result.found.suspects == ()  # type: ignore[union-attr]  # there is one


@pytest.mark.parametrize(("meter", "stream"), [("FM-301", "S06"), ("FM-206", "S45"), ("FM-303", "S08")])
def test_step_of_six_percent_is_named_within_eight_hours(meter: str, stream: str) -> None:
    begin = NOW // HOUR_US * HOUR_US - 8 * HOUR_US
    look = watched(SITE, told([*within_class(2), Bias(meter, 0.06, begin)]))
    assert look.changes is not None
    [change] = look.changes.found

    assert change.suspect.candidate.errors == (GrossError(Kind.BIAS, stream),)
    assert change.onset == pytest.approx(WATCHED_H - 8, abs=0.6)


def test_suspects_are_told_in_words_the_surest_first() -> None:
    faults: list[Fault] = [
        Bias("FM-206", 0.06, instant_of_text("2026-11-28T22:10")),
        Leak("CT1", 41, instant_of_text("2026-11-29T02:10")),
    ]
    leak, bias = suspects_of(watched(SITE, told(faults)), NOW)

    assert leak.what == "高炉净环水系统疑漏"
    assert float(leak.amount.partition(" ")[0]) == pytest.approx(41, abs=2)
    assert leak.since == "起 02:10"
    assert leak.others[0] == "S49 高炉净环水系统蒸发损失（推算）疑比推算的多"
    assert leak.advice.startswith("查高炉净环水系统的补水管、阀门与溢流")
    assert bias.what.startswith("FM-206（深度处理进水流量计）疑偏高 ")
    assert float(bias.what.split(" ")[1]) == pytest.approx(6, abs=0.5)
    assert bias.since == "起 11-28 22:10"
    assert bias.points == (("FM-206", "P-FM-206"),)


def test_error_older_than_the_watch_is_told_so() -> None:
    [suspected] = suspects_of(watched(SITE, told([Bias("FM-301", 0.06, NOW - 100 * HOUR_US)])), NOW)

    assert suspected.since == "起于 11-26 10:00 以前"


def test_error_that_was_always_there_shows_in_the_span_alone() -> None:
    found = told([Bias("FM-206", 0.30, 0)])
    watch = suspects_of(watched(SITE, found), NOW)
    [suspected] = suspects_of_span(reconciled(SITE, found), watch)

    assert watch == []
    assert suspected.what.startswith("FM-206（深度处理进水流量计）疑偏高 3")
    assert suspected.since == "何时起不知道，整段都在"


def test_suspect_of_the_watch_is_not_told_twice() -> None:
    found = told([Bias("FM-206", 0.5, NOW - 40 * HOUR_US)], hours=HOURS)
    last_day = part(found, HOURS)
    watch = suspects_of(watched(SITE, found), NOW)

    assert len(watch) == 1
    assert suspects_of_span(reconciled(SITE, last_day), watch) == []


def test_unmetered_streams_go_with_the_load_that_no_single_meter_moves() -> None:
    found = told([Bias("FM-101", 0.5, 0)], hours=48)
    flows = streamed(SITE, found)
    [at] = [number for number, stream in enumerate(SITE.streams) if stream.id == "S48"]
    expected = [450_000 / 8_760 * load(edge + 30 * MINUTE_US) for edge in found.edges_us[:-1]]

    assert flows.flows[:, at] == pytest.approx(expected, rel=0.01)


def test_stream_without_a_meter_or_a_typed_volume_is_left_unmeasured() -> None:
    found = told(hours=24)
    meters = {meter: volumes for meter, volumes in found.meters.items() if meter != "FM-206"}
    streams = tuple(replace(each, volume_m3={}) if each.id == "S45" else each for each in SITE.streams)
    span = reconciled(
        replace(SITE, streams=streams),
        Series(edges_us=found.edges_us, meters=meters, points=found.points),
    )
    row = next(each for each in rows_of(span) if each.id == "S45")

    assert (row.reading, row.kind, row.z) == ("缺测", "可推算", "—")
    assert float(row.value) == pytest.approx(97.8, rel=0.15)


def test_hours_that_are_missing_go_by_the_load_and_more_than_half_is_missing() -> None:
    found = told(hours=24)
    some, most = found.meters["FM-301"].copy(), found.meters["FM-303"].copy()
    some[3:9], most[:13] = np.nan, np.nan
    meters = {**found.meters, "FM-301": some, "FM-303": most}
    told_of = dict(
        zip(
            [stream.id for stream in SITE.streams],
            streamed(
                SITE, Series(edges_us=found.edges_us, meters=meters, points=found.points)
            ).means.tolist(),
            strict=True,
        )
    )

    assert told_of["S06"] == pytest.approx(found.meters["FM-301"].mean(), rel=0.002)
    assert np.isnan(told_of["S08"])


def test_table_tells_reading_reconciled_class_and_basis() -> None:
    span = reconciled(SITE, told(hours=24))
    rows = {row.id: row for row in rows_of(span)}

    assert [rows["S06"].kind, rows["S16"].kind] == ["可核对", "不能核对"]
    assert rows["S06"].meters == (("FM-301", "P-FM-301"),)
    assert rows["S06"].basis == "2.5 级 /√3，检定过期 ×2"
    assert (rows["S48"].meters, rows["S48"].basis) == ((), "估算，取 10 %")
    assert (rows["S16"].z, rows["S16"].beyond) == ("—", False)
    assert float(rows["S06"].u) < 2 * 0.0144 * 134  # less than its meter's own


def test_uncheckable_meters_and_what_estimates_alone_check() -> None:
    found = uncheckable_of(reconciled(SITE, told(hours=24)))

    assert found is not None
    assert {meter for meter, _ in found.alone} >= {"FM-311", "FM-324"}
    assert "FM-301" not in {meter for meter, _ in found.alone}
    assert found.by_estimates == 20  # of 35: ten go round, five meet at the reverse osmosis
    assert all(each.startswith("在 S") for each in found.helpful)


def test_estimates_that_close_well_prove_nothing() -> None:
    assert "30 条水流是估算的，闭合得好不说明水表都准" in words_of_test(reconciled(SITE, told(hours=24)))


def test_meter_that_tells_water_running_backwards_tells_nothing() -> None:
    found = told(hours=HOURS)
    meters = {**found.meters, "FM-301": -found.meters["FM-301"]}
    backwards = Series(edges_us=found.edges_us, meters=meters, points=found.points)
    row = next(each for each in rows_of(reconciled(SITE, backwards)) if each.id == "S06")

    assert (row.reading, row.kind) == ("缺测", "可推算")
    assert watched(SITE, backwards).changes is not None
