"""What an engineer meets when she opens the workbook: sheets, titles, units, drop-downs, print set-up."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from tests.unit.site.workbook.conftest import Workbook

from xunshui.site import Site, SiteFileInvalid
from xunshui.site.columns import attributes, tables
from xunshui.site.graph import Meter
from xunshui.site.kinds import KINDS, SiteKind
from xunshui.site.workbook import read_workbook, write_workbook
from xunshui.site.workbook.layout import REFERENCES, TABLES, attributes_of, scalars
from xunshui.site.workbook.put import is_exact_in_excel

SHEETS = ["说明", "站点", "时期", "单元", "水流", "水表", "产品", "声明", "取水许可", "材料", "定额"] + [
    "申报值",
    "水池",
    "阀门",
    "点位",
    "水质",
    "能源",
    "药剂",
    "假设",
    "选项",
]


@pytest.fixture(scope="module")
def written(mill: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("written") / "站点.xlsx"
    write_workbook(mill, file)
    return file


@pytest.fixture(scope="module")
def book(written: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(written)


def _heads(book: openpyxl.Workbook, sheet: str) -> list[str]:
    return [str(cell.value) for cell in book[sheet][1] if cell.value is not None]


def _dropdowns(book: openpyxl.Workbook, sheet: str) -> dict[str, str]:
    """Return the source of each list by the range it stands in."""
    rules = book[sheet].data_validations.dataValidation
    return {str(rule.sqref): str(rule.formula1) for rule in rules if rule.type == "list"}


def test_every_table_of_the_model_has_its_sheet(book: openpyxl.Workbook, mill: Site) -> None:
    assert set(TABLES) == set(tables(Site)) - {"members"}
    assert all(getattr(mill, table) for table in TABLES)
    assert book.sheetnames == SHEETS
    assert book["选项"].sheet_state == "hidden"


def test_titles_of_a_sheet_differ_and_references_name_attributes() -> None:
    for table in (*TABLES, "members"):
        titles = [attribute.title for attribute in attributes_of(table)]
        assert len(titles) == len(set(titles))
    named = {(table, attribute.name) for table in TABLES for attribute in attributes_of(table)}
    assert REFERENCES.keys() <= named


def test_written_workbook_reads_back_equal(written: Path, mill: Site) -> None:
    assert read_workbook(written) == mill


def test_headers_bear_title_period_and_unit(written: Path) -> None:
    values = openpyxl.load_workbook(written, data_only=True)

    assert _heads(values, "水流") == [
        "编号 *", "名称", "从 *", "到 *", "水的类别 *", "水表", "生产用水", "水量 2022\n(m³)", "水量 2023\n(m³)",
        "达标水量 2022\n(m³)", "达标水量 2023\n(m³)", "管长\n(m)", "管径\n(mm)", "备注",
    ]  # fmt: skip


def test_unit_in_the_header_follows_the_form(book: openpyxl.Workbook) -> None:
    assert _heads(book, "水流")[7] == '="水量 2022"&CHAR(10)&"("&水量单位&")"'
    row = next(row for row in book["站点"].iter_rows() if row[0].value == "水量单位 *")
    assert book.defined_names["水量单位"].value == f"'站点'!$B${row[0].row}"
    assert _dropdowns(book, "站点")[str(row[1].coordinate)] == '"m³,万m³"'


def test_notes_of_attributes_stand_under_their_titles(book: openpyxl.Workbook) -> None:
    notes = [cell.value for cell in book["水流"][2]]

    assert notes[:3] == ["填写说明：全表唯一，如 S01", None, "单元编号；来自厂外填“外部”"]
    assert notes[7:9] == ["缺测留空，没有水填 0", None]


def test_form_has_a_line_for_each_attribute(book: openpyxl.Workbook) -> None:
    labels = [str(row[0].value).removesuffix(" *") for row in book["站点"].iter_rows(min_row=2)]

    assert labels[:-2] == [attribute.title for attribute in scalars()][:-1]
    assert labels[-2:] == ["水量单位", "格式"]


def test_codes_offer_their_chinese_labels(book: openpyxl.Workbook) -> None:
    lists = _dropdowns(book, "水流")

    assert lists["E3:E202"] == '"' + ",".join(facts.title for facts in KINDS.values()) + '"'
    assert lists["G3:G202"] == '"是,否"'
    assert _dropdowns(book, "单元")["C3:C202"] == '"1,2,3"'
    assert _dropdowns(book, "站点")["B4"] == '"企业,工业园区,数据中心"'


def test_references_offer_the_ids_of_the_other_sheet(book: openpyxl.Workbook) -> None:
    assert _dropdowns(book, "水流")["C3:C202"] == "水流两端"
    assert _dropdowns(book, "水流")["F3:F202"] == "水表编号"
    assert _dropdowns(book, "单元")["D3:D202"] == "单元编号"
    assert _dropdowns(book, "阀门")["B3:B202"] == "水流编号"
    pointed = 'IF($D3="液位",水池编号,IF($D3="水质",水流编号,水表编号))'
    assert _dropdowns(book, "点位")["C3:C202"] == pointed
    assert _dropdowns(book, "能源")["E3:E202"] == "时期编号"
    assert _dropdowns(book, "取水许可")["F3:F202"] == "材料编号"
    assert _dropdowns(book, "水质")["B3:B202"] == 'IF($A3="实测",水流编号,单元编号)'
    assert (
        book.defined_names["单元编号"].value == "OFFSET('单元'!$A$3,0,0,MAX(1,COUNTA('单元'!$A$3:$A$202)),1)"
    )


def test_ends_of_streams_offer_the_outside_before_the_units(written: Path) -> None:
    choices = openpyxl.load_workbook(written, data_only=True)["选项"]

    assert [choices.cell(row, 1).value for row in range(1, 6)] == ["外部", "101", "CT1", "WT", None]


def test_every_reference_has_a_dropdown(book: openpyxl.Workbook) -> None:
    without = {("declared", "subject")}  # a product or a unit: ids of two sheets
    for table, name in REFERENCES.keys() - without:
        title = next(attribute.title for attribute in attributes(Site) if attribute.name == table)
        attribute = next(attribute for attribute in attributes_of(table) if attribute.name == name)
        heads = [head.removesuffix(" *") for head in _heads(book, title)]
        letter = openpyxl.utils.get_column_letter(heads.index(attribute.title) + 1)
        assert f"{letter}3:{letter}202" in _dropdowns(book, title)


def _sheets(book: openpyxl.Workbook) -> Iterator[Worksheet]:
    for title in SHEETS[2:-1]:
        sheet = book[title]
        assert isinstance(sheet, Worksheet)
        yield sheet


def test_sheets_are_frozen_and_print_on_a4_as_wide_as_the_paper(book: openpyxl.Workbook) -> None:
    for sheet in _sheets(book):
        assert str(sheet.freeze_panes).endswith("3")
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$1:$2"


def test_ids_and_numbers_have_the_format_of_what_they_are(book: openpyxl.Workbook) -> None:
    streams = book["水流"]

    assert streams["A3"].number_format == "@"
    assert (streams["I3"].value, streams["I3"].number_format) == (1000.5, "#,##0_ ")
    assert book["时期"]["B3"].is_date
    assert (book["单元"]["A3"].value, book["单元"]["A3"].data_type) == ("101", "s")


def test_declared_figures_keep_the_decimals_they_were_declared_at(
    book: openpyxl.Workbook, written: Path
) -> None:
    cell = book["申报值"]["D3"]

    assert (cell.value, cell.number_format) == ("97.00", "@")
    assert str(read_workbook(written).declared[0].value) == "97.00"


def test_guide_says_how_to_fill_in_and_how_to_go_on(book: openpyxl.Workbook) -> None:
    said = "\n".join(str(cell.value) for row in book["说明"].iter_rows() for cell in row if cell.value)

    for words in (
        "空白表示缺测",
        "0 表示没有水",
        "外部",
        "必填 *",
        "示例值",
        "xunshui assess 文件.xlsx --report 报告.pdf",
    ):
        assert words in said
    assert all(title in said for title in SHEETS[1:-1])


def test_volumes_can_be_written_in_ten_thousands(tmp_path: Path, mill: Site) -> None:
    file = tmp_path / "万.xlsx"

    write_workbook(mill, file, volume_unit="万m³")

    values = openpyxl.load_workbook(file, data_only=True)
    assert (values["水流"]["I1"].value, values["水流"]["I3"].value) == ("水量 2023\n(万m³)", 0.10005)
    assert (values["水池"]["D1"].value, values["水池"]["D3"].value) == ("有效容积\n(m³)", 500)
    assert read_workbook(file) == mill


def test_parks_have_members_and_whose_row_it_is(workbook_of: Callable[[Site], Workbook], mill: Site) -> None:
    park = replace(
        mill, id="park", kind=SiteKind.PARK, units=(replace(mill.units[0], id="mill"),), streams=()
    )

    book = workbook_of(replace(park, members=(mill,))).book

    assert book.sheetnames[:4] == ["说明", "站点", "成员", "时期"]
    assert [cell.value for cell in book["单元"]["A"]][:6] == [
        "成员", "填写说明：空为园区自身，否则填成员的编号", None, "mill", "mill", "mill",
    ]  # fmt: skip
    assert _dropdowns(book, "单元")["A3:A202"] == "成员编号"
    assert book.defined_names["单元编号"].value.startswith("OFFSET('单元'!$B$3")


def test_rows_beyond_the_prepared_ones_have_dropdowns_too(
    workbook_of: Callable[[Site], Workbook], mill: Site
) -> None:
    meters = tuple(Meter(id=f"M{number}") for number in range(300))

    book = workbook_of(replace(mill, meters=(*mill.meters, *meters))).book

    assert _dropdowns(book, "水表")["F3:F354"] == '"高,一般,低"'


def test_same_site_gives_the_same_bytes(tmp_path: Path, written: Path, mill: Site) -> None:
    write_workbook(mill, tmp_path / "again.xlsx")

    assert (tmp_path / "again.xlsx").read_bytes() == written.read_bytes()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("=1+1", id="formula"),
        pytest.param("https://example.org", id="address"),
        pytest.param("#N/A", id="error_value"),
        pytest.param("'0610", id="apostrophe"),
        pytest.param("1e5", id="number"),
        pytest.param('<a b="c">&amp;', id="markup"),
        pytest.param("甲\n乙", id="two_lines"),
        pytest.param("长" * 4000, id="longest"),
    ],
)
def test_text_stays_text(tmp_path: Path, mill: Site, text: str) -> None:
    site = replace(mill, note=text, units=(replace(mill.units[0], note=text), *mill.units[1:]))

    write_workbook(site, tmp_path / "站点.xlsx")

    assert read_workbook(tmp_path / "站点.xlsx") == site


def test_characters_that_xml_forbids_do_not_break_the_package(tmp_path: Path, mill: Site) -> None:
    site = replace(mill, name="甲\x01\uffff&<乙", note="\x0c\ufffe丙")

    write_workbook(site, tmp_path / "站点.xlsx")

    with zipfile.ZipFile(tmp_path / "站点.xlsx") as package:
        for part in package.namelist():
            ElementTree.fromstring(package.read(part))
    assert read_workbook(tmp_path / "站点.xlsx").name == "甲&<乙"


@pytest.mark.parametrize(
    ("number", "exact"),
    [
        pytest.param("0.1", True, id="tenth"),
        pytest.param("123456789012345", True, id="fifteen_figures"),
        pytest.param("12345678901234567", False, id="seventeen_figures"),
        pytest.param("1000.00000000000001", False, id="many_decimals"),
    ],
)
def test_number_is_a_number_only_where_excel_keeps_it(number: str, exact: bool) -> None:
    assert is_exact_in_excel(Decimal(number)) is exact


def test_list_of_ids_that_cannot_be_parted_is_refused_with_the_remedy(tmp_path: Path, mill: Site) -> None:
    names = ("A、B", "A；B", "A，B", "A B", "A", "B")
    stream = replace(mill.streams[0], meters=("A", "B"))
    site = replace(mill, meters=tuple(Meter(id=name) for name in names), streams=(stream, *mill.streams[1:]))

    with pytest.raises(SiteFileInvalid, match="含有分隔编号用的符号"):
        write_workbook(site, tmp_path / "站点.xlsx")
