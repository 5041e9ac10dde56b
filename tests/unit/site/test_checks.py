"""Each check of a site yields its mistake: where, what is wrong, what would be accepted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.spec.given import Raw, raw_of_given, stream

from xunshui.site import Mistake, SiteFileInvalid, site_of
from xunshui.site.mistakes import Loc

Told = tuple[Loc, str, str]
Change = Callable[[Raw], Any]

QUOTA = {
    "key": "示例",
    "authority": "national",
    "value_m3": 3,
    "level_for_gate": "advanced",
    "source": "示例",
}
ABSENT = {
    "key": "示例",
    "authority": "national",
    "state": "no_such_standard",
    "source": "目录",
    "provided_by": "张工",
    "provided_on": "2024-05-01",
}


def a_site() -> Raw:
    """A site without mistakes: units U and V, an intake, a discharge, three years."""
    return raw_of_given(
        {
            "streams": [
                stream("in", "env", "U", "surface", 100),
                stream("out", "U", "env", "discharge", 60, compliant_m3=60),
            ],
            "products": [{"id": "P", "unit": "t", "output": 10}],
            "documents": {"D": "P01"},
            "declarations": {"legal_entity": {"holds": True, "documents": ["D"]}},
        }
    )


def mistakes_of(raw: Raw) -> list[Mistake]:
    with pytest.raises(SiteFileInvalid) as caught:
        site_of(raw)
    return list(caught.value.mistakes)


def told(raw: Raw) -> list[Told]:
    return [(mistake.loc, mistake.problem, mistake.accepted) for mistake in mistakes_of(raw)]


def test_a_site_without_mistakes_is_accepted() -> None:
    assert site_of(a_site()).id == "site"


CASES: dict[str, tuple[Change, list[Told]]] = {
    "repeated_id": (
        lambda raw: raw["units"].append({"id": "U", "name": "又一个"}),
        [
            (("units", 0, "id"), "编号“U”重复", "全表唯一的编号"),
            (("units", 2, "id"), "编号“U”重复", "全表唯一的编号"),
        ],
    ),
    "reserved_id": (
        lambda raw: raw["units"].append({"id": "外部", "name": "外部"}),
        [(("units", 2, "id"), "“外部”留作厂外之用", "另取编号")],
    ),
    "period_ends_before_it_starts": (
        lambda raw: raw["periods"].append({"id": "X", "start": "2024-02-01", "end": "2024-01-31"}),
        [(("periods", 3, "end"), "结束日 2024-01-31 早于开始日 2024-02-01", "2024-02-01 或以后")],
    ),
    "calendar_year_told_twice": (
        lambda raw: raw["periods"].append({"id": "X", "start": "2023-01-01", "end": "2023-12-31"}),
        [(("periods", 3), "2023 年已由时期“2023”给出", "每年一行")],
    ),
    "industry_code": (
        lambda raw: raw.update(industry="钢铁"),
        [(("industry",), "“钢铁”不是行业代码", "GB/T 4754 的 2–4 位数字，如 3120")],
    ),
    "credit_code_malformed": (
        lambda raw: raw.update(credit_code="123"),
        [
            (
                ("credit_code",),
                "“123”不是统一社会信用代码",
                "18 位数字与大写字母（不含 I、O、S、V、Z）",
            )
        ],
    ),
    "credit_code_check_character": (
        lambda raw: raw.update(credit_code="91350100M000100Y44"),
        [
            (
                ("credit_code",),
                "“91350100M000100Y44”的校验位不符",
                "末位应为 3，请核对前 17 位",
            )
        ],
    ),
    "park_level_of_an_enterprise": (
        lambda raw: raw.update(park_level="county"),
        [(("park_level",), "只有园区填写园区级别", "留空")],
    ),
    "parent_on_the_same_level": (
        lambda raw: raw["units"].append({"id": "W", "name": "W", "parent": "U"}),
        [(("units", 2, "parent"), "上级单元“U”为 2 级，不高于本单元的 2 级", "（无）")],
    ),
    "parent_unknown": (
        lambda raw: raw["units"].append({"id": "W", "name": "W", "level": 3, "parent": "Q"}),
        [(("units", 2, "parent"), "单元“Q”不存在", "U、V、W")],
    ),
    "intake_from_within": (
        lambda raw: raw["streams"].append(stream("x", "V", "U", "ground", {"2023": 1})),
        [(("streams", 2, "from"), "地下水的这一端不能是“V”", "外部(env)")],
    ),
    "circulating_water_to_outside": (
        lambda raw: raw["streams"].append(stream("x", "U", "env", "circulating_process", {"2023": 1})),
        [(("streams", 2, "to"), "工艺循环水的这一端不能是“外部”", "站内单元的编号")],
    ),
    "distribution_onto_itself": (
        lambda raw: raw["streams"].append(stream("x", "U", "U", "distributed", {"2023": 1})),
        [
            (
                ("streams", 2, "to"),
                "厂内供水不能由“U”流回自身",
                "另一个单元；只有循环水和回用水可以流回自身",
            )
        ],
    ),
    "stream_end_unknown": (
        lambda raw: raw["streams"].append(stream("x", "U", "Q", "series", {"2023": 1})),
        [(("streams", 2, "to"), "单元“Q”不存在", "U、V")],
    ),
    "meter_unknown": (
        lambda raw: raw["streams"].append(stream("x", "U", "V", "series", {"2023": 1}, meters=["FM-1"])),
        [(("streams", 2, "meters"), "水表“FM-1”不存在", "（无）")],
    ),
    "point_of_an_unknown_meter": (
        lambda raw: raw.update(points=[{"id": "P", "channel": "hj212:A/1", "at": "FM", "kind": "rate"}]),
        [(("points", 0, "at"), "水表“FM”不存在", "（无）")],
    ),
    "level_of_an_unknown_tank": (
        lambda raw: raw.update(points=[{"id": "P", "channel": "hj212:A/1", "at": "T9", "kind": "level"}]),
        [(("points", 0, "at"), "水池“T9”不存在", "（无）")],
    ),
    "channel_of_two_points": (
        lambda raw: raw.update(
            meters=[{"id": "FM"}],
            points=[{"id": name, "channel": "hj212:A/1", "at": "FM", "kind": "rate"} for name in "PQ"],
        ),
        [(("points", 1, "channel"), "通道“hj212:A/1”已属于点位“P”", "每个通道一行")],
    ),
    "points_that_cannot_be_read": (
        lambda raw: raw.update(
            meters=[{"id": "FM"}],
            points=[
                {"id": "P", "channel": "a", "at": "FM", "kind": "interval"},
                {"id": "Q", "channel": "b", "at": "FM", "kind": "rate", "factor": 0, "rolls_over_at": 10},
                {"id": "R", "channel": "c", "at": raw["streams"][0]["id"], "kind": "quality"},
            ],
        ),
        [
            (("points", 0, "interval_min"), "时段水量没有间隔", "分钟数，如 60、1440"),
            (("points", 1, "factor"), "换算系数不能是 0", "大于 0 的数，如 1"),
            (("points", 1, "rolls_over_at"), "只有累计水量有翻转值，且大于 0", "留空，或如 1000000"),
            (("points", 2, "parameter"), "水质点位没有污染物编码", "HJ 525 编码，如 w01018"),
        ],
    ),
    "volume_of_an_unknown_period": (
        lambda raw: raw["streams"].append(stream("x", "U", "V", "series", {"2019": 1})),
        [(("streams", 2, "volume_m3", "2019"), "时期“2019”不存在", "2021、2022、2023")],
    ),
    "compliant_volume_of_an_intake": (
        lambda raw: raw["streams"][0].update(compliant_m3={"2023": 1}),
        [(("streams", 0, "compliant_m3"), "只有排水填写达标水量", "留空")],
    ),
    "more_compliant_than_discharged": (
        lambda raw: raw["streams"][1].update(compliant_m3={"2023": 61}),
        [(("streams", 1, "compliant_m3", "2023"), "达标水量 61 大于排水量 60", "0–60")],
    ),
    "member_of_an_enterprise": (
        lambda raw: raw["members"].append(raw_of_given({"id": "M"})),
        [(("members", 0), "只有园区可以有成员站点", "把类型改为园区(park)")],
    ),
    "member_without_its_unit": (
        lambda raw: raw.update(kind="park", members=[raw_of_given({"id": "M"})]),
        [(("members", 0, "id"), "成员“M”没有对应的单元", "在单元中加入编号为“M”的一级单元")],
    ),
    "member_that_is_a_park": (
        lambda raw: raw.update(kind="park", members=[raw_of_given({"id": "U", "kind": "park"})]),
        [(("members", 0, "kind"), "成员不能又是园区", "enterprise、data_centre")],
    ),
    "mistake_within_a_member": (
        lambda raw: raw.update(kind="park", members=[raw_of_given({"id": "U", "industry": "钢"})]),
        [(("members", 0, "industry"), "“钢”不是行业代码", "GB/T 4754 的 2–4 位数字，如 3120")],
    ),
    "quota_without_source": (
        lambda raw: raw.update(quotas=[{**QUOTA, "source": ""}]),
        [(("quotas", 0, "source"), "定额须写明出处", "填写此项")],
    ),
    "quota_without_value_and_level": (
        lambda raw: raw.update(quotas=[{"key": "示例", "authority": "local", "source": "示例"}]),
        [
            (("quotas", 0, "value_m3"), "有此定额时须填写定额值", "填写此项"),
            (("quotas", 0, "level_for_gate"), "须由填报人写明判定采用的级别", "填写此项"),
        ],
    ),
    "absence_that_nobody_has_found": (
        lambda raw: raw.update(quotas=[{**ABSENT, "provided_by": "", "provided_on": None}]),
        [
            (("quotas", 0, "provided_by"), "声明“经查无此标准”须写明由谁查证", "填写此项"),
            (("quotas", 0, "provided_on"), "声明“经查无此标准”须写明查证日期", "填写此项"),
        ],
    ),
    "quota_told_twice": (
        lambda raw: raw.update(quotas=[QUOTA, {**QUOTA, "value_m3": 4}]),
        [
            (
                ("quotas", 1, "key"),
                "定额“示例”（国家）重复或自相矛盾",
                "每个定额键、层级和级别一行",
            )
        ],
    ),
    "quota_present_and_absent": (
        lambda raw: raw.update(quotas=[QUOTA, ABSENT]),
        [
            (("quotas", row, "key"), "定额“示例”（国家）重复或自相矛盾", "每个定额键、层级和级别一行")
            for row in (0, 1)
        ],
    ),
    "statement_made_twice": (
        lambda raw: raw["declarations"].append({"statement": "legal_entity", "holds": False}),
        [(("declarations", 1, "statement"), "“具有独立法人资格”已声明过", "每个事项一行")],
    ),
    "document_code": (
        lambda raw: raw["documents"].append({"id": "E", "code": "P21", "title": "E"}),
        [(("documents", 1, "code"), "“P21”不是材料类别", "P01–P20")],
    ),
    "document_unknown": (
        lambda raw: raw["declarations"].append({"statement": "no_accident", "documents": ["E"]}),
        [(("declarations", 1, "documents"), "材料“E”不存在", "D")],
    ),
    "permit_document_unknown": (
        lambda raw: raw.update(permits=[{"number": "1", "document": "E"}]),
        [(("permits", 0, "document"), "材料“E”不存在", "D")],
    ),
    "tank_of_an_unknown_unit": (
        lambda raw: raw.update(tanks=[{"id": "T", "unit": "Q"}]),
        [(("tanks", 0, "unit"), "单元“Q”不存在", "U、V")],
    ),
    "valve_on_an_unknown_stream": (
        lambda raw: raw.update(valves=[{"id": "V1", "stream": "q"}]),
        [(("valves", 0, "stream"), "水流“q”不存在", "in、out")],
    ),
    "measured_quality_of_an_unknown_stream": (
        lambda raw: raw.update(qualities=[{"at": "U", "parameter": "w01018", "value": 50}]),
        [(("qualities", 0, "at"), "水流“U”不存在", "in、out")],
    ),
    "energy_of_an_unknown_period": (
        lambda raw: raw.update(energy=[{"carrier": "电", "amount": 1, "measure": "kWh", "period": "2019"}]),
        [(("energy", 0, "period"), "时期“2019”不存在", "2021、2022、2023")],
    ),
    "chemical_of_an_unknown_unit": (
        lambda raw: raw.update(chemicals=[{"unit": "Q", "name": "PAC", "amount_t": 1, "period": "2023"}]),
        [(("chemicals", 0, "unit"), "单元“Q”不存在", "U、V")],
    ),
    "declared_for_an_unknown_period": (
        lambda raw: raw.update(declared=[{"indicator": "reuse_rate", "period": "2019", "value": 97}]),
        [(("declared", 0, "period"), "时期“2019”不存在", "2021、2022、2023")],
    ),
}


@pytest.mark.parametrize(("change", "expected"), CASES.values(), ids=CASES)
def test_check_yields_its_mistake(change: Change, expected: list[Told]) -> None:
    raw = a_site()
    change(raw)

    assert told(raw) == expected


def test_unit_of_a_main_product_is_checked() -> None:
    raw = a_site()
    raw["products"].append({"id": "Q", "name": "Q", "unit": "桶"})

    mistake = mistakes_of(raw)[0]

    assert (mistake.loc, mistake.problem[:9]) == (("products", 1, "unit"), "不认识的单位“桶”")


def test_unit_of_a_by_product_is_free() -> None:
    raw = a_site()
    raw["products"].append({"id": "Q", "name": "Q", "unit": "桶", "main": False})

    assert site_of(raw).products[1].unit == "桶"


def test_message_names_place_problem_and_choice() -> None:
    raw = a_site()
    raw["streams"].append(stream("x", "U", "Q", "series", {"2023": 1}))

    with pytest.raises(SiteFileInvalid) as caught:
        site_of(raw, file="工厂.json")

    assert str(caught.value) == ("工厂.json 有 1 处需要改正：\n  streams[2].to：单元“Q”不存在；可填：U、V")
