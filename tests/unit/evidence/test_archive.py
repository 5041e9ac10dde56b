"""The zip around a package: the same bytes everywhere, and what would be unsafe to open is not opened."""

from __future__ import annotations

import io
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xunshui.evidence import PackageUnreadable, archive
from xunshui.evidence.archive import archive_bytes, contents_of

CENTRAL_HEADER = b"PK\x01\x02"
LOCAL_SIZE_AT, CENTRAL_SIZE_AT, METHOD_AT, FLAGS_AT, ATTRIBUTES_AT = 22, 24, 10, 8, 38
"""Where the headers keep the unpacked size, the method, the flags and the attributes (APPNOTE 4.3.7, 4.3.12)."""

NAMES = st.text("abc甲 .-_%", min_size=1, max_size=12).filter(archive.is_safe_path)


def zip_of(*members: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return a zip as another program writes it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as book:
        for name, data in members:
            book.writestr(zipfile.ZipInfo(name), data, method)
    return content.getvalue()


def patched(data: bytes, at: int, form: str, value: int) -> bytes:
    """Return a zip whose only central header says something else."""
    changed = bytearray(data)
    struct.pack_into(form, changed, data.index(CENTRAL_HEADER) + at, value)
    return bytes(changed)


@given(st.dictionaries(NAMES, st.binary(max_size=50), max_size=5))
def test_files_come_back_as_they_were(files: dict[str, bytes]) -> None:
    if len({name.casefold() for name in files}) < len(files):
        return
    data = archive_bytes(files)

    assert contents_of(data).files == files
    assert contents_of(data).damaged == {}
    assert archive_bytes(files) == data


def test_archive_holds_no_clock_and_no_owner_and_squeezes_nothing() -> None:
    with zipfile.ZipFile(io.BytesIO(archive_bytes({"甲.txt": b"x" * 1000}))) as book:
        (entry,) = book.infolist()

    assert (entry.date_time, entry.compress_type, entry.compress_size) == ((1980, 1, 1, 0, 0, 0), 0, 1000)
    assert stat.S_IMODE(entry.external_attr >> 16) == 0o644


def test_package_zipped_again_by_another_program_still_opens() -> None:
    data = zip_of(("a", b"x" * 1000), ("b", b""), method=zipfile.ZIP_DEFLATED)

    assert contents_of(data).files == {"a": b"x" * 1000, "b": b""}


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "a/../../x",
        "a/..",
        "/etc/passwd",
        "C:/x",
        "C:x",
        "a\\b",
        "..\\x",
        "a//b",
        "./a",
        "folder/",
        "a\nb",
        "a\u202eb",
        "",
    ],
)
def test_path_that_leaves_the_folder_or_hides_is_refused(name: str) -> None:
    with pytest.raises(PackageUnreadable, match="不是包内的相对路径"):
        contents_of(zip_of((name, b"x")))


def test_name_cut_at_a_zero_byte_is_refused() -> None:
    data = zip_of(("a.txtXexe", b"x")).replace(b"a.txtXexe", b"a.txt\0exe")

    with pytest.raises(PackageUnreadable, match="不是包内的相对路径"):
        contents_of(data)


@pytest.mark.parametrize(("first", "second"), [("a", "a"), ("a", "A"), ("straße", "STRASSE")])
def test_name_that_two_files_share_is_refused(first: str, second: str) -> None:
    data = zip_of((first, b"1"), (second * 1, b"2")) if first != second else _twice(first)

    with pytest.raises(PackageUnreadable, match="出现不止一次"):
        contents_of(data)


def _twice(name: str) -> bytes:
    return zip_of((name, b"1"), ("Z" * len(name), b"2")).replace(b"Z" * len(name), name.encode())


def as_link(data: bytes) -> bytes:
    return patched(data, ATTRIBUTES_AT, "<I", (stat.S_IFLNK | 0o777) << 16)


