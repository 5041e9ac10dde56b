"""A file that is no readable workbook is told in one Chinese sentence, never by a traceback."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from xunshui.site import Site, SiteFileInvalid, read_site
from xunshui.site.workbook import read_workbook, write_workbook
from xunshui.site.workbook.read import LARGEST_PART_BYTES, LARGEST_UNPACKED_BYTES

Change = Callable[[str, bytes], bytes | None]

STREAMS_PART = "xl/worksheets/sheet5.xml"
ENTITIES = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"aaaa") for n in range(9))


@pytest.fixture(scope="module")
def content(mill: Site, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("broken") / "站点.xlsx"
    write_workbook(mill, file)
    return file.read_bytes()


def _repacked(content: bytes, change: Change) -> bytes:
    """Return the package with each part changed, or left out where the change gives None."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return packed.getvalue()


def _without(wanted: str) -> Change:
    return lambda name, part: None if name == wanted else part


def _replaced(wanted: str, new: bytes) -> Change:
    return lambda name, part: new if name == wanted else part


def _padded(wanted: str, size: int) -> Change:
    return lambda name, part: part + b" " * size if name == wanted else part


NOT_A_PACKAGE = [
    pytest.param(b"", "文件是空的", id="empty_file"),
    pytest.param("编号,名称\n".encode(), "这不是 .xlsx 工作簿", id="csv_renamed"),
    pytest.param(b"<html><table></table></html>", "这不是 .xlsx 工作簿", id="html_renamed"),
    pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "旧式 .xls 工作簿", id="xls_renamed"),
    pytest.param(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "工作簿设有打开密码",
        id="encrypted",
    ),
]
BROKEN_PARTS = [
    pytest.param(_without("[Content_Types].xml"), "已损坏", id="no_content_types"),
    pytest.param(_without("xl/workbook.xml"), "已损坏", id="no_workbook_part"),
    pytest.param(_without("xl/styles.xml"), "已损坏", id="no_styles"),
    pytest.param(_without("xl/sharedStrings.xml"), "已损坏", id="no_shared_strings"),
    pytest.param(_without(STREAMS_PART), "没有这张工作表", id="no_part_for_a_required_sheet"),
    pytest.param(_replaced(STREAMS_PART, b"<worksheet><sheetData>"), "已损坏", id="sheet_cut_short"),
    pytest.param(_replaced(STREAMS_PART, b"\xff\xfe\x00"), "已损坏", id="sheet_of_other_bytes"),
    pytest.param(_replaced("xl/sharedStrings.xml", b"<sst/>"), "已损坏", id="shared_strings_of_no_namespace"),
    pytest.param(
        _replaced("xl/sharedStrings.xml", b"<!DOCTYPE l [%s]><sst>&a8;</sst>" % ENTITIES),
        "已损坏",
        id="entities_that_multiply",
    ),
    pytest.param(_padded("xl/theme/theme1.xml", LARGEST_UNPACKED_BYTES), "超过 100 MB", id="zip_bomb"),
    pytest.param(_padded(STREAMS_PART, LARGEST_PART_BYTES), "“水流”表解压后有 16 MB", id="one_huge_sheet"),
    pytest.param(_padded("xl/sharedStrings.xml", LARGEST_PART_BYTES), "文字解压后有 16 MB", id="huge_texts"),
]


@pytest.mark.parametrize(("bytes_of_file", "words"), NOT_A_PACKAGE)
def test_file_that_is_no_package_is_told_in_one_sentence(
    tmp_path: Path, bytes_of_file: bytes, words: str
) -> None:
    file = tmp_path / "站点.xlsx"
    file.write_bytes(bytes_of_file)

    with pytest.raises(SiteFileInvalid) as caught:
        read_workbook(file)

    (mistake,) = caught.value.mistakes
    assert mistake.place == "站点.xlsx"
    assert words in mistake.problem
    assert mistake.accepted


@pytest.mark.parametrize(("change", "words"), BROKEN_PARTS)
def test_package_with_a_broken_part_is_told_in_one_sentence(
    tmp_path: Path, content: bytes, change: Change, words: str
) -> None:
    file = tmp_path / "站点.xlsx"
    file.write_bytes(_repacked(content, change))

    with pytest.raises(SiteFileInvalid) as caught:
        read_workbook(file)

    (mistake,) = caught.value.mistakes
    assert words in mistake.problem
    assert mistake.accepted


@pytest.mark.parametrize("length", [10, 1000, 20_000])
def test_package_cut_short_is_told_in_one_sentence(tmp_path: Path, content: bytes, length: int) -> None:
    file = tmp_path / "站点.xlsx"
    file.write_bytes(content[:length])

    with pytest.raises(SiteFileInvalid, match="这不是 .xlsx 工作簿"):
        read_workbook(file)


def test_odd_properties_and_theme_do_not_matter(tmp_path: Path, content: bytes, mill: Site) -> None:
    odd = {"docProps/core.xml": b"<no>", "docProps/app.xml": b"", "xl/theme/theme1.xml": b"?"}
    file = tmp_path / "站点.xlsx"

    file.write_bytes(_repacked(content, lambda name, part: odd.get(name, part)))

    assert read_workbook(file) == mill


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SiteFileInvalid, match="打不开文件"):
        read_site(tmp_path / "没有.xlsx")
