"""The report's content: the answer first, every number with its way back, every doubt in sight."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from xunshui.assess import Assessment, Severity, assess
from xunshui.documents.report import Report, Table, report_of
from xunshui.documents.report.verdict import sentence
from xunshui.rules import Outcome
from xunshui.site import Site, read_site

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@cache
def example(name: str) -> Site:
    """Return one of the example sites."""
    return read_site(EXAMPLES / f"{name}.json")


@cache
def assessed(name: str) -> Assessment:
    """Return the assessment of an example."""
    return assess(example(name))


@cache
def reported(name: str) -> Report:
    """Return the report of an example."""
    return report_of(assessed(name))


def column(table: Table, title: str) -> list[str]:
    """Return the texts of one column."""
    at = [column.title for column in table.columns].index(title)
    return [row[at].text for row in table.rows]


def test_sentence_of_an_eligible_site_names_its_gate_with_value_threshold_and_clause() -> None:
    said = reported("steel_pass").verdict.sentence.replace("\u00a0", " ")

    assert (
        said == "具备申报条件：工业用水重复利用率 97.60 % 大于 97 %（二（二）3（1））；5 项基本条件均达到。"
    )


def test_sentence_of_a_failed_condition_names_it() -> None:
    verdict = assessed("steel_pass").verdict
    credit = replace(verdict.conditions[-1], outcome=Outcome.NOT_MET)

    said = sentence(replace(verdict, conditions=(*verdict.conditions[:-1], credit)))

    assert said.startswith("不具备申报条件：工业用水重复利用率")
    assert said.endswith("；信用不符合要求。")


def test_sentence_without_proof_says_what_is_missing() -> None:
    site = replace(example("steel_pass"), permits=())

    said = report_of(assess(site)).verdict

    assert said.sign.text == "? 无法判定"
    assert said.sentence.endswith("缺少取用水手续的依据。")
    assert said.to_mend == ("取用水手续（二（二）1）：没有填写取水许可证或其他合法手续",)


def test_sentence_that_rests_on_a_doubtful_limit_says_so() -> None:
    verdict = assessed("steel_pass").verdict
    reuse = replace(verdict.gates[0], outcome=Outcome.NOT_MET)

    said = sentence(replace(verdict, gates=(reuse, *verdict.gates[1:])))

    assert "，但限值未经核实、存在争议；" in said


def test_sentence_without_any_gate_tells_the_way_to_each() -> None:
    verdict = reported("petrochemical_fail").verdict

    assert "没有一项指标" in verdict.sentence
    assert len(verdict.ways) == 3
    assert "即可越过" in verdict.ways[0]


def test_gate_cards_show_value_requirement_margin_and_marks() -> None:
    reuse, efficiency, reclaimed = reported("steel_pass").verdict.gates

    assert (reuse.sign.text, reuse.value, reuse.required) == ("● 达到", "97.60\u00a0%", "大于 97\u00a0%")
    assert reuse.margin == "余量 0.60\u00a0个百分点"
    assert {"未核实", "存在争议"} <= {tag.word for tag in efficiency.tags}
    assert reclaimed.sign.text == "▲ 未达到"
    assert reclaimed.margin.startswith("还差")
    assert "再以再生水替代" in reclaimed.distance


def test_gate_card_has_a_bar_for_each_evidence_year() -> None:
    years = reported("steel_pass").verdict.gates[0].years

    assert [year.label for year in years] == ["2021", "2022", "2023"]
    assert {year.threshold_text for year in years} == {"> 97\u00a0%"}


def test_gate_without_a_threshold_has_a_reason_in_place_of_bars() -> None:
    reuse = reported("data_centre_invented").verdict.gates[0]

    assert (reuse.sign.text, reuse.years) == ("– 不适用", ())
    assert "未对数据中心设" in reuse.reason


def test_value_close_to_its_threshold_is_never_printed_as_the_threshold() -> None:
    gate = assessed("steel_boundary").verdict.gates[0]
    card = reported("steel_boundary").verdict.gates[0]

    assert gate.value is not None
    assert (card.value == "97.00\u00a0%") == (gate.value == 97)


def test_every_indicator_stands_in_the_table_with_a_value_or_a_reason() -> None:
    assessment, table = assessed("petrochemical_fail"), reported("petrochemical_fail").every_indicator
    missing = [row for row in table.rows if any(cell.text == "—" for cell in row[2:-2])]

    assert len(table.rows) == len({key for values in assessment.values.values() for key in values})
    assert missing
    assert all(row[0].note for row in missing if any(cell.text != "—" for cell in row[2:-2]))


def test_indicator_grades_are_words() -> None:
    tags = {row[-1].tags[0].word for row in reported("steel_pass").indicators.rows}

    assert tags <= {"A 原文", "B 正文", "C 未核实", "D 推定", "M 凭记忆"}


def test_walk_leads_from_the_value_to_streams_and_meters() -> None:
    assessment, walk = assessed("steel_pass"), reported("steel_pass").walks[0]
    gate = assessment.verdict.gates[0]
    again = next(term for term in gate.inputs if term.symbol == "V_r")

    of_again = [row for row in walk.streams.rows if row[0].text == "V_r"]

    assert walk.formula == "R = V_r / (V_f + V_r) × 100"
    assert sum(row[5].number or 0 for row in of_again) == again.value
    assert set(column(walk.streams, "量")) == {"V_r", "V_f"}
    assert any(meter.startswith("FM") for meter in column(walk.streams, "水表"))


def test_walk_keeps_a_quantity_of_which_another_is_a_part() -> None:
    walk = reported("steel_pass").walks[2]

    assert set(column(walk.streams, "量")) == {"V_re", "V_i"}


def test_walk_of_a_park_reaches_into_its_members() -> None:
    walk = reported("park_invented").walks[0]

    assert any("/" in stream for stream in column(walk.streams, "编号"))
    assert "缺" not in column(walk.streams, "水量")


def test_problems_come_warnings_first() -> None:
    severities = [problem.severity for problem in assessed("steel_pass").problems]
    table = reported("steel_pass").problems

    assert set(severities) == {Severity.WARNING, Severity.NOTE}
    assert column(table, "程度") == sorted(column(table, "程度"), reverse=True)
    assert column(table, "程度")[0] == "▲ 须核对"


def test_ledger_begins_with_the_site_and_closes_like_the_balance() -> None:
    assessment, table = assessed("steel_pass"), reported("steel_pass").ledger
    assert table is not None

    first = table.rows[0]

    assert first[0].text == "全厂合计"
    assert first[-3].number == assessment.ledgers["2023"].row().residual
    assert len(table.rows) == len(assessment.site.units) + 1
    assert sum(span for _, span in table.groups) == len(table.columns)


def test_ledger_of_all_periods_has_a_line_for_each_unit_and_period() -> None:
    site, table = example("steel_pass"), reported("steel_pass").every_ledger

    assert len(table.rows) == len(site.periods) * (len(site.units) + 1)
    assert sum(span for _, span in table.groups) == len(table.columns)


def test_band_stands_only_where_figures_are_not_real() -> None:
    real = replace(example("steel_pass"), assumptions=(), quotas=())

    assert reported("steel_pass").title.band == "含示例或假设数值，结论不能用于申报"
    assert report_of(assess(real)).title.band == ""


def test_reading_that_departs_from_default_is_told_in_the_title_and_the_table() -> None:
    report = report_of(assess(example("steel_pass"), readings={"deciding_year": "every"}))

    assert ("释义选项", "改用 deciding_year=every，其余默认") in report.title.facts
    assert column(report.sources.readings, "是否默认").count("▲ 改用") == 1


def test_site_without_the_deciding_year_shows_its_latest_and_says_so() -> None:
    site = example("steel_pass")
    report = report_of(assess(replace(site, periods=site.periods[:1])))

    assert report.shown is not None
    assert report.shown.remark == "文件没有 2023 年的数据，这里是最近的 2021 年。"
    assert report.water_map is not None


def test_site_without_periods_is_reported_all_the_same() -> None:
    report = report_of(assess(replace(example("steel_pass"), periods=())))

    assert (report.shown, report.water_map, report.ledger) == (None, None, None)
    assert report.verdict.sign.text == "? 无法判定"


@pytest.mark.parametrize("name", ["cisa_2021", "dyeing_works", "park_invented", "data_centre_invented"])
def test_every_table_is_rectangular(name: str) -> None:
    report = reported(name)
    walks = [table for walk in report.walks for table in (walk.terms, walk.streams)]
    tables = [report.steps, report.problems, report.indicators, report.balances, report.every_flow, *walks]

    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)


def test_sources_used_are_listed_with_how_they_were_seen() -> None:
    sources = reported("steel_pass").sources

    assert {"S0", "S44", "GB12452T"} <= set(column(sources.sources, "编号"))
    assert set(column(sources.sources, "怎样见到")) <= {"读过正文", "二手副本", "本项目推定", "凭记忆"}
    assert sources.statement == "本报告由循水按公开规则自动计算，非官方评审意见。"
