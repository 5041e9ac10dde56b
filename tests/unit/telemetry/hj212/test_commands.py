"""The commands that a person may have sent: written as the standard's tables have them, and strictly."""

from __future__ import annotations

import pytest

from xunshui.telemetry.hj212.commands import request_of
from xunshui.telemetry.hj212.read import read_commands
from xunshui.telemetry.localtime import instant_of_text

HOUR = instant_of_text("2016-08-01T01:05:22"), instant_of_text("2016-08-01T08:58:57")
POL = {"PolId": "w01018"}


@pytest.mark.parametrize(
    ("code", "dialect", "given", "content"),
    [
        pytest.param("1072", "2017", {"NewPW": "654321"}, "NewPW=654321", id="2017_table_C9"),
        pytest.param("3024", "2025", POL, "PolId=w01018", id="vector_D07"),
        pytest.param("3011", "2017", POL, "PolId=w01018", id="calibration"),
        pytest.param(
            "3011",
            "2025",
            {"CalibrationType": "1", **POL},
            "PolId=w01018;CalibrationType=1",
            id="order_is_the_tables",
        ),
        pytest.param("3015", "2017", {}, "", id="keep_a_sample"),
        pytest.param(
            "3016",
            "2017",
            {**POL, "CstartTime": "000000", "CTime": "2"},
            "PolId=w01018;CstartTime=000000;CTime=2",
            id="sampling_period_as_in_three_public_programs",
        ),
        pytest.param("3020", "2025", {"InfoId": "i12001"}, "InfoId=i12001", id="state_without_factor"),
        pytest.param(
            "3021",
            "2017",
            {**POL, "InfoId": "i13004", "i13004-Info": "165.0"},
            "PolId=w01018;InfoId=i13004;i13004-Info=165.0",
            id="parameter_named_by_another",
        ),
    ],
)
def test_command_is_written_as_the_tables_have_it(
    code: str, dialect: str, given: dict[str, str], content: str
) -> None:
    assert request_of(read_commands(), code, dialect, given).content == content


def test_log_of_a_period_is_asked_for_with_a_comma_between_its_times() -> None:
    request = request_of(read_commands(), "3020", "2017", {**POL, "InfoId": "i11001"}, HOUR)

    assert request.content == "PolId=w01018;InfoId=i11001;BeginTime=20160801010522,EndTime=20160801085857"


@pytest.mark.parametrize(
    ("code", "given", "told"),
    [
        pytest.param("3012", {}, "3012（即时采样）：缺 PolId（监测因子编码），可填如 w01018", id="missing"),
        pytest.param(
            "3012", {**POL, "Pol": "1"}, "3012（即时采样）：不认识的参数“Pol”，可填：PolId", id="unknown"
        ),
        pytest.param(
            "3015", POL, "3015（超标留样）：不认识的参数“PolId”，可填：（没有参数）", id="none_taken"
        ),
        pytest.param(
            "3016",
            {**POL, "CstartTime": "240000", "CTime": "25"},
            "3016（设置采样时间周期）：CstartTime（首次采样时刻）的写法不对（“240000”），"
            "可填时分秒 6 位数字，如 000000；CTime（采样周期（小时））的写法不对（“25”），可填1–24",
            id="all_mistakes_at_once",
        ),
        pytest.param(
            "3021",
            {**POL, "InfoId": "i13004", "i13005-Info": "1"},
            "3021（设置现场机参数）：不认识的参数“i13005-Info”，可填：PolId、InfoId、i13004-Info；"
            "缺 i13004-Info（参数的值），可填不含空白和 ; , = & 的文字，最多 64 个字符",
            id="value_of_another_parameter",
        ),
        pytest.param(
            "1072", {"NewPW": "a;b"}, "NewPW（新口令）的写法不对（现有 3 个字符）", id="secret_is_not_shown"
        ),
        pytest.param("2051", {}, "2051（取分钟数据）：要写明时段", id="period_missing"),
        pytest.param("3024", POL, "3024（启动自动标样核查）只有 2025 版才有", id="other_version"),
        pytest.param(
            "8803", {}, "不认识的命令“8803”；可填：clock、key、1014、1072、2011", id="no_such_command"
        ),
    ],
)
def test_mistakes_are_told_with_what_would_be_accepted(code: str, given: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError) as caught:
        request_of(read_commands(), code, "2017", given)

    assert told in str(caught.value)


@pytest.mark.parametrize("value", ["w01018&&", "w;1", "a=b", "w01018\r\n##", "", "w01018\n"])
def test_nothing_can_be_smuggled_into_a_frame(value: str) -> None:
    with pytest.raises(ValueError, match="写法不对"):
        request_of(read_commands(), "3012", "2017", {"PolId": value})


def test_command_without_a_period_takes_none() -> None:
    with pytest.raises(ValueError, match="没有时段"):
        request_of(read_commands(), "3012", "2017", POL, HOUR)


def test_1014_is_the_loggers_clock_in_the_surface_water_dialect_alone() -> None:
    assert request_of(read_commands(), "1014", "surface_water_2017", {}).what == "取数采仪时钟"
    with pytest.raises(ValueError, match="只有 surface_water_2017 版才有"):
        request_of(read_commands(), "1014", "2025", {})


def test_every_row_has_a_source_and_known_dialects() -> None:
    rows = read_commands()

    assert {"3011", "3024", "2013", "2062", "1072"} <= {row.code for row in rows}
    assert [row.code for row in rows if not row.source or not row.dialects] == []
    assert {each for row in rows for each in row.dialects} <= {"2005", "2017", "2025", "surface_water_2017"}
    keys = [(row.code, dialect) for row in rows for dialect in row.dialects]
    assert len(keys) == len(set(keys))