def encrypted(data: bytes) -> bytes:
    return patched(data, FLAGS_AT, "<H", 1)


def by_lzma(data: bytes) -> bytes:
    return patched(data, METHOD_AT, "<H", zipfile.ZIP_LZMA)


def said_to_be_huge(data: bytes) -> bytes:
    return patched(data, CENTRAL_SIZE_AT, "<I", 65 << 20)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(as_link, "符号链接", id="symbolic_link"),
        pytest.param(encrypted, "加了密", id="encrypted"),
        pytest.param(by_lzma, "少见的压缩方法", id="rare_method"),
        pytest.param(said_to_be_huge, "最多 64 MB；可能是压缩炸弹", id="member_over_64_MB"),
    ],
)
def test_member_that_is_not_plain_is_refused(change: Callable[[bytes], bytes], told: str) -> None:
    with pytest.raises(PackageUnreadable, match=told):
        contents_of(change(zip_of(("a", b"x"))))


def test_more_content_than_a_package_may_have_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_CONTENT_BYTES", 1 << 20)
    data = zip_of(("a", bytes(1 << 20)), ("b", b"x"), method=zipfile.ZIP_DEFLATED)

    with pytest.raises(PackageUnreadable, match="可能是压缩炸弹，未打开"):
        contents_of(data)


def test_more_files_than_a_package_may_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 2)

    assert len(contents_of(zip_of(("a", b""), ("b", b""))).files) == 2
    with pytest.raises(PackageUnreadable, match="有 3 个文件，最多 2 个"):
        contents_of(zip_of(("a", b""), ("b", b""), ("c", b"")))


def test_file_larger_than_a_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_PACKAGE_BYTES", 1000)

    with pytest.raises(PackageUnreadable, match="不是证据包的大小"):
        contents_of(bytes(1001))


def test_bomb_that_lies_about_its_size_is_not_unpacked() -> None:
    data = bytearray(zip_of(("a", bytes(64 << 20)), method=zipfile.ZIP_DEFLATED))
    struct.pack_into("<I", data, LOCAL_SIZE_AT, 10)
    bomb = patched(bytes(data), CENTRAL_SIZE_AT, "<I", 10)

    tracemalloc.start()
    try:
        found = contents_of(bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert found.damaged == {"a": "内容与压缩包自己的校验码不符"}
    assert peak < 4 << 20


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
@pytest.mark.parametrize("size", [9, 11])
def test_member_of_another_size_than_declared_is_damaged(method: int, size: int) -> None:
    data = patched(zip_of(("a", b"0123456789"), method=method), CENTRAL_SIZE_AT, "<I", size)

    found = contents_of(data)

    assert (dict(found.files), list(found.damaged)) == ({}, ["a"])


def test_empty_member_with_a_wrong_checksum_is_damaged() -> None:
    assert list(contents_of(patched(zip_of(("a", b"")), 16, "<I", 1)).damaged) == ["a"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(b"", "开头不是 zip 的标志", id="empty"),
        pytest.param(b"%PDF-1.7", "开头不是 zip 的标志", id="pdf"),
        pytest.param(zip_of(("a", b"x"))[:-1], "被截断", id="without_its_last_byte"),
        pytest.param(zip_of(("a", b"x"))[:40], "被截断", id="cut_in_the_middle"),
    ],
)
def test_what_is_no_whole_zip_is_told(data: bytes, told: str) -> None:
    with pytest.raises(PackageUnreadable, match=told):
        contents_of(data)


@given(st.data())
def test_no_change_of_bytes_ends_otherwise_than_told(draw: st.DataObject) -> None:
    data = bytearray(zip_of(("a", b"x" * 40), ("b/c", b"y"), method=draw.draw(st.sampled_from([0, 8]))))
    for _ in range(draw.draw(st.integers(1, 4))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))

    try:
        found = contents_of(bytes(data))
    except PackageUnreadable:
        return
    assert set(found.files).isdisjoint(found.damaged)
