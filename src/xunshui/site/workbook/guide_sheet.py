"""The first sheet: how to fill in the workbook, what the colours mean, and what to do afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.worksheet import Worksheet

from xunshui.site.kinds import OUTSIDE
from xunshui.site.workbook.draft import Draft
from xunshui.site.workbook.layout import (
    FORM_SHEET,
    GUIDE_SHEET,
    MEMBER,
    OUTSIDE_WORD,
    OWN_COLUMN_MARK,
    TABLES,
    VOLUME_UNIT_LABEL,
    sheet_is_required,
    title_of,
)
from xunshui.site.workbook.look import INK, set_page, text_width

_PURPOSES = {
    "periods": "核算的年份或月份，以及当期的产值、能耗、用水计划",
    "units": "用水单位、次级用水单位、用水设备：水从哪里流到哪里的“哪里”",
    "streams": "取水、循环、串联、回用、耗水、排水：每股水从哪个单元到哪个单元，各期多少",
    "meters": "水表和流量计，及其等级、检定",
    "products": "主要产品、产量和对应的定额",
    "declarations": "申报条件的逐项声明与证明材料",
    "permits": "取水许可证或其他合法取水手续",
    "documents": "证明材料清单，供其他表引用编号",
    "quotas": "自带的用水定额，或经查无此标准的声明",
    "declared": "在别处申报过的指标值，用来与台账核对",
    "tanks": "水池、水塘与各期存水的变化",
    "valves": "水流上的阀门、闸门",
    "points": "设备送来的通道，各测什么、怎样换算成水量",
    "qualities": "实测水质与进出水限值",
    "energy": "各单元的用能",
    "chemicals": "各单元的水处理药剂",
    "assumptions": "本文件中假设或虚构之处",
}

_STEPS = (
    ("先后", "先填“站点”“时期”“单元”“水流”四张表；其余各表有就填，没有就留空。"),
    ("缺测与零", "空白表示缺测（不知道），0 表示没有水。不知道的数不要填 0。"),
    (
        OUTSIDE_WORD,
        f"水流的“从”“到”填单元编号；从厂外来、到厂外去（取水、排水、蒸发等）填“{OUTSIDE_WORD}”。",
    ),
    (
        "数字",
        "照抄台账，不要四舍五入；可用千分位逗号。可以写公式，读取的是保存时的计算结果。",
    ),
    (
        "水量单位",
        f"“{FORM_SHEET}”表的“{VOLUME_UNIT_LABEL}”可选 m³ 或 万m³，表头单位随之改变；已填的数字不会自动换算。",
    ),
    ("日期", "如 2023-12-31，也可写 2023/12/31、2023年12月31日。"),
    ("多个编号", "用“、”分开，如 FM-101、FM-102。"),
    (
        "增加时期",
        "在“时期”表加一行，再在有逐期数据的表中各加一列，表头写“水量 2024”的样子。",
    ),
    (
        "行和列",
        f"空行不读；列可以移动，列名不要改。自己用的列请把列名写成“{OWN_COLUMN_MARK}…”，读取时略过。",
    ),
)
_PARK_STEP = (
    "园区成员",
    "每个成员企业在“成员”表占一行，并在“单元”表中有一个同编号的一级单元；各表第一列“成员”空白的行属于园区自身，"
    "填了成员编号的行属于该成员。",
)
_LEGEND = (
    ("sample required", "必填 *", "蓝底、带星号的列：用到这张表的每一行都要填"),
    ("sample optional", "选填", "灰底的列：没有可以空着"),
    ("sample lacking", "漏填", "已经动笔的行里还空着的必填格，会自动变成浅橙色"),
    ("sample formula", "公式", "含有公式的格，会自动变成浅灰色"),
    ("sample example", "示例值", "斜体：虚构的演示数值（如“定额”表中示例值为“是”的行），申报前请替换"),
)
_COMMAND = "xunshui assess 文件.xlsx --report 报告.pdf"
_WIDTHS = (16, 10, 84)


def write_guide(draft: Draft) -> None:
    """Write the guide."""
    sheet = draft.book.add_worksheet(GUIDE_SHEET)
    look = draft.look
    sheet.set_default_row(21)
    for number, width in enumerate(_WIDTHS):
        sheet.set_column(number, number, width)
    sheet.set_row(0, 34)
    sheet.write_string(0, 0, "循水 · 站点填报工作簿", look["title"])
    sheet.write_string(1, 0, f"{draft.site.name}（{draft.site.id}）", look["subtitle"])
    row = _write_steps(sheet, draft, 3)
    row = _write_legend(sheet, draft, row + 1)
    row = _write_sheets(sheet, draft, row + 1)
    _write_end(sheet, draft, row + 1)
    sheet.set_tab_color(INK)
    set_page(sheet, header=f"{draft.site.name}（{draft.site.id}）", one_page=True)
    sheet.activate()


def _write_section(sheet: Worksheet, draft: Draft, row: int, title: str) -> int:
    sheet.set_row(row, 26)
    for number in range(len(_WIDTHS)):
        sheet.write_string(row, number, title if number == 0 else "", draft.look["section"])
    return row + 1


def _write_steps(sheet: Worksheet, draft: Draft, row: int) -> int:
    row = _write_section(sheet, draft, row, "怎样填写")
    steps = (*_STEPS, _PARK_STEP) if draft.of_park else _STEPS
    for title, text in steps:
        sheet.write_string(row, 0, title, draft.look["strong"])
        sheet.merge_range(row, 1, row, 2, text, draft.look["line"])
        if text_width(text) > sum(_WIDTHS[1:]) - 4:
            sheet.set_row(row, 34)
        row += 1
    return row


def _write_legend(sheet: Worksheet, draft: Draft, row: int) -> int:
    row = _write_section(sheet, draft, row, "颜色")
    for style, word, text in _LEGEND:
        sheet.write_string(row, 0, word, draft.look[style])
        sheet.merge_range(row, 1, row, 2, text, draft.look["line"])
        row += 1
    return row


def _write_sheets(sheet: Worksheet, draft: Draft, row: int) -> int:
    row = _write_section(sheet, draft, row, "工作表")
    for title, required, purpose in _sheets(draft):
        sheet.write_url(row, 0, f"internal:'{title}'!A1", draft.look["link"], string=title)
        sheet.write_string(row, 1, "必填" if required else "选填", draft.look["line"])
        sheet.write_string(row, 2, purpose, draft.look["line"])
        row += 1
    return row


def _sheets(draft: Draft) -> Iterator[tuple[str, bool, str]]:
    yield FORM_SHEET, True, "这个企业、园区或数据中心本身：名称、类型、行业、地址；水量单位"
    if draft.of_park:
        yield MEMBER.title, False, "园区的成员企业，每个一行"
    for table in TABLES:
        yield title_of(table), sheet_is_required(table), _PURPOSES[table]


def _write_end(sheet: Worksheet, draft: Draft, row: int) -> None:
    row = _write_section(sheet, draft, row, "填好之后")
    sheet.write_string(row, 0, "评估并出报告", draft.look["strong"])
    sheet.merge_range(row, 1, row, 2, _COMMAND, draft.look["command"])
    text = f"有错时，会一次列出所有错处所在的表、行、列和可填的内容。文件中“{OUTSIDE_WORD}”与 {OUTSIDE} 同义，下拉选项也可填英文代码。"
    sheet.merge_range(row + 1, 1, row + 1, 2, text, draft.look["line"])
