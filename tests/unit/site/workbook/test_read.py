"""What a person types is understood as it was meant; what cannot be is told with its cell, all at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from openpyxl.utils import get_column_letter
from tests.unit.site.workbook.conftest import MILL, Sheets, Workbook

from xunshui.site import Site, site_from_json
from xunshui.site.graph import Trust
from xunshui.site.kinds import WaterKind
from xunshui.site.workbook.grid import ExcelError, Uncomputed

VOLUME = ("水流", "S1", "水量 2023")
KIND = ("水流", "S1", "水的类别")
PERIOD_END = ("时期", "2023", "结束日")
PRODUCTION = ("水流", "S1", "生产用水")
METERS = ("水流", "S1", "水表")


def _cell(workbook: Workbook, cell: tuple[str, str, str]) -> tuple[str, str]:
    return cell[0], workbook.place(*cell)


def volume(site: Site) -> Any:
    return site.streams[0].volume_m3.get("2023")


def kind(site: Site) -> Any:
    return site.streams[0].kind


def end(site: Site) -> Any:
    return site.periods[1].end


def production(site: Site) -> Any:
    return site.streams[0].production


def meters(site: Site) -> Any:
    return site.streams[0].meters


LAST_DAY = dt.date(2023, 12, 31)

UNDERSTOOD = [
    pytest.param(KIND, "地表水", kind, WaterKind.SURFACE, id="code_by_its_label"),
    pytest.param(KIND, "surface", kind, WaterKind.SURFACE, id="code_itself"),
    pytest.param(KIND, " Ground ", kind, WaterKind.GROUND, id="code_in_capitals_and_blanks"),
    pytest.param(
        KIND, "地下水（ground）", kind, WaterKind.GROUND, id="label_and_code_as_messages_print_them"
    ),
    pytest.param(
        ("水流", "S1", "从"), "env", lambda site: site.streams[0].source, "env", id="outside_by_its_code"
    ),
    pytest.param(
        ("水流", "S2", "从"), 101, lambda site: site.streams[1].source, "101", id="id_typed_as_a_number"
    ),
    pytest.param(
        ("水流", "S2", "从"), 101.0, lambda site: site.streams[1].source, "101", id="id_as_excel_keeps_it"
    ),
    pytest.param(
        ("水流", "S2", "从"), "ＣＴ１ ", lambda site: site.streams[1].source, "CT1", id="id_full_width"
    ),
    pytest.param(
        ("能源", "", "时期"), 2022, lambda site: site.energy[0].period, "2022", id="period_typed_as_a_number"
    ),
    pytest.param(
        ("单元", "CT1", "级别"), "３", lambda site: site.units[1].level, 3, id="level_typed_as_text"
    ),
    pytest.param(
        ("水表", "FM-2", "可信程度"), "low", lambda site: site.meters[1].trust, Trust.LOW, id="trust_by_code"
    ),
    pytest.param(("站点", "名称", "填写内容"), " 新名 ", lambda site: site.name, "新名", id="text_trimmed"),
    pytest.param(
        ("站点", "行业代码", "填写内容"), 3120.0, lambda site: site.industry, "3120", id="text_from_a_number"
    ),
    pytest.param(
        ("站点", "名称", "填写内容"), "甲_x000D_\n乙", lambda site: site.name, "甲\n乙", id="carriage_return"
    ),
    pytest.param(VOLUME, 0.1, volume, Decimal("0.1"), id="number_without_binary_rounding"),
    pytest.param(VOLUME, "12,345,678.90", volume, Decimal("12345678.9"), id="number_with_thousands"),
    pytest.param(VOLUME, "１２，３４５．６", volume, Decimal("12345.6"), id="number_full_width"),
    pytest.param(VOLUME, "12 345.6", volume, Decimal("12345.6"), id="number_with_thousands_by_blanks"),
    pytest.param(
        VOLUME, "1234567890.12345678901", volume, Decimal("1234567890.12345678901"), id="long_number"
    ),
    pytest.param(VOLUME, 0, volume, Decimal(0), id="nought_is_no_water"),
    pytest.param(VOLUME, None, volume, None, id="blank_is_missing"),
    pytest.param(VOLUME, "  ", volume, None, id="blanks_are_missing"),
    pytest.param(VOLUME, "缺测", volume, None, id="word_for_missing"),
    pytest.param(VOLUME, "—", volume, None, id="dash_for_missing"),
    pytest.param(
        ("单元", "CT1", "平衡允差"), "5％", lambda site: site.units[1].tolerance_percent, 5, id="percent_sign"
    ),
    pytest.param(PERIOD_END, dt.datetime(2023, 12, 31), end, LAST_DAY, id="day_as_excel_keeps_it"),
    pytest.param(PERIOD_END, "2023-12-31", end, LAST_DAY, id="day_by_hyphens"),
    pytest.param(PERIOD_END, "2023/12/31", end, LAST_DAY, id="day_by_slashes"),
    pytest.param(PERIOD_END, "2023.12.31", end, LAST_DAY, id="day_by_points"),
    pytest.param(PERIOD_END, "2023年12月31日", end, LAST_DAY, id="day_in_chinese"),
    pytest.param(PERIOD_END, "２０２３年１２月３１日", end, LAST_DAY, id="day_full_width"),
    pytest.param(PERIOD_END, 20231231, end, LAST_DAY, id="day_as_eight_figures"),
    pytest.param(PRODUCTION, "否", production, False, id="no_in_chinese"),
    pytest.param(PRODUCTION, False, production, False, id="no_as_excel_keeps_it"),
    pytest.param(PRODUCTION, 0, production, False, id="no_as_nought"),
    pytest.param(PRODUCTION, "TRUE", production, True, id="yes_in_english"),
    pytest.param(PRODUCTION, None, production, True, id="yes_by_default"),
    pytest.param(
        ("声明", "近三年未发生较大及以上污染事故、生态破坏事件", "是否属实"),
        None,
        lambda site: site.declarations[0].holds,
        None,
        id="unknown_is_neither",
    ),
    pytest.param(METERS, "FM 1、FM-2", meters, ("FM 1", "FM-2"), id="list_by_chinese_commas"),
    pytest.param(METERS, "FM-2,FM 1", meters, ("FM-2", "FM 1"), id="list_by_commas"),
    pytest.param(METERS, "FM-2；FM 1", meters, ("FM-2", "FM 1"), id="list_by_semicolons"),
    pytest.param(METERS, "FM-2  FM 1\n", meters, ("FM-2", "FM 1"), id="list_by_blanks"),
    pytest.param(METERS, "FM 1", meters, ("FM 1",), id="list_of_an_id_that_holds_a_blank"),
    pytest.param(
        ("水流", "编号", "水量 2023"), "水量2023年", volume, Decimal("1000.5"), id="heading_with_year"
    ),
    pytest.param(
        ("水流", "编号", "水量 2023"), "水量 2023（m3）", volume, Decimal("1000.5"), id="heading_full_width"
    ),
    pytest.param(("水流", "编号", "水的类别"), "kind", kind, WaterKind.SURFACE, id="heading_by_its_key"),
    pytest.param(("水流", "编号", "备注"), "# 核对", volume, Decimal("1000.5"), id="column_of_ones_own"),
    pytest.param(("水流", "编号", "备注"), None, volume, Decimal("1000.5"), id="blank_heading_over_nothing"),
]


@pytest.mark.parametrize(("cell", "typed", "look", "meant"), UNDERSTOOD)
def test_cell_is_understood_as_it_was_meant(
    sheets: Sheets, cell: tuple[str, str, str], typed: Any, look: Callable[[Site], Any], meant: Any
) -> None:
    sheets.type(cell[0], sheets.place(*cell), typed)

    assert look(sheets.read()) == meant


def test_cells_that_excel_keeps_in_its_own_way_are_understood(workbook: Workbook) -> None:
    workbook.type(*_cell(workbook, VOLUME), "=1/0")
    workbook.type(*_cell(workbook, PERIOD_END), dt.datetime(2023, 12, 31))
    workbook.type(*_cell(workbook, PRODUCTION), False)
    workbook.type(*_cell(workbook, ("水流", "S2", "水量 2023")), "#REF!")
    workbook.type(*_cell(workbook, ("水流", "S3", "水量 2023")), dt.datetime(2023, 5, 1), "yyyy-mm-dd")

    assert [mistake.problem for mistake in workbook.mistakes()] == [
        "公式“=1/0”没有保存计算结果",
        "单元格是错误值 #REF!（引用的单元格已删除）",
        "应为数字，单元格里是日期或时间 2023-05-01 00:00:00",
    ]


def test_percentage_format_counts_as_it_is_shown(workbook: Workbook) -> None:
    workbook.type("单元", workbook.place("单元", "CT1", "平衡允差"), 0.05, number_format="0%")

    assert workbook.read().units[1].tolerance_percent == 5


def test_volumes_in_ten_thousands_are_read_as_cubic_metres_exactly(workbook: Workbook) -> None:
    workbook.type("站点", workbook.place("站点", "水量单位", "填写内容"), "万立方米")
    workbook.type(VOLUME[0], workbook.place(*VOLUME), 0.12345)

    site = workbook.read()

    assert volume(site) == Decimal("1234.5")
    assert site.periods[0].plan_m3 == 2000 * 10_000
    assert site.tanks[0].capacity_m3 == 500
    assert site.quotas[0].value_m3 == Decimal("3.1")


def test_columns_and_rows_may_be_moved_and_lines_put_above(workbook: Workbook, mill: Site) -> None:
    sheet = workbook.sheet("水流")
    sheet.move_range("C1:D5", cols=20)
    sheet.insert_rows(4, amount=3)
    sheet.insert_rows(1)
    sheet["A1"] = "2023 年水流台账"

    assert workbook.read() == mill


def test_row_of_notes_and_unknown_sheets_may_be_there_or_not(workbook: Workbook, mill: Site) -> None:
    workbook.sheet("水流").delete_rows(2)
    del workbook.book["说明"], workbook.book["选项"]
    workbook.book.create_sheet("草稿")["A1"] = "=1/0"

    assert workbook.read() == mill


def test_optional_sheet_left_out_is_an_empty_table(workbook: Workbook) -> None:
    del workbook.book["阀门"]

    assert workbook.read().valves == ()


def test_header_that_lost_its_computed_text_is_still_understood(workbook: Workbook, mill: Site) -> None:
    assert str(workbook.sheet("水流")["H1"].value).startswith("=")  # openpyxl saves formulas without results

    assert workbook.read() == mill


def test_rows_of_members_go_to_their_member(workbook_of: Callable[[Site], Workbook], mill: Site) -> None:
    park = site_from_json(
        '{"id": "park", "name": "园区", "kind": "park", "periods": [], "streams": [], "members": ['
        + MILL
        + '], "units": [{"id": "mill", "name": "示例钢铁厂", "level": 1, "use": "member"}]}'
    )
    workbook = workbook_of(park)

    site = workbook.read()

    assert site == park
    assert site.members == (mill,)
    assert workbook.sheet("水流")["A3"].value == "mill"


REFUSED = [
    pytest.param(VOLUME, "1,2345", "“1,2345”中的逗号或空格不在千分位上", id="misplaced_thousands"),
    pytest.param(VOLUME, "约300", "“约300”不是数字", id="number_with_a_word"),
    pytest.param(VOLUME, -1, "“-1”不能小于 0", id="negative_amount"),
    pytest.param(VOLUME, True, "“True”不是数字", id="yes_for_a_number"),
    pytest.param(VOLUME, dt.datetime(2023, 5, 1), "应为数字，单元格里是日期或时间", id="day_for_a_number"),
    pytest.param(VOLUME, Uncomputed("=1/0"), "公式“=1/0”没有保存计算结果", id="formula_never_computed"),
    pytest.param(PERIOD_END, "2023-02-30", "“2023-02-30”不是日期", id="day_that_never_was"),
    pytest.param(PERIOD_END, 45291, "“45291”不是日期", id="day_that_lost_its_format"),
    pytest.param(PERIOD_END, 86400, "“86400”不是日期", id="no_seconds_since_1970"),
    pytest.param(PERIOD_END, None, "缺少必填项", id="required_cell_left_blank"),
    pytest.param(KIND, "河水", "“河水”不在可选范围", id="word_outside_the_code_list"),
    pytest.param(PRODUCTION, "也许", "“也许”应为是或否", id="neither_yes_nor_no"),
    pytest.param(METERS, "FM-2、FM-9", "水表“FM-9”不存在", id="one_of_several_unknown"),
    pytest.param(
        ("水流", "S1", "编号"), dt.datetime(2023, 1, 2), "Excel 已把内容变成日期", id="id_turned_into_a_day"
    ),
    pytest.param(
        ("站点", "统一社会信用代码", "填写内容"), 915110102035123456, "末几位已不可靠", id="long_id_as_number"
    ),
    pytest.param(("站点", "水量单位", "填写内容"), "吨", "“吨”不是水量单位", id="unit_of_another_kind"),
    pytest.param(("站点", "地址", "项目"), "地 址", "不认识的项目“地 址”", id="label_unknown"),
    pytest.param(("站点", "地址", "项目"), "名称", "“名称”出现了两次", id="label_twice"),
    pytest.param(("水流", "编号", "备注"), "流量", "不认识的列“流量”", id="heading_unknown"),
    pytest.param(("水流", "编号", "备注"), "名称", "列“名称”出现了两次", id="heading_twice"),
    pytest.param(
        ("水流", "编号", "名称"), "水量 2021", "时期“2021”不在“时期”表中", id="heading_of_no_period"
    ),
    pytest.param(("水流", "编号", "名称"), "水量", "须按时期分列", id="heading_without_period"),
    pytest.param(
        ("水流", "编号", "水量 2023"),
        "水量 2023 (万m³)",
        "表头单位“万m³”与应填的单位“m³”不一致",
        id="heading_unit",
    ),
    pytest.param(
        ("水流", "S2", "备注"), ExcelError("#DIV/0!"), "单元格是错误值 #DIV/0!（除数为零）", id="excel_error"
    ),
]


@pytest.mark.parametrize(("cell", "typed", "problem"), REFUSED)
def test_cell_that_cannot_be_understood_is_told_once_with_its_place(
    sheets: Sheets, cell: tuple[str, str, str], typed: Any, problem: str
) -> None:
    row, column = sheets.place(*cell)
    sheets.type(cell[0], (row, column), typed)

    mistakes = sheets.mistakes()

    place = f"“{cell[0]}”表第 {row + 1} 行 {get_column_letter(column + 1)} 列"
    told = [mistake for mistake in mistakes if mistake.place.startswith(place)]
    assert len(told) == 1
    assert problem in told[0].problem


def test_a_dozen_mistakes_are_told_at_once_in_the_order_of_the_workbook(workbook: Workbook) -> None:
    workbook.type("站点", "B4", "工厂")
    workbook.type("时期", workbook.place(*PERIOD_END), "年底")
    workbook.type("单元", workbook.place("单元", "CT1", "上级单元"), "CT9")
    workbook.type("单元", workbook.place("单元", "WT", "级别"), 4)
    workbook.type("水流", workbook.place("水流", "S1", "到"), "CT7")
    workbook.type("水流", workbook.place("水流", "S2", "水的类别"), "河水")
    workbook.type("水流", workbook.place("水流", "S3", "水量 2023"), "二百")
    workbook.type("水流", workbook.place("水流", "S3", "达标水量 2023"), "=H5/0")
    workbook.type("水表", workbook.place("水表", "FM-2", "检定日期"), "去年")
    workbook.type("水表", "J1", "厂家")
    workbook.type("声明", workbook.place("声明", workbook.sheet("声明")["A3"].value, "证明材料"), "D1、D2")
    workbook.type("材料", workbook.place("材料", "D1", "类别"), "P21")
    workbook.type("能源", workbook.place("能源", "", "时期"), "2020")

    mistakes = workbook.mistakes()

    assert [mistake.place for mistake in mistakes] == [
        "“站点”表第 4 行 B 列「类型」",
        "“时期”表第 4 行 C 列「结束日」",
        "“单元”表第 4 行 D 列「上级单元」",
        "“单元”表第 5 行 C 列「级别」",
        "“水流”表第 3 行 D 列「到」",
        "“水流”表第 4 行 E 列「水的类别」",
        "“水流”表第 5 行 I 列「水量 2023」",
        "“水流”表第 5 行 K 列「达标水量 2023」",
        "“水表”表第 1 行 J 列",
        "“水表”表第 4 行 G 列「检定日期」",
        "“声明”表第 3 行 C 列「证明材料」",
        "“材料”表第 3 行 B 列「类别」",
        "“能源”表第 3 行 E 列「时期」",
    ]
    assert str(mistakes[4]) == "“水流”表第 3 行 D 列「到」：单元“CT7”不存在；可填：101、CT1、WT"
    assert "地表水(surface)" in mistakes[5].accepted


def test_mistake_in_a_members_row_is_told_with_that_row(workbook_of: Callable[[Site], Workbook]) -> None:
    park = site_from_json(
        '{"id": "park", "name": "园区", "kind": "park", "periods": [], "streams": [], "members": ['
        + MILL
        + '], "units": [{"id": "mill", "name": "示例钢铁厂", "level": 1, "use": "member"}]}'
    )
    workbook = workbook_of(park)
    workbook.type("成员", "D3", "三一二零")
    workbook.type("水流", "E4", "CT7")
    workbook.type("阀门", "A3", "mall")

    assert [mistake.place for mistake in workbook.mistakes()] == [
        "“成员”表第 3 行 D 列「行业代码」",
        "“水流”表第 4 行 E 列「到」",
        "“阀门”表第 3 行 A 列「成员」",
    ]


def test_missing_required_sheets_are_told_without_their_consequences(workbook: Workbook) -> None:
    del workbook.book["时期"], workbook.book["单元"]

    assert [str(mistake) for mistake in workbook.mistakes()] == [
        "“时期”表：工作簿中没有这张工作表；可填：名为“时期”的工作表，可由模板复制",
        "“单元”表：工作簿中没有这张工作表；可填：名为“单元”的工作表，可由模板复制",
    ]


def test_missing_required_column_is_told_once(workbook: Workbook) -> None:
    workbook.sheet("水流").delete_cols(5)

    assert [str(mistake) for mistake in workbook.mistakes()] == [
        "“水流”表：缺少“水的类别”列；可填：在表头加入“水的类别”一列"
    ]


def test_column_without_heading_is_not_passed_over_in_silence(workbook: Workbook) -> None:
    workbook.type("水流", "Z4", 5)

    assert [str(mistake) for mistake in workbook.mistakes()] == [
        "“水流”表第 1 行 Z 列：此列有内容而没有列名；可填：补上列名；自用的列请以“#”开头"
    ]


@pytest.mark.parametrize(
    "cell", [pytest.param("A1048576", id="in_the_last_row"), pytest.param("XFD3", id="in_the_last_column")]
)
def test_content_beyond_the_largest_sheet_is_told(workbook: Workbook, cell: str) -> None:
    workbook.type("水流", cell, "x")

    assert [str(mistake) for mistake in workbook.mistakes()] == [
        f"“水流”表：单元格 {cell} 超出了读取范围（20000 行、500 列）；可填：删去末尾多余的行和列（连同格式）后保存"
    ]


def test_rows_that_are_only_formatted_are_no_content(workbook: Workbook, mill: Site) -> None:
    workbook.type("水流", "A1048576", None, "0.00")
    workbook.type("水流", "XFD9", None, "0.00")

    assert workbook.read() == mill
