"""Structure: what a value must be, told in the user's words and together with what is wrong between rows."""

from __future__ import annotations

from typing import Any

import pytest
from tests.spec.given import Raw, raw_of_given, stream

from xunshui.site import SiteFileInvalid, site_from_json, site_of
from xunshui.site.mistakes import Loc


def mistakes_of(raw: object) -> list[tuple[Loc, str]]:
    with pytest.raises(SiteFileInvalid) as caught:
        site_of(raw)
    return [(mistake.loc, mistake.problem) for mistake in caught.value.mistakes]


def accepted(raw: object) -> list[str]:
    with pytest.raises(SiteFileInvalid) as caught:
        site_of(raw)
    return [mistake.accepted for mistake in caught.value.mistakes]


def with_stream(**changes: Any) -> Raw:
    return raw_of_given({"streams": [{**stream("s", "env", "U", "surface", 1), **changes}]})


@pytest.mark.parametrize(
    ("changes", "loc", "problem"),
    [
        pytest.param({"kind": "lake"}, ("streams", 0, "kind"), "“lake”不在可选范围", id="unknown_code"),
        pytest.param(
            {"volume_m3": {"2023": -1}},
            ("streams", 0, "volume_m3", "2023"),
            "“-1”不能小于 0",
            id="negative_volume",
        ),
        pytest.param(
            {"volume_m3": {"2023": "约一万"}},
            ("streams", 0, "volume_m3", "2023"),
            "“约一万”不是数字",
            id="volume_in_words",
        ),
        pytest.param(
            {"production": "也许"}, ("streams", 0, "production"), "“也许”应为是或否", id="neither_yes_nor_no"
        ),
        pytest.param({"id": ""}, ("streams", 0, "id"), "不能为空", id="empty_id"),
        pytest.param({"colour": "蓝"}, ("streams", 0, "colour"), "不认识的属性“colour”", id="unknown_key"),
        pytest.param({"note": "水" * 4001}, ("streams", 0, "note"), "超过 4000 个字", id="too_long"),
    ],
)
def test_structure_tells_a_wrong_value(changes: Raw, loc: Loc, problem: str) -> None:
    assert mistakes_of(with_stream(**changes)) == [(loc, problem)]


def test_structure_tells_a_missing_key() -> None:
    raw = raw_of_given({})
    del raw["units"][0]["name"]

    assert mistakes_of(raw) == [(("units", 0, "name"), "缺少必填项")]


def test_structure_tells_a_wrong_day() -> None:
    raw = raw_of_given({})
    raw["periods"][0]["start"] = "去年"

    assert mistakes_of(raw) == [(("periods", 0, "start"), "“去年”不是日期")]


def test_structure_offers_the_codes_of_the_right_list() -> None:
    raw = raw_of_given({"quotas": [{"key": "k", "authority": "nation", "source": "s"}]})

    assert accepted(raw) == ["国家(national)、地方(local)"]


def test_structure_offers_the_uses_of_a_unit() -> None:
    raw = raw_of_given({"units": [{"id": "U", "name": "U", "use": "x"}]})

    assert accepted(raw)[0].endswith("园区成员(member)、其他(other)")


@pytest.mark.parametrize("raw", [[], "站点", None, 3], ids=["list", "text", "nothing", "number"])
def test_structure_refuses_what_is_no_site(raw: object) -> None:
    assert mistakes_of(raw) == [((), "应为一组属性（JSON 对象）")]


def test_mistakes_of_structure_and_between_rows_are_told_together() -> None:
    raw = raw_of_given(
        {
            "streams": [
                stream("s0", "env", "U", "lake", 1),
                stream("s1", "env", "U", "surface", 1),
                stream("s2", "env", "Q", "surface", 1),
                stream("s3", "env", "U", "surface", "很多"),
                stream("s4", "U", "env", "series", 1),
            ]
        }
    )

    # Rows are those of the file, though rows 0 and 3 could not be read.
    assert [loc for loc, _ in mistakes_of(raw)] == [
        ("streams", 0, "kind"),
        *(("streams", 3, "volume_m3", year) for year in ("2021", "2022", "2023")),
        ("streams", 4, "to"),
        ("streams", 2, "to"),
    ]


def test_reference_to_an_unreadable_row_is_no_second_mistake() -> None:
    raw = raw_of_given({"streams": [stream("s", "env", "U", "surface", 1)]})
    raw["units"][0]["level"] = 7

    assert [loc for loc, _ in mistakes_of(raw)] == [("units", 0, "level")]


def test_unreadable_kind_of_site_does_not_accuse_its_members() -> None:
    raw = raw_of_given({"kind": "parc", "park_level": "county", "members": [{"id": "M"}]})

    assert mistakes_of(raw) == [(("kind",), "“parc”不在可选范围")]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param('{"id": 1,}', "第 1 行第 10 列不是 JSON", id="trailing_comma"),
        pytest.param('{"id": NaN}', "NaN 不是数字", id="not_a_number"),
        pytest.param("[" * 100_000, "嵌套过深", id="nested_too_deep"),
        pytest.param(b"\xff\xfe\x00", "文件不是 UTF-8 文本", id="other_encoding"),
    ],
)
def test_json_that_cannot_be_read_says_why(text: str | bytes, problem: str) -> None:
    with pytest.raises(SiteFileInvalid) as caught:
        site_from_json(text)

    assert caught.value.mistakes[0].problem.startswith(problem)
