"""One version of a table as files of its own: linked, so that it takes no time and no room, and nobody can vacuum it."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

from deltalake import DeltaTable

from xunshui.telemetry.lake.tables import check_plain, days_and_files

LOG = "_delta_log"
LAST = "_last_checkpoint"
ENTRY = re.compile(r"(\d{20})\.(json|checkpoint.*\.parquet)")


class VersionGone(OSError):
    """The version was tidied away while it was being linked."""


def link_version(folder: Path, into: Path) -> DeltaTable | None:
    """Link the newest version of the table in `folder` into a new folder; None where there is no table.

    Raises `VersionGone`, other OSErrors and DeltaErrors where it changed meanwhile, and once more is the way;
    `ForeignLake` where its files alone would not tell its rows.
    """
    if not DeltaTable.is_deltatable(str(folder)):
        return None
    version = DeltaTable(str(folder)).version()
    _link_log(folder / LOG, into / LOG, version)
    table = DeltaTable(str(into))
    if table.version() != version:
        raise VersionGone(f"{folder} 的第 {version} 版在备份时被整理掉了")
    check_plain(table)
    for _, file in days_and_files(table):
        path = Path(file.removeprefix("file://")).relative_to(into)
        link(folder / path, into / path)
    return table


def link(source: Path, target: Path) -> None:
    """Give a file, which nobody writes to any more, a second name; copy it where the file system has no such names."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(source, target)


def _link_log(log: Path, into: Path, version: int) -> None:
    """Link what the log says up to a version: entries are written whole under another name, then renamed."""
    for file in log.iterdir():
        found = ENTRY.fullmatch(file.name)
        if found and int(found[1]) <= version:
            link(file, into / file.name)
    if (log / LAST).exists():
        link(log / LAST, into / LAST)
        if json.loads((into / LAST).read_text("utf-8"))["version"] > version:
            (into / LAST).unlink()
