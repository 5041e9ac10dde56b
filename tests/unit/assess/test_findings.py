"""What does not add up: each finding with its place, its figures and its remedy, and silence where all is well."""

from __future__ import annotations

from tests.spec.given import Raw, site_of_given, stream

from xunshui.assess import Problem, assess

METERED = [stream("in", "env", "U", "surface", 100, meters=["FM"])]
SOUND: Raw = {
    "industry": "3120",
    "meters": [{"id": "FM"}],
    "streams": [*METERED, stream("out", "U", "env", "discharge", 95)],
}


def problems(**changes: object) -> list[Problem]:
    return list(assess(site_of_given({**SOUND, **changes})).problems)


def told(**changes: object) -> list[tuple[str, str, str]]:
    return [(row.code, row.where, row.period) for row in problems(**changes)]


def test_sound_site_has_no_problems() -> None:
    assert told() == []


def test_every_problem_says_what_to_do() -> None:
    found = problems(
        streams=[stream("in", "env", "U", "surface", {2022: 5})], assumptions=[{"at": "x", "text": "y"}]
    )

    assert [row.code for row in found if not row.remedy] == []


def test_open_balance_tells_the_residual_and_its_tolerance() -> None:
    streams = [*METERED, stream("out", "U", "env", "discharge", {2021: 95, 2022: 95, 2023: 80})]

    found = problems(streams=streams)

    assert [(row.code, row.where, row.period) for row in found] == [
        ("balance_open", "site", "2023"),
        ("balance_open", "U", "2023"),
    ]
    assert found[1].text == "生产：进水比出水多 20 m³（占通过水量 20.0 %），超过允差 10 m³（10 %）"


def test_open_balance_tells_which_side_is_larger() -> None:
    found = problems(streams=[*METERED, stream("out", "U", "env", "discharge", 125)])

    assert found[0].text == "全厂：出水比进水多 25 m³（占通过水量 20.0 %），超过允差 13 m³（10 %）"


def test_absent_year_is_told() -> None:
    found = problems(years=[2021, 2023])

    assert [(row.code, row.period, row.remedy) for row in found] == [
        ("year_absent", "2022", "补充 2022-01-01 至 2022-12-31 的时期和水量")
    ]


def test_missing_volumes_are_counted_and_named() -> None:
    found = problems(streams=[*METERED, stream("out", "U", "env", "discharge", {2021: 95, 2022: 95})])

    assert [(row.code, row.period, row.text) for row in found] == [
        ("volume_missing", "2023", "1 条水流没有 2023 年水量：out")
    ]


def test_intake_without_a_meter_is_told_for_the_deciding_year() -> None:
    streams = [stream("in", "env", "U", "surface", 100), stream("out", "U", "env", "discharge", 95)]

    assert told(streams=streams) == [("intake_unmetered", "in", "2023")]


def test_intake_of_nothing_needs_no_meter() -> None:
    streams = [*SOUND["streams"], stream("well", "env", "U", "ground", 0)]

    assert told(streams=streams) == []


def test_meter_that_ran_out_before_the_deciding_year_is_told() -> None:
    assert told(meters=[{"id": "FM", "valid_to": "2022-12-31"}]) == [("meter_expired", "FM", "2023")]
    assert told(meters=[{"id": "FM", "valid_to": "2023-01-01"}]) == []


def test_chosen_class_against_the_code_is_told() -> None:
    found = problems(industry_class="food")

    assert [row.text for row in found] == ["行业代码 3120 属于“钢铁”，自选归类为“食品”；按行业代码判定"]


def test_reclaimed_water_passing_through_is_noted() -> None:
    streams = [
        *SOUND["streams"],
        stream("r", "env", "U", "municipal_reclaimed", 50, meters=["FM"]),
        stream("s", "U", "env", "supplied_reclaimed", 50),
    ]

    found = problems(streams=streams)

    assert [(row.code, row.severity.value) for row in found] == [("reclaimed_passes_through", "note")]


def test_assumed_figures_are_noted() -> None:
    found = problems(assumptions=[{"at": "streams", "text": "示例"}])

    assert [(row.code, row.text) for row in found] == [
        ("assumed_figures", "本文件注明 1 处假设或示例数值，结论不能用于申报")
    ]
