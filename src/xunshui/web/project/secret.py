"""The secret key of this installation: made once, readable by its owner only, never in the code."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(file: Path) -> str:
    """Return the key in `file`, making it where there is none; two processes that start together agree on one."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(50))
    return file.read_text(encoding="ascii")
