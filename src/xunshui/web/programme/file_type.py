"""What a file is, by its first bytes; only kinds that officials can open and that run nothing are taken."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from xunshui.evidence import PackageUnreadable
from xunshui.evidence.archive import contents_of
from xunshui.evidence.manifest import MANIFEST, README, SIGNATURE

UNPACKED_MOST = 200 * 1024 * 1024
RATIO_MOST = 200
MEMBERS_MOST = 5000


class FileRefused(ValueError):
    """A file that is not taken, with what would be."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file that is taken."""

    mime: str
    suffix: str


PDF = FileType("application/pdf", ".pdf")
PNG = FileType("image/png", ".png")
JPEG = FileType("image/jpeg", ".jpg")
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")
EVIDENCE = FileType("application/zip", ".zip")
_MAGIC = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_ZIP = b"PK\x03\x04"
_OFFICE = (("xl/workbook.xml", XLSX), ("word/document.xml", DOCX))
ACCEPTED = "PDF、PNG、JPG、XLSX、DOCX、循水证据包（.zip）"
_PLAIN = re.compile(r"(sites|assessments)/[^/]+\.json|meters/[^/]+\.(json|csv)")


def content_type_of(content: bytes, name: str) -> FileType:
    """Return what a file is by its content; raises `FileRefused` where it is none of the kinds taken.

    >>> content_type_of(b"%PDF-1.7 ...", "a.exe").suffix
    '.pdf'
    """
    if content.startswith(_ZIP) and MANIFEST in _names_in(content, name):
        return _evidence(content, name)
    return _document(content, name)


def _document(content: bytes, name: str) -> FileType:
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith(_ZIP):
        return _office(content, name)
    raise FileRefused(f"“{name}”不是可以上传的文件；可用：{ACCEPTED}")


def _evidence(content: bytes, name: str) -> FileType:
    """Return the type of an evidence package; what is attached in it must be of a kind that is taken by itself."""
    try:
        files = contents_of(content).files
    except PackageUnreadable as error:
        raise FileRefused(f"“{name}”：{error}") from None
    for path, data in files.items():
        if path not in (MANIFEST, SIGNATURE, README) and not _PLAIN.fullmatch(path):
            _document(data, path)
    return EVIDENCE


def _office(content: bytes, name: str) -> FileType:
    names = _names_in(content, name)
    for inside, kind in _OFFICE:
        if inside in names:
            return kind
    raise FileRefused(f"“{name}”是压缩包；请直接上传其中的文件（{ACCEPTED}）")


def _names_in(content: bytes, name: str) -> set[str]:
    """Return the names in a zip; raises `FileRefused` where it is broken, has macros or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        raise FileRefused(f"“{name}”已损坏，打不开") from None
    names = {member.filename for member in members}
    if any(member.endswith("vbaProject.bin") for member in names):
        raise FileRefused(f"“{name}”含有宏；请另存为不含宏的文件")
    unpacked = sum(member.file_size for member in members)
    if len(members) > MEMBERS_MOST or unpacked > min(UNPACKED_MOST, RATIO_MOST * len(content)):
        raise FileRefused(f"“{name}”解开后过大，不予接收")
    return names
