"""What is slow to make and never changes, made once and kept in the home folder for every process."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings


def kept(name: str, make: Callable[[], bytes]) -> bytes:
    """Return the content kept under `name`, making it the first time; the name must say what it was made from."""
    file: Path = settings.HOME / "cache" / name.replace(":", "-").replace("/", "-")
    try:
        return file.read_bytes()
    except FileNotFoundError:
        content = make()
    file.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and moved into place: another process never reads half a file.
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as stream:
        stream.write(content)
    Path(stream.name).replace(file)
    return content
