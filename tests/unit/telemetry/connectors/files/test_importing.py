"""Files into the spool: what each row says, what cannot be read, and that no chunk is kept twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import Workbook

from xunshui.telemetry.connectors.files import FileUnreadable, Imported, import_file
from xunshui.telemetry.localtime import instant_of_text
from xunshui.telemetry.sample import Arrival, Sample
from xunshui.telemetry.spool import SpoolWriter, batches_after, channels_of, open_to_read

NOW_US = instant_of_text("2025-01-01")
LONG = "point,time,value,quality\n"


def kept(spool: Path) -> list[tuple[str, int, float, int]]:
    """Return every reading on disk, in the order it was kept."""
    database = open_to_read(spool)
    names = {channel.id: channel.name for channel in channels_of(database)}
    found = [
        (names[row["channel"]], row["at_us"], row["value"], row["quality"])
        for batch in batches_after(database, 0)
        for row in batch.samples.to_pylist()
    ]
    database.close()
    return found


def raws(spool: Path) -> list[bytes]:
    database = open_to_read(spool)
    found = [raw for batch in batches_after(database, 0) for raw in batch.frames.column("raw").to_pylist()]
    database.close()
    return found


def imported(folder: Path, content: bytes, name: str = "history.csv", **names: str) -> Imported:
    file = folder / name
    file.write_bytes(content)
    return import_file(file, folder / "spool", NOW_US, renamed=names)


def test_long_form_fills_named_channels_and_those_of_the_file(tmp_path: Path) -> None:
    text = (
        LONG
        + "hj212:B/2031/w00000-Cou,2024-01-01T00:00:00+08:00,70.25,fault\n"
        + 'FT-101,2024/1/1 8:00,"3",\n'
        + "hj212:B/2031/w00000-Cou,20240102000000,71,有效\n"
    )
    found = imported(tmp_path, text.encode())

    day = instant_of_text("2024-01-01")
    assert (found.rows, found.readings, found.bad) == (3, 3, [])
    assert sorted(kept(tmp_path / "spool")) == [
        ("file:history/FT-101", instant_of_text("2024-01-01T08:00"), 3.0, 0),
        ("hj212:B/2031/w00000-Cou", day, 70.25, 4),
        ("hj212:B/2031/w00000-Cou", instant_of_text("2024-01-02"), 71.0, 0),
    ]
    assert raws(tmp_path / "spool")[1] == (LONG + 'FT-101,2024/1/1 8:00,"3",\n').encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_headers_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    imported(tmp_path, "点位\t时间\t数值\t质量\r\n进水流量\t2024年1月1日 8时\t5\t维护\r\n".encode(encoding))

    assert kept(tmp_path / "spool") == [
        ("file:history/进水流量", instant_of_text("2024-01-01T08:00"), 5.0, 2)
    ]


def test_wide_form_with_names_given(tmp_path: Path) -> None:
    text = "采样时间,FT-101,COD\n2024-01-01 00:00,1,2\n2024-01-01 01:00,,3\n"
    found = imported(tmp_path, text.encode(), COD="hj212:B/2061/w01018-Avg")

    one = instant_of_text("2024-01-01T01:00")
    assert found.readings == 3
    assert ("hj212:B/2061/w01018-Avg", one, 3.0, 0) in kept(tmp_path / "spool")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A,2024-13-01,1,", "时间“2024-13-01”不能读；可写 2024-01-01 08:00"),
        ("A,45292.5,1,", "时间“45292.5”不能读"),
        ("A,2204-01-01,1,", "在将来"),
        ("A,1969-01-01,1,", "1970 年以前"),
        ("A,2024-01-01,12 m3,", "数值“12 m3”不是数"),
        ("A,2024-01-01,,", "没有数值"),
        ("A,2024-01-01,nan,", "不是数"),
        ("A,2024-01-01,1_0,", "不是数"),
        ("A,2024-01-01,1,好", "质量“好”不认识；可写 有效、停运"),
        (",2024-01-01,1,", "没有点位名"),
        ("A,2024-01-01,1,,7", "有 5 列，表头只有 4 列"),
    ],
)
def test_bad_row_is_told_and_stops_no_good_one(tmp_path: Path, row: str, reason: str) -> None:
    found = imported(tmp_path, f"{LONG}{row}\nA,2024-01-01,1,\n".encode())

    [bad] = found.bad
    assert (bad.number, found.readings) == (2, 1)
    assert reason in bad.reason


def test_bad_cell_of_wide_form_spoils_only_itself(tmp_path: Path) -> None:
    found = imported(tmp_path, b"time,A,B\n2024-01-01,x,2\n")

    assert [str(bad) for bad in found.bad] == [
        "第 2 行：“A”列，数值“x”不是数；只写数，如 12.5，不带单位和千位分隔"
    ]
    assert found.readings == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "是空的"),
        (b"a,b\n1,2\n", "应为 长表：point,time,value"),
        (b"2024-01-01,1\n", "表头“2024-01-01,1”不能用"),
        (b"time,A,A\n", "出现了不止一次"),
        (b"time,,A\n", "表头第 2 列是空的"),
        (b"time,\xff\xff\n", "既不是 UTF-8 也不是 GBK"),
        (b"\xd0\xcf\x11\xe0\0\0", "不是文本"),
        (b"point,time,value,time\n", "重复"),
    ],
)
def test_file_that_cannot_be_used_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(FileUnreadable, match=told):
        imported(tmp_path, content)


def test_broken_workbook_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="不是能读的 XLSX"):
        imported(tmp_path, b"PK\3\4nothing", "history.xlsx")


def test_workbook(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in (["时间", "FT-101"], [dt.datetime(2024, 1, 1, 8), 5], ["2024-01-01 09:00", 2.5], [None, None]):
        sheet.append(row)
    workbook.save(tmp_path / "水量.xlsx")
    found = import_file(tmp_path / "水量.xlsx", tmp_path / "spool", NOW_US)

    at = instant_of_text("2024-01-01T08:00")
    assert (found.rows, found.bad) == (2, [])
    assert kept(tmp_path / "spool") == [
        ("file:水量/FT-101", at, 5.0, 0),
        ("file:水量/FT-101", at + 3_600_000_000, 2.5, 0),
    ]


def rows(count: int) -> bytes:
    start = dt.datetime(2024, 1, 1)
    lines = [f"A,{start + dt.timedelta(minutes=number)},{number},\n" for number in range(count)]
    return (LONG + "".join(lines)).encode()


def test_same_file_again_adds_nothing_and_another_does(tmp_path: Path) -> None:
    first = imported(tmp_path, rows(2_500))
    again = imported(tmp_path, rows(2_500))
    longer = imported(tmp_path, rows(2_501))

    assert (first.chunks, first.readings) == (3, 2_500)
    assert (again.chunks, again.known_chunks, again.readings) == (0, 3, 0)
    assert longer.chunks == 3
    assert len(kept(tmp_path / "spool")) == 2_500 + 2_501


def test_import_beside_a_writing_gateway(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path / "spool")
    imported(tmp_path, rows(10))
    sample = Sample("2011/w00000-Rtd", NOW_US, 7.0)
    writer.commit([Arrival("hj212", "B", NOW_US, b"frame", [sample])], NOW_US)
    writer.close()

    assert len(kept(tmp_path / "spool")) == 11
    assert kept(tmp_path / "spool")[-1] == ("hj212:B/2011/w00000-Rtd", NOW_US, 7.0, 0)


def test_rejected_rows_are_written_with_reason_and_header(tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    file.write_text(LONG + "A,x,1,\nA,2024-01-01,1,\nA,y,2,\n", encoding="utf-8")
    found = import_file(file, tmp_path / "spool", NOW_US, rejects=tmp_path / "bad.csv")

    lines = (tmp_path / "bad.csv").read_text("utf-8-sig").splitlines()
    assert found.bad_count == 2
    assert lines[0] == "行号,原因,point,time,value,quality"
    assert [line.partition(",")[0] for line in lines[1:]] == ["2", "4"]
    assert lines[1].endswith("A,x,1,")
