"""Write a package to a file that is not there yet."""

from __future__ import annotations

from pathlib import Path

from xunshui.evidence.pack import Package


def write_package(package: Package, path: str | Path) -> None:
    """Write a package to `path`; raises `FileExistsError` where something is there: evidence is not overwritten."""
    file = Path(path)
    with file.open("xb") as stream:
        try:
            stream.write(package.data)
            stream.flush()
        except OSError:
            file.unlink()
            raise
