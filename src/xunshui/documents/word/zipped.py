"""A Word file whose bytes depend on its content only: python-docx stamps the clock on every part of the archive."""

from __future__ import annotations

import io
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)


def without_clock(content: bytes) -> bytes:
    """Return the archive with the same parts in the same order, dated to the first day an archive can tell."""
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(again, "w") as new:
        for part in old.namelist():
            entry = zipfile.ZipInfo(part, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(part))
    return again.getvalue()
