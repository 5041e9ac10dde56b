"""Read packages and attachments from files, no more of them than may be in a package."""

from __future__ import annotations

from pathlib import Path

from xunshui.evidence.archive import LARGEST_MEMBER_BYTES, LARGEST_PACKAGE_BYTES


def read_package(path: str | Path) -> bytes:
    """Return the bytes of a package's file, at most one more than a package may have; raises `OSError`."""
    return _at_most(Path(path), LARGEST_PACKAGE_BYTES + 1)


def read_attachment(path: str | Path) -> bytes:
    """Return the bytes of a file to attach, at most one more than a member may have; raises `OSError`."""
    return _at_most(Path(path), LARGEST_MEMBER_BYTES + 1)


def _at_most(file: Path, limit: int) -> bytes:
    with file.open("rb") as stream:
        return stream.read(limit)
