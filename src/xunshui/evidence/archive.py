"""The zip around a package: written the same byte for byte everywhere, opened with distrust."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from xunshui.site.mistakes import shown

MOST_MEMBERS = 10_000
LARGEST_MEMBER_BYTES = 64 * 1024 * 1024
LARGEST_CONTENT_BYTES = 256 * 1024 * 1024
LARGEST_PACKAGE_BYTES = LARGEST_CONTENT_BYTES + 16 * 1024 * 1024
"""Nothing is compressed when we write, so the package is its content and a little more."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX, _ENCRYPTED = 3, 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class PackageUnreadable(ValueError):
    """A file that is no evidence package, or not one this program can or will open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The files in an archive by path, and the paths whose bytes cannot be had, with the reason."""

    files: Mapping[str, bytes]
    damaged: Mapping[str, str]


def archive_bytes(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of `files` in their order.

    Stored, not compressed: two builds of zlib squeeze the same text into different bytes.
    """
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, date_time=_EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def contents_of(data: bytes) -> Contents:
    """Return what is in a zip, nothing of it written to disk; raises `PackageUnreadable`."""
    if len(data) > LARGEST_PACKAGE_BYTES:
        raise PackageUnreadable(f"文件超过 {LARGEST_PACKAGE_BYTES >> 20} MB，不是证据包的大小")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_entries(archive.infolist())
            return _read_all(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, OSError) as error:
        if isinstance(error, PackageUnreadable):
            raise
        cut = "文件被截断或已损坏" if data.startswith(b"PK") else "开头不是 zip 的标志"
        raise PackageUnreadable(f"不是完整的 zip 文件（{cut}）；请重新取得证据包") from None


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_MEMBERS:
        raise PackageUnreadable(f"有 {len(entries)} 个文件，最多 {MOST_MEMBERS} 个")
    for entry in entries:
        _check_entry(entry)
    total = sum(entry.file_size for entry in entries)
    if total > LARGEST_CONTENT_BYTES:
        raise PackageUnreadable(
            f"解开后有 {total >> 20} MB，最多 {LARGEST_CONTENT_BYTES >> 20} MB；可能是压缩炸弹，未打开"
        )
    twice = [
        path for path, times in Counter(_folded(entry.filename) for entry in entries).items() if times > 1
    ]
    if twice:
        raise PackageUnreadable(f"“{shown(twice[0])}”出现不止一次，哪一份为准说不清")


def _folded(path: str) -> str:
    # Two names that differ by case alone are one file on many systems.
    return path.casefold()


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = shown(entry.filename)
    if not is_safe_path(entry.filename) or entry.orig_filename != entry.filename:
        raise PackageUnreadable(f"“{name}”不是包内的相对路径，未打开")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise PackageUnreadable(f"“{name}”是符号链接，未打开")
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
        raise PackageUnreadable(f"“{name}”加了密或用了少见的压缩方法，证据包只用存储或 deflate")
    if entry.file_size > LARGEST_MEMBER_BYTES:
        raise PackageUnreadable(
            f"“{name}”解开后有 {entry.file_size >> 20} MB，最多 {LARGEST_MEMBER_BYTES >> 20} MB；可能是压缩炸弹，未打开"
        )


def is_safe_path(path: str) -> bool:
    """Return whether a path stays inside the folder that a package is unpacked in, on any system.

    >>> [is_safe_path(path) for path in ("sites/甲.json", "../x", "/etc/x", "C:x", "a\\\\b", "a//b")]
    [True, False, False, False, False, False]
    """
    steps = path.split("/")
    return path.isprintable() and not set(path) & set("\\:") and not {"", ".", ".."} & set(steps)


def _read_all(archive: zipfile.ZipFile) -> Contents:
    files: dict[str, bytes] = {}
    damaged: dict[str, str] = {}
    for entry in archive.infolist():
        try:
            files[entry.filename] = _read(archive, entry)
        except (zipfile.BadZipFile, zlib.error, EOFError):
            damaged[entry.filename] = "内容与压缩包自己的校验码不符"
    return Contents(files=files, damaged=damaged)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    # Asked for a size, zipfile unpacks no more than that; asked for all, it unpacks whatever the bytes give before it
    # cuts them to the declared size. One byte more than none, so that the checksum of an empty file is looked at too.
    with archive.open(entry) as stream:
        data = stream.read(max(entry.file_size, 1))
    if len(data) != entry.file_size:
        raise zipfile.BadZipFile
    return data
